"""What renders a reply in each format: events of a turn → text for standard output."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Protocol

import msgspec

from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, Event, OfSample, ThinkingDelta, TurnDone
from localr1.errors import NoPartError
from localr1.latex.boxed import last_boxed

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Renderer(Protocol):
    """Says what to print at each settled event, and at the end of a turn."""

    def show(self, event: Event) -> str: ...

    def end(self) -> str:
        """What is left to print of a reply that has ended, or was broken off."""

    def finish(self, answer: Answer) -> str:
        """What a whole reply adds; raises NoPartError where its answer has no such part as was asked for."""


class AsWritten:
    """The text as the model wrote it, its last line ended; an empty line sets the answer apart."""

    def __init__(
        self,
        write: Callable[[str], str],
        write_thinking: Callable[[str], str],
        *,
        thinking: bool,
        answer: bool = True,
    ) -> None:
        self._write = write
        self._write_thinking = write_thinking
        self._thinking = thinking
        self._answer = answer
        self._last = ""
        self._thought = False

    def show(self, event: Event) -> str:
        match event:
            case ThinkingDelta(text) if self._thinking and text:
                self._last, self._thought = text, True
                return self._write_thinking(text)
            case AnswerDelta(text) if self._answer and text:
                return self.gap() + self._add(text)
            case _:
                return ""

    def gap(self) -> str:
        """What sets the answer apart from the thinking, once."""
        gap = f"{self.end()}\n" if self._thought else ""
        self._thought = False
        return gap

    def end(self) -> str:
        last, self._last = self._last, ""
        return "\n" if last and not last.endswith("\n") else ""

    def finish(self, answer: Answer) -> str:
        if not self._answer and not answer.thinking:
            raise NoPartError(f"{answer.model} gave no thinking.")
        return ""

    def _add(self, text: str) -> str:
        self._last = text
        return self._write(text)


class Json:
    """One object at the end."""

    def __init__(self, *, thinking: bool) -> None:
        self._thinking = thinking

    def show(self, event: Event) -> str:
        return ""

    def end(self) -> str:
        return ""

    def finish(self, answer: Answer) -> str:
        return _line(self.fields(answer))

    def fields(self, answer: Answer) -> dict[str, object]:
        """The object, without the thinking where that is to be left out."""
        fields: dict[str, object] = msgspec.to_builtins(answer)
        return fields if self._thinking else {**fields, "thinking": ""}


class JsonLines:
    """One object for each event, and the whole answer as the last one."""

    def __init__(self, *, thinking: bool) -> None:
        self._thinking = thinking
        self._document = Json(thinking=thinking)

    def show(self, event: Event) -> str:
        match event:
            case ThinkingDelta() | OfSample(event=ThinkingDelta()) if not self._thinking:
                return ""
            case OfSample(sample, inner):
                return _line({**_fields(inner), "sample": sample})
            case _:
                return _line(_fields(event))

    def end(self) -> str:
        return ""

    def finish(self, answer: Answer) -> str:
        return _line({"type": event_name(TurnDone), **self._document.fields(answer)})


class PartOnly:
    """A part of the answer, at the end."""

    def __init__(self, safe: Callable[[str], str], find: Callable[[str], str | None], name: str) -> None:
        self._safe = safe
        self._find = find
        self._name = name

    def show(self, event: Event) -> str:
        return ""

    def end(self) -> str:
        return ""

    def finish(self, answer: Answer) -> str:
        if not answer.text:
            return ""
        part = self._find(answer.text)
        if part is None:
            hint = f"`localr1 chats show {answer.chat}` prints all of it." if answer.chat else ""
            raise NoPartError(f"The answer has no {self._name}.", hint=hint)
        return self._safe(part if part.endswith("\n") else f"{part}\n")


def last_code(safe: Callable[[str], str]) -> PartOnly:
    """The last block of code, without its fence."""
    return PartOnly(safe, _last_code, "block of code")


def boxed(safe: Callable[[str], str]) -> PartOnly:
    """What stands in the last box."""
    return PartOnly(safe, last_boxed, "\\boxed{…}")


def event_name(kind: type[Event]) -> str:
    """What an event is called in JSON: thinking, answer, prompt_progress."""
    name = kind.__name__.removesuffix("Delta").removeprefix("Turn")
    return _WORDS.sub("_", name).lower()


def _fields(event: Event) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(event)
    fields.pop("settled", None)
    return {"type": event_name(type(event)), **fields}


def _last_code(text: str) -> str | None:
    from localr1.markdown.code_blocks import code_blocks  # a parser that nothing else here needs

    blocks = code_blocks(text)
    return blocks[-1].source if blocks else None


def _line(fields: object) -> str:
    """One line of ASCII: whatever text is in it, a terminal sees no control character."""
    return json.dumps(fields).replace("\x7f", "\\u007f") + "\n"
