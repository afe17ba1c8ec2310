"""How long a server asks to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")
_RESET = re.compile(r";\s*t=([0-9]{1,9})")


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds; None where the server does not say, or nothing that can be understood.

    Retry-After holds seconds or a date; RateLimit, which huggingface.co sends, the seconds until it resets.
    """
    text = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    if text:
        return _until(text, now)
    if reset := _RESET.search(headers.get("RateLimit", "")):
        return float(reset[1])
    return None


def _until(text: str, now: datetime) -> float | None:
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=timezone.utc)
    return max(0.0, (aware - now).total_seconds())
