"""Where the user writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import TextArea

from localr1.here import NOWHERE, Here
from localr1.safe_text import safe_text
from localr1.tui.completer import Completer
from localr1.tui.files.held import Held
from localr1.tui.files.mention import last_mention
from localr1.tui.files.pasted import pasted, universal_newlines
from localr1.tui.recall import Recall
from localr1.tui.widgets.writing import Writing

HELD_WITH_DRAFT = 1024 * 1024
"""Characters of long pastes that are kept with a draft."""


class Prompt(Writing):
    """A text that grows from one line to eight; Enter sends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+enter,alt+enter,ctrl+j", "start_line", "New line", show=False),
        Binding("ctrl+d", "delete_or_quit", "Delete, or quit", show=False),
        Binding("ctrl+e", "end_or_editor", "To the end of the line, or to the editor", show=False),
        Binding("ctrl+underscore,ctrl+shift+z", "undo", "Undo", show=False),
    ]

    class Sent(Message):
        """The user wants this text answered; the prompt still holds it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class HelpWanted(Message):
        """A question mark was typed where nothing was written."""

    class EarlierWanted(Message):
        """The user wants to see earlier prompts; `recall` gives them."""

    def __init__(self, here: Here = NOWHERE, *, id: str | None = None) -> None:
        """Files that are mentioned or dragged here are named as seen from `here`."""
        super().__init__(
            id=id,
            show_line_numbers=False,
            highlight_cursor_line=False,
            compact=True,
            placeholder=Content("Ask anything"),
        )
        self.cursor_blink = False
        self._here = here
        self.held = Held()
        self.mentioned: frozenset[str] = frozenset()
        """Mentions of files that are there, as they are written."""
        self._recall = Recall()
        self.completer: Completer | None = None
        """Its list hears the keys first while it is open."""
        self.editing: int | None = None
        """The id of the question that is being edited; None while a new one is written."""
        self._draft = ""
        self._shown = ("", "")
        """The last message that was put here, and how it is written here."""

    async def on_key(self, event: Key) -> None:
        """Enter sends instead of starting a line; a letter with Alt is a key, and writes nothing.

        What a key does here is done here, as letters that come in the same burst would overtake it on its way
        up to the app and back.
        """
        if self.completer and await self.completer.press(event.key):
            event.stop()
            event.prevent_default()
            return
        action = _ACTIONS.get(event.key)
        if action and await self.app.run_action(action, self):
            event.stop()
            event.prevent_default()
            return
        if event.key.startswith("alt+"):
            event.prevent_default()
            return
        if event.key == "enter":
            if self.text.strip():
                self.post_message(self.Sent(self.text.strip()))
        elif event.character == "?" and not self.text:
            self.post_message(self.HelpWanted())
        else:
            return
        event.stop()
        event.prevent_default()

    async def on_paste(self, event: Paste) -> None:
        """A paste comes in without control characters; files that were dragged here are mentioned."""
        event.prevent_default()
        event.stop()
        self.write(await pasted(event.text, self._here, self.held))

    def action_delete_left(self) -> None:
        """Delete what is marked, or else the character before the cursor; of a mention, all of it."""
        row, column = self.cursor_location
        mention = last_mention(self.document.get_line(row)[:column], self.mentioned)
        if mention and self.selection.is_empty:
            self.delete((row, column - len(mention)), (row, column))
        else:
            super().action_delete_left()

    async def action_delete_or_quit(self) -> None:
        """Delete what is marked, or else what is under the cursor; in an empty prompt, begin to quit."""
        if self.text:
            self.action_delete_right()
        else:
            await self.app.run_action("app.end_input")

    async def action_end_or_editor(self) -> None:
        """Go to the end of the line, as in a shell; from there on, let the user write in their editor."""
        if self.cursor_at_end_of_line:
            await self.app.run_action("screen.open_editor")
        else:
            self.action_cursor_line_end()

    def action_start_line(self) -> None:
        """Break the line at the cursor."""
        self.insert("\n")

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; from the first line to the prompt before this one."""
        if select or not self.navigator.is_first_wrapped_line(self.cursor_location):
            super().action_cursor_up(select)
        elif self._recall.at_draft:
            self.post_message(self.EarlierWanted())
        else:
            self._show_older()

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down; from the last line to the prompt after this one, and back to what was being written."""
        at_end = not select and self.navigator.is_last_wrapped_line(self.cursor_location)
        if at_end and (newer := self._recall.newer(self._message)) is not None:
            self._show(newer)
        else:
            super().action_cursor_down(select)

    def recall(self, earlier: Sequence[str]) -> None:
        """Show the newest of earlier prompts; of those that are being looked through, the next one."""
        if self._recall.at_draft:
            self._recall = Recall(earlier)
        self._show_older()

    @property
    def draft(self) -> str:
        """What the user is writing; an earlier prompt that they only look at hides it, and one they edit."""
        text = self._recall.draft(self._message) if self.editing is None else self._draft
        return self.held.packed(text, HELD_WITH_DRAFT)

    def show(self, draft: str) -> None:
        """Show what was being written before."""
        self._recall = Recall()
        self._show(draft)

    def rewrite(self, text: str) -> None:
        """Take a text that was changed elsewhere; undo brings back what stood here."""
        if (new := safe_text(universal_newlines(text))) != self.text:
            self.replace(new, (0, 0), self.document.end)
            self.move_cursor(self.document.end)

    def take(self) -> None:
        """Be empty for the next prompt; the one that stands here was sent."""
        self._recall = Recall()
        self.clear()

    def shows(self, message: str) -> bool:
        """Whether what stands here is this message."""
        return self.text.strip() == safe_text(self.held.written(message)).strip()

    def begin_edit(self, message_id: int, text: str) -> None:
        """Take a question to be edited; what was being written comes back afterwards."""
        if self.editing is None:
            self._draft = "" if self.shows(text) else self.text
            self.editing = message_id
            self.border_title = "Editing your question"
            self._recall = Recall()
            self._show(text)

    def end_edit(self) -> None:
        """Go on where the user was before."""
        if self.editing is not None:
            self.editing = None
            self.border_title = ""
            self._recall = Recall()
            self._show(self._draft)

    def restore(self, text: str) -> None:
        """Give back what could not be answered, unless the user is already writing something else."""
        if not self.text:
            self._show(text)

    @property
    def _message(self) -> str:
        """The message that was put here, where nobody has changed it; else what is written."""
        message, written = self._shown
        return message if self.text == written else self.text

    def _show_older(self) -> None:
        if (older := self._recall.older(self._message)) is not None:
            self._show(older)
        else:
            super().action_cursor_up()

    def _show(self, text: str) -> None:
        """Show a text with the cursor behind it."""
        self.load_text(safe_text(self.held.written(text)))
        self._shown = (text, self.text)
        self.move_cursor(self.document.end)


_ACTIONS = {
    binding.key: binding.action for binding in Binding.make_bindings((*TextArea.BINDINGS, *Prompt.BINDINGS))
}
"""What keys do in the prompt itself."""
