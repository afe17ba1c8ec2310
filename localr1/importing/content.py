"""What a message of another program is made of: text, thinking, and what localr1 can't hold (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from localr1.chat.families import ThinkingTags
from localr1.chat.thinking import ThinkingSplitter

LONGEST_NAME = 120
"""Characters of a name that stands for something."""

_TAGS = (
    ThinkingTags("<think>", "</think>"),
    ThinkingTags("<thinking>", "</thinking>"),
    ThinkingTags("<thought>", "</thought>"),
    ThinkingTags("<reasoning>", "</reasoning>"),
    ThinkingTags("[THINK]", "[/THINK]"),
    ThinkingTags("◁think▷", "◁/think▷"),
    ThinkingTags(
        "<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>"
    ),
    ThinkingTags("<|channel|>analysis<|message|>", "<|end|>", "<|channel|>final<|message|>"),
)
"""Those that a reply begins with where a program has kept it as the model wrote it."""


@dataclass(frozen=True, slots=True)
class Text:
    """What was said."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """What was thought before it was said."""

    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something else; it is named in the text."""

    kind: str
    """Such as image, file, tool."""
    name: str = ""

    def __str__(self) -> str:
        name = " ".join(self.name.split())[:LONGEST_NAME]
        return f"[{self.kind}: {name}]" if name else f"[{self.kind}]"


Part: TypeAlias = Text | Thought | LeftOut


@dataclass(frozen=True, slots=True)
class Content:
    """All of a message."""

    text: str = ""
    thinking: str = ""
    left_out: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.thinking.strip())


def joined(contents: Sequence[Content]) -> Content:
    """Several of them as one message."""
    return Content(
        _paragraphs(each.text for each in contents),
        _paragraphs(each.thinking for each in contents),
        sum(each.left_out for each in contents),
    )


def content(parts: Iterable[Part]) -> Content:
    """The message that these parts make, paragraph by paragraph."""
    parts = tuple(parts)
    return Content(
        _paragraphs(part.text if isinstance(part, Text) else str(part) for part in parts if _is_said(part)),
        _paragraphs(part.text for part in parts if isinstance(part, Thought)),
        sum(isinstance(part, LeftOut) for part in parts),
    )


def reply(text: str) -> list[Part]:
    """What a model wrote, its thinking told apart where there is some between tags."""
    begun = text.lstrip()
    tags = next((tags for tags in _TAGS if begun.startswith(tags.open)), None)
    if tags is None and "</think>" in text and "<think>" not in text:
        tags = _TAGS[0]
    if tags is None:
        return [Text(text)]
    splitter = ThinkingSplitter(tags)
    splitter.feed(text)
    splitter.finish()
    return [Thought(splitter.thinking), Text(splitter.answer)]


def _is_said(part: Part) -> bool:
    return not isinstance(part, Thought)


def _paragraphs(texts: Iterable[str]) -> str:
    """What holds nothing is none."""
    return "\n\n".join(text for text in texts if text.strip())
