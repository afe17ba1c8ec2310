"""The chat: conversation above, prompt below, one line that says how things stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.worker import Worker, WorkerError

from localr1.errors import LocalR1Error
from localr1.runtime import Runtime
from localr1.tui.open_chat import OpenChat
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.screens.help import HelpScreen
from localr1.tui.turn import ShownTurn
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.status import Status
from localr1.tui.widgets.user_message import UserMessage

IDLE = (("^O", "chats", "screen.chats"), ("^N", "new", "screen.new"), ("F1", "help", "screen.help"))
RUNNING = (("Esc", "stop", "screen.stop"), ("^T", "thinking", "screen.thinking"))


class ChatScreen(Screen[None]):
    """Shows one chat at a time; the runtime may still be opening when the screen appears."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop the reply"),
        Binding("ctrl+t", "thinking", "Thinking"),
        Binding("alt+t", "thinking(True)", "All thinking"),
        Binding("ctrl+n", "new", "New chat"),
        Binding("ctrl+o", "chats", "Chats"),
        Binding("f1", "help", "Help"),
        Binding("pageup", "scroll('pageup')", "Scroll up", priority=True),
        Binding("pagedown", "scroll('pagedown')", "Scroll down", priority=True),
        Binding("ctrl+home", "scroll('home')", "To the beginning", priority=True),
        Binding("ctrl+end", "scroll('end')", "To the end", priority=True),
    ]

    conversation = getters.query_one(Conversation)
    prompt = getters.query_one(Prompt)
    status = getters.query_one(Status)
    hints = getters.query_one(Hints)

    def __init__(
        self,
        runtime: asyncio.Task[Runtime],
        *,
        chat_id: int | None = None,
        latest: bool = False,
        model: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._open = OpenChat(runtime, model)
        self._first_chat = (chat_id, latest)
        self._clock = clock
        self._shown = asyncio.Event()
        self._loaded = asyncio.Event()
        self._turn: Worker[None] | None = None
        self._stopping = False

    def compose(self) -> ComposeResult:
        yield Conversation()
        with Vertical(id="foot"):
            yield Prompt(id="prompt")
            with Horizontal(id="line"):
                yield Status()
                yield Hints(*IDLE)

    def on_mount(self) -> None:
        chat_id, latest = self._first_chat
        self.open(chat_id, latest=latest)

    @property
    def ready(self) -> bool:
        """The chat is shown, and its model is loaded or can't be."""
        return self._loaded.is_set()

    @property
    def busy(self) -> bool:
        """A turn is running."""
        return self._turn is not None and not self._turn.is_finished

    @work(group="open", exclusive=True)
    async def open(self, chat_id: int | None, *, latest: bool = False) -> None:
        """Show a chat, or a new one, and load its model while the user reads and writes.

        What keeps the runtime from opening ends the app; any other error is said in the conversation.
        """
        await self._end_turn()
        self._shown.clear()
        self._loaded.clear()
        self._stopping = False
        await self._open.chats()
        try:
            messages = await self._open.open(chat_id, latest=latest)
            self.status.begin(await self._open.model(), messages)
            await self.conversation.open(messages, self.status.model)
            self._shown.set()
            await self._load()
        except LocalR1Error as error:
            await self.conversation.fail(error)
        self.status.state = ""
        self._shown.set()
        self._loaded.set()

    async def _load(self) -> None:
        """Load the model ahead of the first question, and say how far it is."""
        session = await self._open.begin_session()
        watch = self.set_interval(0.25, lambda: self.status.show_loading(session.load_share))
        self.status.show_loading(session.load_share)
        try:
            self.status.context = (await session.load()).context
        finally:
            watch.stop()

    @on(Prompt.Sent)
    def _send(self, event: Prompt.Sent) -> None:
        if self.busy:
            self.status.flash("Still answering; Esc stops it")
            return
        self.prompt.clear()
        self._turn = self._answer(event.text)

    @work(group="turn")
    async def _answer(self, text: str) -> None:
        """One turn, from the prompt to the end of the reply."""
        self._stopping = False
        self.hints.show(*RUNNING)
        turn = ShownTurn(self.conversation, self.status, self._clock)
        try:
            await self._shown.wait()
            await self.conversation.add(UserMessage(text))
            await turn.begin()
            session = await self._open.begin_session()
            async with aclosing(session.send(text)) as events:
                async for event in events:
                    await turn.show(event)
        except LocalR1Error as error:
            await turn.fail(error)
        finally:
            if self.app.is_running:
                await turn.close()
                self._rest("" if turn.answered else text)

    def _rest(self, unanswered: str) -> None:
        """A turn is over: the prompt is the user's again, with the question in it when nothing came."""
        self.status.state = ""
        self.hints.show(*IDLE)
        self.prompt.restore(unanswered)

    @on(AssistantMessage.Grew)
    def _show_growth(self, event: AssistantMessage.Grew) -> None:
        if self.busy and not self._stopping:
            self.status.state = "thinking" if event.thinking else "answering"
            self.status.rate = event.speed
            self.status.reply_tokens = event.tokens

    async def action_stop(self) -> None:
        """Ask the reply to end; asked a second time, or while the model is still loading, give it up."""
        loading = not self._loaded.is_set()
        if self._open.session and (loading or self.busy) and not self._stopping:
            self.status.state = "stopping…"
            await self._open.session.stop()
        if self._turn and (loading or self._stopping):
            self._turn.cancel()
        self._stopping = True

    async def interrupt(self) -> None:
        """Ctrl-C: stop the reply, or else clear the prompt where it is in sight."""
        if self.busy:
            await self.action_stop()
        elif self.is_active:
            self.prompt.clear()

    async def _end_turn(self) -> None:
        """Stop the reply before another chat is shown."""
        if self._turn and self.busy:
            await self.action_stop()
            with suppress(WorkerError):
                await self._turn.wait()

    def action_thinking(self, all_of_it: bool = False) -> None:
        """Open or fold the newest thinking, or all."""
        self.conversation.toggle_thinking(all_of_it=all_of_it)

    def action_new(self) -> None:
        """Begin a new chat."""
        self.open(None)

    @work(group="choose", exclusive=True)
    async def action_chats(self) -> None:
        """Let the user choose a chat."""
        shown = self._open.id
        chosen = await self.app.push_screen_wait(ChatsScreen(await self._open.chats(), shown))
        if chosen is not None and (shown is None or chosen != shown):
            self.open(chosen or None)

    @on(Prompt.HelpWanted)
    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    @on(Prompt.PasteRefused)
    def _refuse_paste(self, event: Prompt.PasteRefused) -> None:
        self.status.flash(f"{event.length:,} characters are more than any model here can read")

    def action_scroll(self, key: str) -> None:
        """Scroll the conversation."""
        self.conversation.scroll_by_key(key)
