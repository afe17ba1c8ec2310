"""What an answer comes to, so that answers in other words can be compared (pure)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from localr1.chat.numbers import number
from localr1.latex.boxed import last_boxed

Key: TypeAlias = tuple[str, str]
"""A kind of result, and what is the same in all that say the same."""

_MARKS = re.compile(r"\*\*|__|`|^#+ |\\[()\[\]]|(?<!\\)\$", re.MULTILINE)
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_TEXT = re.compile(r"\\(?:text|mathrm|textbf|mathbf)\s*\{([^{}]*)\}")
_NUMBER = (
    r"[-−+]?(?:\d*\\[cdt]?frac\s*(?:\{[^{}]*\}|\d)\s*(?:\{[^{}]*\}|\d)"
    r"|[\d¼-¾⅐-⅞](?:[\d.,/¼-¾⅐-⅞]*[\d¼-¾⅐-⅞])?)"
)
_NUMBERS = re.compile(rf"(?<![\w.]){_NUMBER}(?!\w)")
_ENDING = re.compile(rf"(?:=|≈|:|\b(?:is|are|equals|gives|makes))\s*({_NUMBER})$", re.IGNORECASE)
_UNIT = re.compile(r"(?:\\?%|\^\{?\\circ\}?|°)$|\\(?:text|mathrm)\s*\{[^{}]*\}$")
_SAID = re.compile(r"(yes|no|true|false)\s*(?:[,.!:;–—-]|$)", re.IGNORECASE | re.MULTILINE)
_LETTER = re.compile(r"\(?([A-H])(?:\)?[.:]?$|[.:)]\s)")
_CHOSEN = re.compile(
    r"\b(?i:answer|choice|option)(?: is)?:?\s*\(?([A-H])(?:\)|\s*(?:[.,:;!]|$))", re.MULTILINE
)
_SPACING = re.compile(r"\\[,;:! ]|\\left|\\right|\s+")


@dataclass(frozen=True, slots=True)
class Result:
    """What one answer says."""

    key: Key
    text: str
    """In the words of the answer."""


def result_of(answer: str) -> Result | None:
    """The last boxed value, else an object of JSON, a choice, a number, the last block of code, or the text.

    None for nothing. A choice goes before a number, as "Yes, 12 is even." says yes.
    """
    boxed = last_boxed(answer)
    if boxed:
        return _boxed(boxed)
    prose = _MARKS.sub("", _FENCED.sub("", answer)).strip()
    code = _code(answer) if "```" in answer else None
    if not prose:
        return code
    return (
        _json(answer)
        or _choice(prose)
        or _number(prose, beside_code=code is not None)
        or code
        or _words(prose)
    )


def _boxed(boxed: str) -> Result:
    plain = _TEXT.sub(r"\1", boxed).strip()
    bare = _UNIT.sub("", boxed.strip().removeprefix("\\$").removeprefix("$").rstrip()).rstrip()
    if (choice := _choice(plain)) and len(plain) <= len("(false)"):
        return choice
    for candidate in (bare, plain):
        if (value := number(candidate)) is not None:
            return Result(("number", str(value)), boxed)
    formula = _SPACING.sub("", plain).replace("dfrac", "frac").replace("tfrac", "frac")
    return Result(("formula", formula.casefold() if _TEXT.fullmatch(boxed) else formula), boxed)


def _json(answer: str) -> Result | None:
    """An object or a list, whatever the order of its fields and the space in it."""
    if not answer.lstrip().startswith(("{", "[")):
        return None
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return Result(("json", json.dumps(value, sort_keys=True)), answer.strip())


def _choice(text: str) -> Result | None:
    """Yes or no at the beginning, the letter of a choice alone or before its text, or one that is named."""
    if said := _SAID.match(text):
        return Result(("choice", said[1].casefold()), said[1])
    letter = _LETTER.match(text) or _CHOSEN.search(text)
    return Result(("choice", letter[1]), letter[1]) if letter else None


def _number(text: str, *, beside_code: bool) -> Result | None:
    """The number that the last line ends in as a result, or the only one of a single line."""
    *before, last = text.splitlines()
    last = last.strip().rstrip(".! ")
    found = _NUMBERS.findall(last)
    result = _ENDING.search(last) if last.count("=") <= 1 else None
    written = result[1] if result else ""
    if len(found) == 1 and (last == found[0] or not (before or beside_code)):
        written = found[0]
    value = number(written)
    return None if value is None else Result(("number", str(value)), written)


def _code(answer: str) -> Result | None:
    from localr1.markdown.code_blocks import code_blocks  # a parser that nothing else here needs

    blocks = code_blocks(answer)
    if not blocks:
        return None
    lines = (line.rstrip() for line in blocks[-1].source.splitlines())
    return Result(("code", "\n".join(filter(None, lines))), blocks[-1].source)


def _words(text: str) -> Result:
    words = " ".join(text.split())
    return Result(("text", words.casefold().strip(" .!")), words)
