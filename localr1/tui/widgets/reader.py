"""Reading a chat by keys, as in vi and less, while the conversation has the focus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message as Report

from localr1.tui.widgets.find_line import FindLine
from localr1.tui.widgets.spotlight import Spotlight, unfold
from localr1.tui.widgets.transcript import ShownMessage, ThinkingMode, Transcript
from localr1.tui.widgets.user_message import UserMessage


class Reader(Transcript, can_focus=True):
    """Any key that is no command here goes to the prompt, and the focus with it."""

    @dataclass
    class EditWanted(Report):
        """The user wants to ask this question in other words."""

        message_id: int

    @dataclass
    class DeleteWanted(Report):
        """The user wants this question and all that follows to be gone."""

        message_id: int

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", "Down"),
        Binding("k,up", "lines(-1)", "Up"),
        Binding("d", "halves(1)", "Half a screen down"),
        Binding("u", "halves(-1)", "Half a screen up"),
        Binding("g,home", "beginning", "To the beginning"),
        Binding("G,end", "end", "To the end"),
        Binding("n", "step(1)", "The next message, or match"),
        Binding("N", "step(-1)", "The message before, or match"),
        Binding("slash", "find", "Find"),
        Binding("y", "copy", "Copy the message"),
        Binding("e", "take_up('edit')", "Edit the question"),
        Binding("x", "take_up('delete')", "Delete the question"),
        Binding("i,enter", "write", "Back to the prompt"),
    ]
    _find_line = getters.query_one(FindLine)

    def __init__(self, thinking: ThinkingMode = "fold") -> None:
        super().__init__(thinking)
        self._spotlight = Spotlight()
        self._current: ShownMessage | None = None

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield FindLine()

    async def on_key(self, event: Key) -> None:
        """Do here what a key means here, so that each key of a burst meets what the one before it did."""
        if self.screen.focused is not self:
            self._pass_on(event)
        elif action := _ACTIONS.get(event.character or event.key) or _ACTIONS.get(event.key):
            await self.run_action(action)
            event.stop()
            event.prevent_default()
        elif event.key == "escape":
            self._leave(event)
        else:
            if event.is_printable:
                self.action_write()
            self._pass_on(event)

    def _pass_on(self, event: Key) -> None:
        """Give a letter to whoever has the focus now; no such widget lets letters through to here again."""
        if event.is_printable and self.screen.focused:
            self.screen.focused.post_message(Key(event.key, event.character))
            event.stop()
            event.prevent_default()

    def _leave(self, event: Key) -> None:
        """End a search, or else go back to the prompt; Esc stops the reply as well."""
        if self._find_line.display:
            self._find_line.action_end()
            event.stop()
        else:
            self.action_write()

    def action_lines(self, by: int) -> None:
        """Scroll so many lines."""
        self.scroll_to(y=self.scroll_y + by, animate=False, immediate=True)

    def action_halves(self, by: int) -> None:
        """Scroll half a screen."""
        self.action_lines(by * max(1, self.size.height // 2))

    async def action_beginning(self) -> None:
        """To the first message."""
        await self.to_beginning()

    async def action_end(self) -> None:
        """To the newest text."""
        await self.to_end()

    async def action_step(self, by: int) -> None:
        """To the next message, or the next match of a search."""
        if self._find_line.searching:
            self._find_line.action_step(by)
            return
        current = self.current
        if by < 0 and current in self.in_sight()[:1]:
            await self.draw_earlier()
        shown = self.in_sight()
        place = max(0, shown.index(current) + by) if current else len(shown)
        if place >= len(shown):
            await self.to_end()
        else:
            self._current = shown[place]
            self.hold(self._current)
            self._point()

    def action_find(self) -> None:
        """Look for something in this chat."""
        messages = self.messages
        if self.thinking_hidden:
            messages = [replace(message, thinking="") for message in messages]
        current = self.current
        self._find_line.begin(messages, (current.message_id or 0) if current else 0)

    def action_copy(self) -> None:
        """Copy the message that the keys are about."""
        match self.current:
            case UserMessage(text=text):
                self.app.copy_to_clipboard(text)
            case None:
                pass
            case reply:
                self.app.copy_to_clipboard(reply.answer.text)

    def action_take_up(self, what: str) -> None:
        """Have the question that the keys are about, itself or by its reply, edited or deleted."""
        current = self.current
        shown = self.in_sight()
        before = shown[: shown.index(current) + 1] if current else []
        question = next((each for each in reversed(before) if isinstance(each, UserMessage)), None)
        if question and question.message_id is not None:
            wanted = self.EditWanted if what == "edit" else self.DeleteWanted
            self.post_message(wanted(question.message_id))

    def action_write(self) -> None:
        """Go back to the prompt."""
        self.screen.focus_next("Prompt")

    def in_sight(self) -> list[ShownMessage]:
        """The messages that can be scrolled to, oldest first."""
        return [message for message in self.shown() if message.display]

    @property
    def current(self) -> ShownMessage | None:
        """The message that keys are about: the one gone to, or else the first on the screen."""
        top, bottom = self.scroll_y, self.scroll_y + self.size.height
        seen = [
            message
            for message in self.in_sight()
            if message.virtual_region.bottom > top and message.virtual_region.y < bottom
        ]
        on_its_way = self._current is not None and self._current is self.goal
        return self._current if on_its_way or self._current in seen else next(iter(seen), None)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._point()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show, while the focus is here, what the keys are about."""
        super().watch_has_focus(has_focus)
        self._current = None if has_focus else self._current
        self._point()

    def _point(self) -> None:
        current = self.current if self.has_focus else None
        for message in self.shown():
            message.set_class(message is current, "current")

    @on(FindLine.Left)
    def _come_back(self) -> None:
        self.focus(scroll_visible=False)

    @on(FindLine.Found)
    async def _show_match(self, event: FindLine.Found) -> None:
        """Go to what was found, in unfolded thinking perhaps."""
        self._spotlight.hide()
        if event.match is None:
            return
        await self.show_message(event.match.message_id)
        for message in self.shown():
            if message.message_id == event.match.message_id:
                self._current = message
                unfold(message, event.match)
                self.call_after_refresh(self._light, message, event)

    def _light(self, message: ShownMessage, event: FindLine.Found) -> None:
        """Show the match itself, a third of the screen below the top."""
        if event.match and (place := self._spotlight.show(message, event.term, event.match)):
            text, line = place
            y = text.region.y - self.content_region.y + self.scroll_y + line
            self.scroll_to(y=y - self.size.height // 3, animate=False, immediate=True)


_ACTIONS = {binding.key: binding.action for binding in Binding.make_bindings(Reader.BINDINGS)}
