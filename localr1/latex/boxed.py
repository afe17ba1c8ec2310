"""The result of a calculation, which models put into \\boxed{…}."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"(?P<box>\\f?boxed\s*\{)|(?P<open>\{)|(?P<close>\})|\\.", re.DOTALL)


def last_boxed(text: str) -> str | None:
    """What stands in the last box whose braces balance, as it was written; None where there is none."""
    found: str | None = None
    starts: list[int | None] = []
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "box":
                starts.append(token.end())
            case "open":
                starts.append(None)
            case "close" if starts and (start := starts.pop()) is not None:
                found = text[start : token.start()].strip()
    return found
