"""What the prompt mentions, kept in sight while the user writes, and sent with it."""

from __future__ import annotations

import asyncio

from localr1.attachment import Attachment
from localr1.paths import Here
from localr1.tui.files.attached import Attached, attached, message
from localr1.tui.files.mention import mentions
from localr1.tui.widgets.attachment_list import AttachmentList, Row
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.wording import plural
from localr1.units import size_text


class Attachments:
    """Reads files in threads; what is mentioned in the prompt is all that there is."""

    def __init__(self, prompt: Prompt, here: Here, shown: AttachmentList) -> None:
        self._prompt = prompt
        self._here = here
        self._list = shown

    async def look(self) -> list[Attachment]:
        """Show what is mentioned now; the files that would go with it."""
        text = self._prompt.text
        found = await self._found(text)
        self._prompt.mentioned = frozenset(
            text[each.mention.start : each.mention.end] for each in found if not each.problem
        )
        self._list.show([_row(each) for each in found])
        return [each.file for each in found if not each.problem]

    async def message(self, text: str) -> str:
        """What is sent for this text: it, after the files; raises UsageError where one can't go."""
        return message(text, await self._found(text))

    async def _found(self, text: str) -> list[Attached]:
        if not mentions(text):
            return []
        return await asyncio.to_thread(attached, text, self._here, self._prompt.held)


def _row(each: Attached) -> Row:
    if each.problem:
        return Row(each.mention.name, problem=each.problem.message)
    facts = [size_text(len(each.file.text.encode("utf-8", "replace"))), plural(each.file.lines, "line")]
    if each.encoding not in ("", "UTF-8"):
        facts.append(f"read as {each.encoding}")
    return Row(each.mention.name, tuple(facts))
