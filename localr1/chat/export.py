"""A chat as Markdown, to be read by people and programs elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from localr1.chat.tally import voted_text
from localr1.message import Message, Role

SPEAKERS = {Role.USER: "You", Role.SYSTEM: "Instructions"}
_MARKS = re.compile(r"[\\`*_\[\]<>&$~|#]")
"""What means something in Markdown."""


def to_markdown(title: str, messages: Sequence[Message], *, thinking: bool = False) -> str:
    """Title, then every message under the name of its speaker, as it was written.

    Thinking is a quotation before it, and how replies voted on it an emphasised line behind.
    """
    parts = [f"# {_line(title)}"] if title.strip() else []
    for message in messages:
        parts.append(f"## {_line(speaker(message))}")
        if thinking and message.thinking.strip():
            parts.append("\n".join(_quoted(message.thinking.strip("\n"))))
        if message.text:
            parts.append(message.text)
        if voted := voted_text(message):
            parts.append("*" + _MARKS.sub(r"\\\g<0>", voted) + "*")
    return "\n\n".join(part.removesuffix("\n") for part in parts) + "\n"


def speaker(message: Message) -> str:
    """Whose message it is: yours, or that of the model by its name."""
    return SPEAKERS.get(message.role) or message.model or "Model"


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> Iterator[str]:
    return (f"> {line}".rstrip(" ") for line in text.split("\n"))
