"""A chat on the screen: conversation above, prompt below, one line that says how things stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from textual import getters, on, work
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.events import Resize
from textual.screen import Screen
from textual.worker import Worker

from localr1.chat_options import ChatOptions
from localr1.errors import DatabaseError, LocalR1Error
from localr1.here import Here
from localr1.open_chat import OpenChat
from localr1.runtime import Runtime
from localr1.tui.arguments import Arguments
from localr1.tui.calls import SCREEN_COMMANDS, Calls
from localr1.tui.downloads.downloads import Downloads
from localr1.tui.draft import Draft
from localr1.tui.editor import Editor
from localr1.tui.elsewhere import Elsewhere
from localr1.tui.files.written import Written
from localr1.tui.forgetting import forget_old_chats
from localr1.tui.loading import change_model, load_model
from localr1.tui.opening import show_chat, show_terms
from localr1.tui.others import LOOK_SECONDS
from localr1.tui.questions import Questions
from localr1.tui.replies import Replies
from localr1.tui.slash_source import SlashSource
from localr1.tui.turns import Turns
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.banner import Banner
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.status import Status
from localr1.tui.widgets.transcript import ThinkingMode
from localr1.wording import model_name

LOW = 16
"""Lines below which every one of them counts."""
TALL = 30
"""Rows of a screen that can spare one more for the hints."""


class ChatView(Screen[None]):
    """Shows one chat at a time; the runtime may still be opening when the screen appears."""

    AUTO_FOCUS = "#prompt"

    conversation = getters.query_one(Conversation)
    prompt = getters.query_one(Prompt)
    status = getters.query_one(Status)
    _foot = getters.query_one(Foot)

    def __init__(
        self,
        runtime: asyncio.Task[Runtime],
        downloads: Downloads,
        editor: Editor,
        here: Here,
        *,
        chat_id: int | None = None,
        latest: bool = False,
        model: str = "",
        thinking: ThinkingMode = "fold",
        preset: ChatOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._open = OpenChat(runtime, model, preset)
        self._downloads = downloads
        self._editor = editor
        self._here = here
        self._first_chat = (chat_id, latest)
        self._thinking = thinking
        self._clock = clock
        self._shown = asyncio.Event()
        self._loaded = asyncio.Event()
        self._forgetting: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield Banner()
        yield Conversation(self._thinking)
        self._arguments = Arguments(self._open, self.app.available_themes)
        yield Foot(self._downloads, [SlashSource(SCREEN_COMMANDS, self._arguments)], self._here)

    def on_mount(self) -> None:
        self._calls = Calls(self, self._foot, self._arguments)
        self._draft = Draft(self.prompt, self.status)
        self._written = Written(self._open, self.prompt, self._foot.files, self._here)
        self._turns = Turns(
            self._open, self._shown, self._draft, self.conversation, self._foot, clock=self._clock
        )
        self._questions, self._replies = Questions(self._turns), Replies(self._turns)
        self._elsewhere = Elsewhere(self._turns)
        self.set_interval(LOOK_SECONDS, self.look_elsewhere)
        self.status.follow_store(self._open.waiting)
        chat_id, latest = self._first_chat
        self.open(chat_id, latest=latest)

    async def on_unmount(self) -> None:
        try:
            await self._draft.leave()
        except DatabaseError as error:
            self.app._handle_exception(error)  # a raised one would keep the app from closing its runtime

    def on_resize(self, event: Resize) -> None:
        """Give the hints a line of their own where there is room, and the rest less where there is none."""
        self.set_class(event.size.height >= TALL, "tall")
        self.set_class(event.size.height < LOW, "low")

    @property
    def ready(self) -> bool:
        """The chat is shown, and its model is loaded or can't be."""
        return self._loaded.is_set()

    @property
    def busy(self) -> bool:
        """A turn is running."""
        return self._turns.running.busy

    @work(group="open", exclusive=True)
    async def open(
        self,
        chat_id: int | None,
        *,
        latest: bool = False,
        message_id: int | None = None,
        temporary: bool = False,
    ) -> None:
        """Stop the reply that runs, show a chat, or a new one, and load its model while the user reads.

        What keeps the runtime from opening ends the app; any other error is said in the conversation.
        """
        self.workers.cancel_group(self, "use")
        self._foot.end_edit()
        if self.busy:
            await self.action_stop()
        await self._turns.running.rest()
        self._shown.clear()
        self._loaded.clear()
        await show_terms(self._open, self.query_one(Banner), self.status, temporary=temporary)
        try:
            messages = await self._open.open(
                chat_id, latest=latest, message_id=message_id, temporary=temporary
            )
            await show_chat(self._open, messages, self._draft, self.conversation, self._foot, at=message_id)
            self._shown.set()
            self._forget_once()
            await load_model(self._open, self.status)
        except LocalR1Error as error:
            await self.conversation.fail(error)
        self._shown.set()
        self._loaded.set()

    def _forget_once(self) -> None:
        """Forget old chats, now that it is known which one is open."""
        if not self._forgetting:
            self._forgetting = self.run_worker(forget_old_chats(self._open, self.status), group="forget")

    @work(group="use", exclusive=True)
    async def use(self, model: str) -> None:
        """Let another model answer, once the reply that runs has ended."""
        if self.busy:
            self.status.flash(f"{model_name(model)} answers after this reply; Esc stops it")
        async with self._loading_again():
            await change_model(model, self._open, self.conversation, self.status)

    @work(group="use", exclusive=True)
    async def load_again(self) -> None:
        """Load the model as the settings are now, once the reply that runs has ended."""
        async with self._loading_again():
            try:
                await load_model(self._open, self.status)
            except LocalR1Error as error:
                await self.conversation.fail(error)

    @asynccontextmanager
    async def _loading_again(self) -> AsyncIterator[None]:
        """Load in the block, once no reply runs and nothing else is being loaded."""
        await self._turns.running.rest()
        await self._loaded.wait()
        self._loaded.clear()
        try:
            yield
        finally:
            self._loaded.set()

    @work(group="elsewhere")
    async def look_elsewhere(self) -> None:
        """Show what other windows have done with the chat; it may be closed meanwhile."""
        with suppress(NoMatches):
            await self._elsewhere.look()

    async def action_stop(self) -> None:
        """Ask the reply to end; asked a second time, or while the model is still loading, give it up.

        While a question is edited, only that ends.
        """
        if self.prompt.editing is not None:
            self._foot.end_edit()
            return
        await self._turns.running.stop(loading=not self.ready)

    async def leave(self, patience: float) -> int | None:
        """Stop the reply that runs, within some seconds; the saved chat that is open, to come back to."""
        self._foot.end_edit()
        if self.busy:
            await self.action_stop()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._turns.running.rest(), patience)
        return None if self._open.temporary else self._open.id

    async def interrupt(self) -> None:
        """Ctrl-C: stop the reply, or else clear the prompt where it is in sight."""
        if self.busy:
            await self.action_stop()
        elif self.is_active:
            self._foot.clear()

    @on(AssistantMessage.Grew)
    def _show_growth(self, event: AssistantMessage.Grew) -> None:
        if self.busy and not self._turns.running.stopping:
            self.status.state = "thinking" if event.thinking else "answering"
            self.status.rate = event.speed
            self.status.reply_tokens = event.tokens
