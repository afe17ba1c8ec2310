"""The messages of a chat, the newest at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from localr1.errors import LocalR1Error, StoppedError
from localr1.message import Message, Role
from localr1.safe_text import safe_line
from localr1.store.branches import Siblings
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice, Note
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.user_message import UserMessage
from localr1.tui.widgets.welcome import Welcome
from localr1.tui.wording import model_name, plural

SHOWN_MESSAGES = 60
"""Newest messages drawn when a chat is opened; each costs about 10 ms."""
SHOWN_BEFORE = 4
"""Messages drawn before the one at which a chat is opened."""

W = TypeVar("W", bound=Widget)


class Conversation(VerticalScroll, can_focus=False):
    """Follows the end while the reader is there, and stays where the reader has scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self._aside: list[Widget] = []
        """What a turn may replace, out of sight until it has ended."""
        self.forks: Sequence[Siblings] = ()
        """Where another branch can be shown, oldest first."""

    async def open(
        self,
        messages: Sequence[Message],
        model: str,
        *,
        at: int | None = None,
        only_bundled: bool = False,
        temporary: bool = False,
    ) -> None:
        """Show a chat in place of the one before, from its end or `at` the message of this id.

        Where nothing has been said, `model` is named, how to get a real one if there is `only_bundled` one,
        and that a `temporary` chat does not stay.
        """
        self._aside.clear()
        await self.remove_children()
        if not messages:
            welcome = await self.add(Welcome())
            welcome.show(model, only_bundled=only_bundled, temporary=temporary)
            return
        wanted = [message.id for message in messages].index(at) if at else len(messages)
        earlier = min(len(messages) - SHOWN_MESSAGES, wanted - SHOWN_BEFORE)
        if earlier > 0:
            await self.add(Note(f"{plural(earlier, 'earlier message')} not drawn"))
        await self.mount_all(_widget(message) for message in messages[max(0, earlier) :])
        self.anchor()
        if at:
            self.go_to(at)

    def go_to(self, message_id: int) -> bool:
        """Show a message from its beginning; false where it is not drawn."""
        for message in self._messages():
            if message.message_id == message_id:
                self.call_after_refresh(self._put_on_top, message)
                return True
        return False

    def _put_on_top(self, message: Widget) -> None:
        if self.max_scroll_y:
            self.release_anchor()
            self.scroll_to_widget(message, top=True, animate=False)

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

    def last_question(self) -> UserMessage | None:
        """The newest question, answered or not."""
        return next(
            (message for message in reversed(self._messages()) if isinstance(message, UserMessage)), None
        )

    async def ask(self, text: str, *, instead: bool = False) -> None:
        """Show a question; one before it that was never answered gives way, as it does in the store.

        `instead` of the last one, it takes its place even if that was answered.
        """
        last = next(reversed(self._messages()), None)
        replaced = self.last_question() if instead or isinstance(last, UserMessage) else None
        if replaced and replaced.text.strip() == text:
            await self.ask_again()
            return
        if replaced:
            self._put_aside(self._from(replaced))
        await self.add(UserMessage(text))

    async def ask_again(self) -> None:
        """Make room for another reply to the last question."""
        if question := self.last_question():
            self._put_aside(self._from(question)[1:])

    async def settle(self, branch: Sequence[Message], siblings: Sequence[Siblings]) -> None:
        """A turn is over: of what it put aside, only what the store still shows comes back."""
        shown = {message.id for message in branch} - {message.message_id for message in self._messages()}
        for widget in self._aside:
            if isinstance(widget, UserMessage | AssistantMessage) and widget.message_id in shown:
                widget.display = True
            else:
                await widget.remove()
        self._aside.clear()
        self._identify(branch)
        self.mark(siblings)

    async def show_branch(self, branch: Sequence[Message], siblings: Sequence[Siblings]) -> None:
        """Show another branch; what it has in common with the one before stays as it is drawn."""
        ids = {message.id for message in branch}
        common = [message for message in self._messages() if message.message_id in ids]
        if common:
            last = common[-1]
            await self.remove_children(self._from(last)[1:])
            await self.mount_all(
                _widget(message) for message in branch if message.id > (last.message_id or 0)
            )
        else:
            await self.open(branch, "")
        self.mark(siblings)
        self._go_to(self._messages()[len(common) :])

    def _go_to(self, messages: Sequence[Widget]) -> None:
        """To the question that begins these messages, or to the end where they are one reply."""
        match messages:
            case [question, _, *_]:
                self.release_anchor()
                self.call_after_refresh(self.scroll_to_widget, question, top=True, animate=False)
            case _:
                self.anchor()

    def mark(self, siblings: Sequence[Siblings]) -> None:
        """Show at each message which of its branches this is."""
        self.forks = siblings
        known = {each.shown: each for each in siblings}
        for message in self._messages():
            message.mark(known.get(message.message_id) if message.message_id else None)

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

    def _messages(self) -> list[UserMessage | AssistantMessage]:
        """The messages in sight, oldest first."""
        return [
            child
            for child in self.children
            if isinstance(child, UserMessage | AssistantMessage) and child.display
        ]

    def _from(self, first: Widget) -> Sequence[Widget]:
        """This and all that follows."""
        return self.children[self.children.index(first) :]

    def _put_aside(self, widgets: Sequence[Widget]) -> None:
        """Hide these until the turn has ended."""
        self._aside = list(widgets)
        for widget in self._aside:
            widget.display = False

    def _identify(self, branch: Sequence[Message]) -> None:
        """Give the ids of the store to messages that were shown before it held them."""
        messages = self._messages()
        newest = max((message.message_id or 0 for message in messages), default=0)
        unnamed = [message for message in messages if message.message_id is None]
        for widget, message in zip(
            unnamed, (message for message in branch if message.id > newest), strict=False
        ):
            widget.message_id = message.id


def _widget(message: Message) -> Widget:
    return (
        AssistantMessage(message) if message.role is Role.ASSISTANT else UserMessage(message.text, message.id)
    )
