"""The messages of a chat, the newest at the bottom, and the turn that is running."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual import on
from textual.widget import Widget

from localr1.errors import LocalR1Error, StoppedError
from localr1.message import Message
from localr1.safe_text import safe_line
from localr1.store.branches import Siblings
from localr1.tui.aside import Aside
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice, Note
from localr1.tui.widgets.reader import Reader
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.transcript import LAST, ShownMessage, ThinkingMode
from localr1.tui.widgets.user_message import UserMessage
from localr1.tui.widgets.welcome import Welcome
from localr1.wording import model_name

W = TypeVar("W", bound=Widget)


class Conversation(Reader):
    """What has been said, and room for what is being said."""

    def __init__(self, thinking: ThinkingMode = "fold") -> None:
        super().__init__(thinking)
        self._aside = Aside()

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
        self._aside.forget()
        self.forks = ()
        await self.show_messages(messages)
        if not messages:
            welcome = await self.add(Welcome())
            welcome.show(model, only_bundled=only_bundled, temporary=temporary)
        if at:
            await self.show_message(at)

    async def change_model(self, model: str) -> None:
        """Say which model answers from here on."""
        for welcome in self.query(Welcome):
            welcome.change_model(model)
            return
        await self.add(Note(f"{model_name(model)} answers from here on"))

    async def add(self, widget: W) -> W:
        """Put something at the end and go there."""
        await self._append(widget)
        await self.to_end()
        return widget

    async def put_before(self, reply: AssistantMessage, widget: Widget) -> None:
        """Put something between the last question and its reply."""
        widget.add_class(LAST)
        await self.mount(widget, before=reply)

    async def _append(self, widget: Widget) -> None:
        await self.query(Welcome).remove()
        widget.add_class(LAST)
        await self.mount(widget)

    def last_question(self) -> UserMessage | None:
        """The newest question, answered or not."""
        return next(
            (message for message in reversed(self._standing()) if isinstance(message, UserMessage)), None
        )

    async def ask(self, text: str, *, instead: int | None = None) -> None:
        """Show a question; one before it that was never answered gives way, as it does in the store.

        `instead` of the one with this id, it takes its place and that of all that followed.
        """
        await self._make_last(instead)
        last = next(reversed(self._standing()), None)
        replaced = self.last_question() if instead or isinstance(last, UserMessage) else None
        if replaced and replaced.text.strip() == text:
            await self.ask_again()
            return
        if replaced:
            self._aside.put(self._from(replaced))
        await self.add(UserMessage(text))

    async def _make_last(self, message_id: int | None) -> None:
        """Show a chat only as far as this question, where it is not the last one anyway."""
        last = self.last_question()
        if message_id is not None and last and last.message_id != message_id:
            ids = [message.id for message in self.messages]
            await self.show_messages(self.messages[: ids.index(message_id) + 1])

    async def ask_again(self) -> None:
        """Make room for another reply to the last question."""
        if question := self.last_question():
            self._aside.put(self._from(question)[1:])

    async def settle(self, branch: Sequence[Message], siblings: Sequence[Siblings]) -> None:
        """A turn is over: of what it put aside, only what the store still shows comes back."""
        shown = {message.id for message in branch} - {message.message_id for message in self._standing()}
        await self._aside.settle(shown)
        self._identify(branch)
        await self._complete(branch)
        if self._is_short_of(branch):
            await self.show_messages(branch)
        else:
            await self._take(branch)
        self.mark(siblings)

    async def _complete(self, branch: Sequence[Message]) -> None:
        """Show what the store holds of a reply that was drawn only in part."""
        held = {message.id: message for message in branch}
        for widget in self._standing()[-1:]:
            if isinstance(widget, AssistantMessage) and widget.incomplete and widget.message_id in held:
                await widget.settle(held[widget.message_id])

    def _is_short_of(self, branch: Sequence[Message]) -> bool:
        """Whether the end of a branch is missing; what went wrong stays in sight before all else."""
        standing = self._standing()
        drawn = bool(standing) and bool(branch) and standing[-1].message_id == branch[-1].id
        return bool(branch) and not drawn and not self.query(ErrorNotice)

    async def show_branch(self, branch: Sequence[Message], siblings: Sequence[Siblings]) -> None:
        """Show another branch, from the question where it begins, or its end where it is one reply."""
        common = sum(old.id == new.id for old, new in zip(self.messages, branch, strict=False))
        await self.show_messages(branch)
        self.mark(siblings)
        if len(branch) - common > 1:
            await self.show_message(branch[common].id)

    async def renew(self, branch: Sequence[Message], siblings: Sequence[Siblings]) -> None:
        """Show what has become of the chat elsewhere; what is being read stays where it is."""
        at_end, here = self.following, self.current
        if branch[: len(self.messages)] == [*self.messages]:
            for message in branch[len(self.messages) :]:
                await self._append(self._widget(message))
            await self._take(branch)
        else:
            await self.show_messages(branch)
            await self.show_message(here.message_id if here and not at_end else None)
        self.mark(siblings)
        if at_end:
            await self.to_end()
        self.say_new()

    async def fail(self, error: LocalR1Error) -> None:
        """Say what went wrong, and leave the reader where they are; what the user stopped is no fault."""
        at_end = self.following
        await self._append(
            Note(safe_line(error.message)) if isinstance(error, StoppedError) else ErrorNotice(error)
        )
        if at_end:
            await self.to_end()
        self.say_new()

    @on(AssistantMessage.Grew)
    def _grown(self) -> None:
        self.say_new()

    async def scroll_by_key(self, key: str) -> None:
        """Scroll as this key says; the prompt keeps the focus."""
        match key:
            case "pageup":
                self.scroll_page_up(animate=False)
            case "pagedown":
                self.scroll_page_down(animate=False)
            case "home":
                await self.to_beginning()
            case _:
                await self.to_end()

    def toggle_thinking(self, *, all_of_it: bool = False) -> None:
        """Open or fold the newest thinking, or all of it the same way; hidden thinking comes into sight."""
        if self.thinking_hidden:
            self.thinking_hidden = False
            return
        blocks = [block for block in self.query(Thinking) if block.display and block.text]
        if all_of_it:
            unfold = not all(block.unfolded for block in blocks)
            blocks = [block for block in blocks if block.unfolded != unfold]
        for block in blocks if all_of_it else blocks[-1:]:
            block.toggle()

    def toggle_files(self) -> None:
        """Open or fold the files of the newest question that has some."""
        for message in reversed(self._standing()):
            if isinstance(message, UserMessage) and message.has_files:
                message.toggle_files()
                return

    def _standing(self) -> list[ShownMessage]:
        """The messages that are drawn and not put aside, oldest first."""
        return [message for message in self.shown() if message not in self._aside]

    def _from(self, first: Widget) -> Sequence[Widget]:
        """This and all that follows."""
        return self.children[self.children.index(first) :]

    def _identify(self, branch: Sequence[Message]) -> None:
        """Give the ids of the store to messages that were shown before it held them."""
        messages = self._standing()
        newest = max((message.message_id or 0 for message in messages), default=0)
        unnamed = [message for message in messages if message.message_id is None]
        for widget, message in zip(
            unnamed, (message for message in branch if message.id > newest), strict=False
        ):
            widget.message_id = message.id
