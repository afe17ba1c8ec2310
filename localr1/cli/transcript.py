"""A chat as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localr1.chat.export import speaker
from localr1.chat.tally import voted_text
from localr1.message import FinishReason, Message
from localr1.safe_text import safe_line, safe_text
from localr1.store.chat import Chat

ENDINGS = {
    FinishReason.CANCELLED: "stopped",
    FinishReason.INTERRUPTED: "interrupted",
    FinishReason.LENGTH: "cut at its limit of tokens",
    FinishReason.REPETITION: "ended as it repeated itself",
}


def transcript_lines(chat: Chat, messages: Sequence[Message], *, thinking: bool) -> Iterator[str]:
    """Title, then each message under the name of its speaker; thinking is indented behind a bar."""
    yield safe_line(chat.title)
    for message in messages:
        yield ""
        yield f"{safe_line(speaker(message))}:"
        if thinking and message.thinking:
            yield from (f"  │ {line}" for line in safe_text(message.thinking).strip().splitlines())
        yield from safe_text(message.text).splitlines()
        if voted := voted_text(message):
            yield f"({voted})"
        if message.finish_reason in ENDINGS:
            yield f"({ENDINGS[message.finish_reason]})"
