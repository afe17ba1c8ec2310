"""Numbers as models write them, in plain text and in LaTeX (pure)."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

LENGTH_LIMIT = 80
"""Characters of the longest number that is read."""
_SEPARATOR = r"(?:,|\{,\}|\\,|[ \u00a0\u2009\u202f])"
_DECIMAL = re.compile(
    rf"(?P<whole>[0-9]{{1,3}}(?:{_SEPARATOR}[0-9]{{3}})+|[0-9]*)(?:\.(?P<part>[0-9]+))?"
    r"(?:[eE](?P<e>[+-]?[0-9]{1,2})|\s*(?:×|\\times|\\cdot)\s*10\^\{?(?P<power>-?[0-9]{1,2})\}?)?"
)
_WITH_COMMA = re.compile(r"[0-9]+,[0-9]+")
_QUOTIENT = re.compile(r"(?P<above>[0-9]+)\s*/\s*(?P<below>[0-9]+)")
_FRACTION = re.compile(
    r"(?P<whole>[0-9]*)\s*\\[cdt]?frac\s*"
    r"(?:\{\s*(?P<above>-?[0-9]+)\s*\}|(?P<digit>[0-9]))"
    r"\s*(?:\{\s*(?P<below>[0-9]+)\s*\}|(?P<other>[0-9]))"
)
_VULGAR = re.compile(r"(?P<whole>[0-9]*)\s*(?P<sign>[¼-¾⅐-⅞])")


def number(text: str) -> Fraction | None:
    """The number that a text consists of; None where it is none."""
    text = text.strip()
    if len(text) > LENGTH_LIMIT:
        return None
    size = _size(text[1:].lstrip() if text[:1] in ("+", "-", "−") else text)
    return -size if size is not None and text[0] in "-−" else size


def _size(text: str) -> Fraction | None:
    """The number behind its sign."""
    if found := _QUOTIENT.fullmatch(text):
        return _quotient("", found["above"], found["below"])
    if found := _FRACTION.fullmatch(text):
        return _quotient(found["whole"], found["above"] or found["digit"], found["below"] or found["other"])
    if found := _VULGAR.fullmatch(text):
        return int(found["whole"] or 0) + Fraction(unicodedata.numeric(found["sign"])).limit_denominator(10)
    if found := _DECIMAL.fullmatch(text):
        return _decimal(found)
    return Fraction(text.replace(",", ".")) if _WITH_COMMA.fullmatch(text) else None


def _quotient(whole: str, above: str, below: str) -> Fraction | None:
    return int(whole or 0) + Fraction(int(above), int(below)) if int(below) else None


def _decimal(found: re.Match[str]) -> Fraction | None:
    whole, part = re.sub("[^0-9]", "", found["whole"]), found["part"] or ""
    if not whole and not part:
        return None
    return Fraction(f"{whole or 0}.{part or 0}") * Fraction(10) ** int(found["e"] or found["power"] or 0)
