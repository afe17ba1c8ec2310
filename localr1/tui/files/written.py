"""What the user is writing, looked at whenever they pause: its files, its tokens, and whether it fits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from localr1.attachment import pack
from localr1.chat.room import Tokens, fits, left_out
from localr1.errors import ContextError
from localr1.here import Here
from localr1.message import Message
from localr1.open_chat import OpenChat
from localr1.tui.files.attached import Attached, attached, message
from localr1.tui.files.counter import Counter
from localr1.tui.files.mention import mentions
from localr1.tui.widgets.attachment_list import AttachmentList, Row
from localr1.tui.widgets.prompt import Prompt
from localr1.units import size_text
from localr1.wording import plural

PAUSE = 0.15
"""Seconds without a change after which it is looked at, so that no key waits."""
COUNTED = 200
"""Tokens from which on their number is shown."""


class Written:
    """Reads files in threads; what is mentioned in the prompt is all that goes with it."""

    def __init__(self, chat: OpenChat, prompt: Prompt, files: AttachmentList, here: Here) -> None:
        self._chat = chat
        self._prompt = prompt
        self._files = files
        self._here = here
        self._counter = Counter(chat)
        self._before: list[Message] | None = None
        """The history, read once for a text that is long enough to be counted."""

    async def look(self) -> None:
        """Once the user pauses, show what they have written so far; first estimated, then counted."""
        await asyncio.sleep(PAUSE)
        text = self._prompt.text
        found = await self._found(text)
        self._prompt.mentioned = frozenset(
            text[each.mention.start : each.mention.end] for each in found if not each.problem
        )
        texts = [text, *("" if each.problem else pack([each.file], "") for each in found)]
        await self._show(found, [self._counter.known(each) for each in texts])
        if len(text) >= COUNTED or found:
            await self._show(found, [await self._counter.count(each) for each in texts])

    async def message(self, text: str) -> str:
        """What is sent for this text: it, after the files.

        Raises UsageError where a file can't go, ContextError where it is far more than the model can read.
        """
        packed = message(text, await self._found(text))
        if self._counter.is_hopeless(packed):
            raise ContextError(f"{self._counter.known(packed).words} are far more than the model can read")
        return packed

    async def _found(self, text: str) -> list[Attached]:
        if not mentions(text):
            return []
        return await asyncio.to_thread(attached, text, self._here, self._prompt.held)

    async def _show(self, found: Sequence[Attached], tokens: Sequence[Tokens]) -> None:
        self._files.show([_row(each, size) for each, size in zip(found, tokens[1:], strict=True)])
        total = Tokens(sum(each.number for each in tokens), all(each.exact for each in tokens))
        if total.number < COUNTED:
            self._before = None
        warning = await self._warning(total) if total.number >= COUNTED else ""
        self._prompt.set_class(bool(warning), "too-long")
        self._prompt.border_subtitle = warning or (total.words if total.number >= COUNTED else "")

    async def _warning(self, total: Tokens) -> str:
        """What will happen as it does not fit; empty where it does, or no model is there to tell."""
        info = self._chat.session.info if self._chat.session else None
        if info is None:
            return ""
        if not fits(total.number, info.context):
            return f"does not fit: {total.words}, the context has {info.context:,}"
        if not (oldest := left_out(await self._history(), self._prompt.text, total.number, info.context)):
            return ""
        messages = "message" if oldest == 1 else f"{oldest:,} messages"
        return f"{total.words}: the oldest {messages} will be left out"

    async def _history(self) -> list[Message]:
        """What comes before the question that is being written."""
        if self._before is None:
            self._before = await self._chat.history()
        editing = self._prompt.editing
        return [each for each in self._before if editing is None or each.id < editing]


def _row(each: Attached, tokens: Tokens) -> Row:
    if each.problem:
        return Row(each.mention.name, problem=each.problem.message)
    size = size_text(len(each.file.text.encode("utf-8", "replace")))
    facts = [tokens.words, plural(each.file.lines, "line"), size]
    if each.encoding not in ("", "UTF-8"):
        facts.append(f"read as {each.encoding}")
    return Row(each.mention.name, tuple(facts))
