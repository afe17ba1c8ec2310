"""The messages that a chat holds, drawn as they are scrolled to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widget import Widget

from localr1.message import Message, Role
from localr1.store.branches import Siblings
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.new_text import NewText
from localr1.tui.widgets.steady_scroll import SteadyScroll
from localr1.tui.widgets.user_message import UserMessage
from localr1.tui.window import LIMIT, Window

ShownMessage: TypeAlias = UserMessage | AssistantMessage
ThinkingMode: TypeAlias = Literal["fold", "open", "hidden"]
LAST = "last"
"""Class of what is always drawn: the last question, and all below it."""


class Transcript(SteadyScroll, can_focus=False):
    """A window on the messages before the last question, and all from there on."""

    thinking_hidden = reactive(False, toggle_class="without-thinking")

    def __init__(self, thinking: ThinkingMode = "fold") -> None:
        super().__init__()
        self.treat_thinking(thinking)
        self.messages: Sequence[Message] = ()
        """Those that the store holds of the branch that is shown, oldest first."""
        self._window = Window.last(0)
        self.forks: Sequence[Siblings] = ()
        """Where another branch can be shown, oldest first."""

    def treat_thinking(self, mode: ThinkingMode) -> None:
        """Fold what ends from now on, leave it open, or hide all of it."""
        self._open_thinking = mode == "open"
        self.thinking_hidden = mode == "hidden"

    def compose(self) -> ComposeResult:
        yield NewText()

    async def show_messages(self, messages: Sequence[Message]) -> None:
        """Show these in place of all others, from their end."""
        await self.remove_children(self.body)
        self.messages = messages
        split = _last_question(messages)
        last = [self._widget(message) for message in messages[split:]]
        for widget in last:
            widget.add_class(LAST)
        await self.mount_all(last)
        await self._show(Window.last(split))
        self.follow()

    def holds(self, message_id: int | None) -> bool:
        """Whether the branch that is shown has this message; None is where the reader is."""
        return message_id is None or any(message.id == message_id for message in self.messages)

    async def show_message(self, message_id: int | None) -> None:
        """Go to a message of this branch."""
        index = next((i for i, message in enumerate(self.messages) if message.id == message_id), None)
        if index is None:
            return
        total = self._window.total
        if not self._window.first <= index < self._window.end:
            await self._show(Window.last(total) if index >= total else Window.around(index, total))
        for widget in self.shown():
            if widget.message_id == message_id:
                self.hold(widget)

    async def to_beginning(self) -> None:
        """Go to the first message."""
        if self.messages:
            await self.show_message(self.messages[0].id)
        self.scroll_home(animate=False, immediate=True)

    async def to_end(self) -> None:
        """Go to the newest text, and follow it."""
        if not self._window.at_end:
            await self._show(Window.last(self._window.total))
        self.follow()

    async def draw_earlier(self) -> None:
        """Draw a page above the first message that is drawn, where there is one."""
        if self._window.first > 0:
            await self._show(self._window.earlier(self._limit))

    def hold(self, widget: Widget) -> None:
        super().hold(widget)
        self.call_after_refresh(self._look)

    def say_new(self) -> None:
        """Something has come at the end."""
        self.query_one(NewText).display = not self.following

    def mark(self, siblings: Sequence[Siblings]) -> None:
        """Show at each message which of its branches this is."""
        self.forks = siblings
        for message in self.shown():
            message.mark(self._fork(message.message_id))

    @property
    def body(self) -> list[Widget]:
        """All that is drawn, without what lies over it."""
        return [child for child in self.children if not child.has_class("over")]

    def shown(self) -> list[ShownMessage]:
        """The messages that are drawn, oldest first."""
        return [child for child in self.children if isinstance(child, UserMessage | AssistantMessage)]

    async def _take(self, messages: Sequence[Message]) -> None:
        """The store holds these now: what was the end of the chat may have become a part of it."""
        self.messages = messages
        split = _last_question(messages)
        earlier = {message.id for message in messages[:split]}
        at_end = self._window.at_end
        past = self._past(earlier)
        if at_end:
            for widget in past:
                widget.remove_class(LAST)
        else:
            await self.remove_children(past)
        first, end = self._window.first, split if at_end else min(self._window.end, split)
        await self._show(Window(min(first, end), end, split).trimmed(self._limit))

    def _past(self, earlier: set[int]) -> list[Widget]:
        """Of the last widgets those up to the last that shows an earlier message."""
        last = [child for child in self.body if child.has_class(LAST)]
        ends = [i for i, child in enumerate(last) if _id(child) in earlier]
        return last[: ends[-1] + 1] if ends else []

    async def _show(self, window: Window) -> None:
        """Draw the messages of this window and no others; those that are drawn already stay as they are."""
        async with self.lock:
            self._window = window
            wanted = self.messages[window.first : window.end]
            self.set_class(not window.at_end, "away")
            strangers = list(self._strangers({message.id for message in wanted}))
            drawn = {_id(child): child for child in self.body}
            before = next((child for child in self.body if child.has_class(LAST)), None)
            missing: list[Widget] = []
            for message in reversed(wanted):
                if widget := drawn.get(message.id):
                    await self.mount_all(reversed(missing), before=before)
                    before, missing = widget, []
                else:
                    missing.append(self._widget(message))
            await self.mount_all(reversed(missing), before=before)
            await self.remove_children(strangers)
        self.call_after_refresh(self._look)

    def _strangers(self, wanted: set[int]) -> Iterable[Widget]:
        """What is drawn and not wanted; what stands between two messages goes with the one above."""
        stays = True
        for child in self.body:
            if child.has_class(LAST):
                return
            stays = _id(child) in wanted if isinstance(child, UserMessage | AssistantMessage) else stays
            if not stays:
                yield child

    def reply(
        self, message: Message | None = None, clock: Callable[[], float] = time.monotonic
    ) -> AssistantMessage:
        """A reply of the store, or room for a new one."""
        return AssistantMessage(message, clock, open_thinking=self._open_thinking)

    def _widget(self, message: Message) -> ShownMessage:
        widget: ShownMessage = (
            self.reply(message) if message.role is Role.ASSISTANT else UserMessage(message.text, message.id)
        )
        if fork := self._fork(message.id):
            widget.mark(fork)
        return widget

    def _fork(self, message_id: int | None) -> Siblings | None:
        return next((fork for fork in self.forks if fork.shown == message_id), None)

    @property
    def _limit(self) -> int:
        """A message has two lines at least, so that so many reach beyond what the next page is drawn for."""
        return max(LIMIT, 2 * self.size.height)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look()

    def _look(self) -> None:
        """Draw the next page where the reader comes near the edge of what is drawn."""
        self.following = self.following and self._window.at_end
        if self.following:
            self.query_one(NewText).display = False
        window, height = self._window, self.size.height
        if window.first > 0 and self.scroll_y < height:
            self._turn_page(window.earlier(self._limit))
        elif not window.at_end and self.max_scroll_y - self.scroll_y < height:
            self._turn_page(window.later(self._limit))

    @work(group="page", exclusive=True)
    async def _turn_page(self, window: Window) -> None:
        await self._show(window)

    @on(NewText.Wanted)
    async def _to_new_text(self) -> None:
        await self.to_end()


def _id(widget: Widget) -> int | None:
    return widget.message_id if isinstance(widget, UserMessage | AssistantMessage) else None


def _last_question(messages: Sequence[Message]) -> int:
    """The place of the last question; from there on all is drawn."""
    places = (i for i in reversed(range(len(messages))) if messages[i].role is Role.USER)
    return next(places, len(messages))
