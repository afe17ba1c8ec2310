"""The messages of a chat, the newest at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from localr1.errors import LocalR1Error, StoppedError
from localr1.message import Message, Role
from localr1.safe_text import safe_line
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice, Note
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.user_message import UserMessage
from localr1.tui.widgets.welcome import Welcome
from localr1.tui.wording import model_name, plural

SHOWN_MESSAGES = 60
"""Newest messages drawn when a chat is opened; each costs about 10 ms."""

W = TypeVar("W", bound=Widget)


class Conversation(VerticalScroll, can_focus=False):
    """Follows the end while the reader is there, and stays where the reader has scrolled."""

    async def open(self, messages: Sequence[Message], model: str, *, only_bundled: bool = False) -> None:
        """Show a chat in place of the one before; `model` is named where nothing has been said.

        Where there is `only_bundled` one, how to get a real one is said as well.
        """
        await self.remove_children()
        if not messages:
            welcome = await self.add(Welcome())
            welcome.show(model, only_bundled=only_bundled)
            return
        earlier = len(messages) - SHOWN_MESSAGES
        if earlier > 0:
            await self.add(Note(f"{plural(earlier, 'earlier message')} not drawn"))
        await self.mount_all(_widget(message) for message in messages[-SHOWN_MESSAGES:])
        self.anchor()

    async def change_model(self, model: str) -> None:
        """Say which model answers from here on."""
        for welcome in self.query(Welcome):
            welcome.show(model)
            return
        await self.add(Note(f"{model_name(model)} answers from here on"))

    async def add(self, widget: W) -> W:
        """Put something at the end and go there."""
        await self.query(Welcome).remove()
        await self.mount(widget)
        self.anchor()
        return widget

    async def fail(self, error: LocalR1Error) -> None:
        """Say what went wrong; what the user stopped is no fault."""
        await self.add(
            Note(safe_line(error.message)) if isinstance(error, StoppedError) else ErrorNotice(error)
        )

    def scroll_by_key(self, key: str) -> None:
        """Scroll as this key says; the prompt keeps the focus."""
        match key:
            case "pageup":
                self.scroll_page_up()
            case "pagedown":
                self.scroll_page_down()
            case "home":
                self.scroll_home()
            case _:
                self.scroll_end()

    def toggle_thinking(self, *, all_of_it: bool = False) -> None:
        """Open or fold the newest thinking, or all of it the same way."""
        blocks = [block for block in self.query(Thinking) if block.display and block.text]
        if all_of_it:
            unfold = not all(block.unfolded for block in blocks)
            blocks = [block for block in blocks if block.unfolded != unfold]
        for block in blocks if all_of_it else blocks[-1:]:
            block.toggle()


def _widget(message: Message) -> Widget:
    return AssistantMessage(message) if message.role is Role.ASSISTANT else UserMessage(message.text)
