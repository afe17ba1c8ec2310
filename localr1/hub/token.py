"""The token that opens gated repositories; nothing looks for one unless the user says so."""

from __future__ import annotations

import re
from pathlib import Path

from localr1.errors import UsageError
from localr1.regular_file import open_regular

_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]{8,512}")
_SIZE_LIMIT = 4096
_HINT = "A token begins with hf_ and is made at https://huggingface.co/settings/tokens."


def read_token(path: Path) -> str:
    """The token in a file; raises UsageError for what can't be read or is none, without showing it."""
    with open_regular(path, UsageError) as file:
        text = file.read(_SIZE_LIMIT).decode("utf-8", "replace")
    return checked_token(text, str(path))


def checked_token(text: str, place: str) -> str:
    """A token without white space around it; `place` is where it comes from, such as HF_TOKEN."""
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise UsageError(f"There is no token in {place}.", hint=_HINT)
    return token
