"""When something was said, however a program writes it (pure)."""

from __future__ import annotations

from datetime import datetime, timezone

NEWEST = 32_503_680_000.0
"""The year 3000, in seconds since the epoch; what lies behind is no time."""


def moment(value: str | float | None, a_second: float = 1.0) -> float | None:
    """Seconds since the epoch, of a number or a date as in ISO 8601; None for what is no time."""
    match value:
        case str():
            return _between(_of_text(value))
        case None:
            return None
        case number:
            return _between(number / a_second)


def _of_text(text: str) -> float | None:
    try:
        read = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def _between(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0 < seconds < NEWEST else None
