"""A chat's first title, taken from its first question."""

from __future__ import annotations

import re

LENGTH = 60
"""Characters of the longest title that is made up."""

_GREETING = re.compile(
    r"(hi|hello|hey|hallo|moin|servus|bonjour|salut|hola|ciao|good (morning|afternoon|evening)"
    r"|guten (morgen|tag|abend)|你好|您好|こんにちは)( there| all| zusammen)?[\s,.!?:;。！]*",
    re.IGNORECASE,
)
_FILE = re.compile(r"\[file name\]:(?P<name>[^\n]*).*?(\[file content end\]|\Z)", re.DOTALL)
"""A file in the form that R1 knows."""
_CODE = re.compile(r"^\s*(`{3,}|~{3,}).*?(^\s*\1|\Z)", re.DOTALL | re.MULTILINE)
_FRAME = re.compile(r"[`~]{3,}\s*[\w+#.-]*|[-=*_#>|\s]+|\[file content (begin|end)\]")
"""Lines that hold what is between them, and say nothing themselves."""
_MARK = re.compile(r"^(#{1,6}|>|[-*+]|\d+[.)])\s+")
"""What makes a line a heading, a quotation or an item of a list."""
_ADDRESS = re.compile(r"https?://(?:www\.)?(\S+?)/?(?=\s|$)")


def title_of(question: str) -> str:
    """The first line that says something, without greeting and marks, cut at a word.

    Words come before code, and both before the name of a file.
    """
    asked = _FILE.sub("\n", question)
    lines = [*_lines(_CODE.sub("\n", asked)), *_lines(asked)]
    saying = (line for line in lines if not _GREETING.fullmatch(line))
    return _cut(_bare(next(saying, "") or next(iter(lines), "") or _file_name(question)))


def is_provisional(title: str, question: str) -> bool:
    """The title was made of this first question, a mere greeting: the next one makes a better title."""
    return title == title_of(question) and (not title or _GREETING.fullmatch(title) is not None)


def _lines(text: str) -> list[str]:
    stripped = map(str.strip, text.splitlines())
    return [line for line in stripped if line and not _FRAME.fullmatch(line)]


def _file_name(question: str) -> str:
    named = _FILE.search(question)
    return named["name"].strip() if named else ""


def _bare(line: str) -> str:
    """Without a mark before it, a greeting before its words, and what an address has before its host."""
    words = _MARK.sub("", line)
    greeting = re.match(_GREETING.pattern + r"(?<=[\s,.!?:;。！])", words, re.IGNORECASE)
    words = words[greeting.end() :] if greeting and greeting.end() < len(words) else words
    return " ".join(_ADDRESS.sub(r"\1", words).split())


def _cut(words: str) -> str:
    if len(words) <= LENGTH:
        return words
    cut = words[: LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[LENGTH // 2 :] else cut).rstrip() + "…"
