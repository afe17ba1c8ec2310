"""Files in a question, in the template that R1 was trained with: text → files and question, and back (pure).

The template is the one of DeepSeek's README. A message holds the whole text of its files, so that it can be
asked again, edited and exported when they are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = re.compile(r"\[file name\]: ([^\n]+)\n\[file content begin\]\n")
_END = "\n[file content end]\n"
_END_LINE = re.compile(r"^ *\[file content end\]$", re.MULTILINE)
_INDENTED_END_LINE = re.compile(r"^ ( *\[file content end\])$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it goes with a question."""

    name: str
    """One line."""
    text: str

    @property
    def lines(self) -> int:
        return self.text.count("\n") + (not self.text.endswith("\n"))


def pack(files: Sequence[Attachment], question: str) -> str:
    """The message that asks a question about files.

    A line in a file that would end it is indented by a space; `unpack` takes it away again.
    """
    return "".join(_block(file) for file in files) + question


def unpack(text: str) -> tuple[list[Attachment], str]:
    """The files of a message, and what is asked about them.

    A frame that ends where it begins is none that `pack` made, and a part of the question.
    """
    files: list[Attachment] = []
    at = 0
    while (head := _HEAD.match(text, at)) and (end := text.find(_END, head.end() - 1)) >= head.end():
        files.append(Attachment(head[1], _outdented(text[head.end() : end])))
        at = end + len(_END)
    return files, text[at:]


def _block(file: Attachment) -> str:
    return f"[file name]: {file.name}\n[file content begin]\n{_indented(file.text)}{_END}"


def _indented(text: str) -> str:
    return _END_LINE.sub(r" \g<0>", text) if _END.strip() in text else text


def _outdented(text: str) -> str:
    return _INDENTED_END_LINE.sub(r"\1", text) if _END.strip() in text else text
