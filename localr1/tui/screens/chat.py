"""The chat: conversation above, prompt below, one line that says how things stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.screen import Screen

from localr1.chat_options import ChatOptions
from localr1.errors import LocalR1Error
from localr1.here import Here
from localr1.runtime import Runtime
from localr1.slash import Call, chat_number, read, written
from localr1.tui.arguments import Arguments
from localr1.tui.calls import SCREEN_COMMANDS, Calls
from localr1.tui.chats.wanted import Wanted
from localr1.tui.copying import Part, text_of
from localr1.tui.downloads.downloads import Downloads
from localr1.tui.draft import Draft
from localr1.tui.editor import Editor
from localr1.tui.files.mention import mentions
from localr1.tui.files.written import Written
from localr1.tui.keys import bindings
from localr1.tui.loading import change_model, load_model
from localr1.tui.open_chat import OpenChat
from localr1.tui.questions import Questions
from localr1.tui.replies import Replies
from localr1.tui.saved_chat import export, rename
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.screens.copy import CopyScreen
from localr1.tui.screens.help import HelpScreen
from localr1.tui.screens.settings import SettingsScreen
from localr1.tui.screens.this_chat import ThisChatScreen
from localr1.tui.slash_source import SlashSource
from localr1.tui.turns import Turns
from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.download_line import DownloadLine
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.reader import Reader
from localr1.tui.widgets.status import Status
from localr1.tui.widgets.transcript import ThinkingMode
from localr1.tui.wording import model_name

LOW = 16
"""Lines below which every one of them counts."""
TALL = 30
"""Rows of a screen that can spare one more for the hints."""


class ChatScreen(Screen[None]):
    """Shows one chat at a time; the runtime may still be opening when the screen appears."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

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

    def compose(self) -> ComposeResult:
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
        chat_id, latest = self._first_chat
        self.open(chat_id, latest=latest)

    def on_unmount(self) -> None:
        self._draft.save()

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
        await self._open.saved_chats()
        self.status.temporary = temporary
        try:
            messages = await self._open.open(
                chat_id, latest=latest, message_id=message_id, temporary=temporary
            )
            self._draft.turn_to((await self._open.runtime()).drafts, self._open.id)
            self.status.begin(await self._open.model(), messages)
            self._foot.begin(asked=bool(messages))
            only_bundled = not messages and await self._open.only_bundled()
            await self.conversation.open(
                messages, self.status.model, at=message_id, only_bundled=only_bundled, temporary=temporary
            )
            self.conversation.mark(await self._open.siblings())
            self._shown.set()
            await load_model(self._open, self.status)
        except LocalR1Error as error:
            await self.conversation.fail(error)
        self._shown.set()
        self._loaded.set()

    @work(group="use", exclusive=True)
    async def use(self, model: str) -> None:
        """Let another model answer, once the reply that runs has ended."""
        if self.busy:
            self.status.flash(f"{model_name(model)} answers after this reply; Esc stops it")
        await self._turns.running.rest()
        await self._loaded.wait()
        self._loaded.clear()
        try:
            await change_model(model, self._open, self.conversation, self.status)
        finally:
            self._loaded.set()

    @work(group="use", exclusive=True)
    async def load_again(self) -> None:
        """Load the model as the settings are now, once the reply that runs has ended."""
        await self._turns.running.rest()
        await self._loaded.wait()
        self._loaded.clear()
        try:
            await load_model(self._open, self.status)
        except LocalR1Error as error:
            await self.conversation.fail(error)
        finally:
            self._loaded.set()

    @on(Prompt.Sent)
    async def _send(self, event: Prompt.Sent) -> None:
        match read(event.text) if self.prompt.editing is None else event.text:
            case Call() as call:
                await self._calls.call(call)
            case text if mentions(text):
                self._send_files(event.text, text)
            case text:
                self._questions.send(text)

    @work(group="send", exclusive=True)
    async def _send_files(self, shown: str, text: str) -> None:
        """Send a text with the files that it mentions; where one can't go, say why and keep all as it is.

        The prompt shows it as `shown`.
        """
        with self.status.saying_errors():
            message = await self._written.message(text)
            if self.prompt.text.strip() == shown:
                self._questions.send(message)
            else:
                self.status.flash("changed while its files were read; Enter sends it")

    @on(Prompt.Changed)
    def _keep_draft(self) -> None:
        self._draft.change()
        self._look_at_written()

    @work(group="written", exclusive=True)
    async def _look_at_written(self) -> None:
        with self.status.saying_errors():
            await self._written.look()

    @on(Prompt.EarlierWanted)
    @work(group="recall")
    async def _recall(self) -> None:
        """Let the user walk through what they asked before."""
        with self.status.saying_errors():
            self.prompt.recall([*map(written, (await self._open.runtime()).prompts.newest())])

    @work(group="edit")
    async def action_open_editor(self) -> None:
        """Let the user go on writing in their own editor."""
        with self.status.saying_errors():
            self.prompt.rewrite(await self._editor.edit(self.prompt.text))

    @on(AssistantMessage.Grew)
    def _show_growth(self, event: AssistantMessage.Grew) -> None:
        if self.busy and not self._turns.running.stopping:
            self.status.state = "thinking" if event.thinking else "answering"
            self.status.rate = event.speed
            self.status.reply_tokens = event.tokens

    def action_retry(self) -> None:
        """Answer the last question once more."""
        self._questions.retry()

    def action_edit(self, text: str = "") -> None:
        """Let the user edit the last question, or ask this text in its place."""
        self._questions.edit()
        if text and self.prompt.editing is not None:
            self._questions.send(text)

    @on(Reader.EditWanted)
    def _edit_question(self, event: Reader.EditWanted) -> None:
        self._questions.edit(event.message_id)
        self.prompt.focus()

    @on(Reader.DeleteWanted)
    @work(group="choose", exclusive=True)
    async def _delete_question(self, event: Reader.DeleteWanted) -> None:
        await self._questions.delete(event.message_id)

    def action_step_branch(self, forward: bool) -> None:
        """Show the next branch, or the one before."""
        self._replies.step_branch(forward=forward)

    def action_show_branch(self, message_id: int) -> None:
        """Show the branch of this message."""
        self._replies.show_branch(message_id)

    async def action_answer_now(self) -> None:
        """End the thinking, so that the answer comes."""
        await self._replies.answer_now()

    def action_go_on(self) -> None:
        """Go on with a reply that was cut."""
        self._replies.go_on()

    def action_think_longer(self) -> None:
        """Give the last question a reply that thinks longer."""
        self._replies.think_longer()

    async def action_stop(self) -> None:
        """Ask the reply to end; asked a second time, or while the model is still loading, give it up.

        While a question is edited, only that ends.
        """
        if self.prompt.editing is not None:
            self._foot.end_edit()
            return
        await self._turns.running.stop(loading=not self.ready)

    async def interrupt(self) -> None:
        """Ctrl-C: stop the reply, or else clear the prompt where it is in sight."""
        if self.busy:
            await self.action_stop()
        elif self.is_active:
            self._foot.clear()

    def action_thinking(self, all_of_it: bool = False) -> None:
        """Open or fold the newest thinking, or all."""
        self.conversation.toggle_thinking(all_of_it=all_of_it)

    def action_hide_thinking(self) -> None:
        """Hide all thinking, or show it again."""
        self.conversation.thinking_hidden = not self.conversation.thinking_hidden

    def action_files(self) -> None:
        """Open or fold the files of the newest question that has some."""
        self.conversation.toggle_files()

    @work(group="copy", exclusive=True)
    async def action_copy(self, name: str = "") -> None:
        """Copy the part of this name, or the one that the user chooses."""
        part = Part(name) if name else await self.app.push_screen_wait(CopyScreen())
        try:
            text = await text_of(part, self._open, self.conversation) if part else ""
        except LocalR1Error as error:
            await self.conversation.fail(error)
            return
        if text:
            self.app.copy_to_clipboard(text)
        elif part:
            self.status.flash(f"there is no {part.value} to copy yet")

    @on(Answer.CodeWanted)
    def _copy_code(self, event: Answer.CodeWanted) -> None:
        self.app.copy_to_clipboard(event.source)

    def action_new(self) -> None:
        """Begin a new chat."""
        self.open(None)

    @work(group="choose", exclusive=True)
    async def action_palette(self) -> None:
        """Let the user find anything to do."""
        await self._calls.choose()

    @work(group="choose", exclusive=True)
    async def action_chats(self) -> None:
        """Let the user choose a chat."""
        shown = None if self._open.temporary else self._open.id
        match await self.app.push_screen_wait(ChatsScreen(await self._open.saved_chats(), shown)):
            case Wanted(int(chat_id), message_id) if chat_id == shown and self.conversation.holds(message_id):
                await self.conversation.show_message(message_id)
            case Wanted(chat_id, message_id, temporary):
                self.open(chat_id, message_id=message_id, temporary=temporary)

    @work(group="choose", exclusive=True)
    async def action_open_chat(self, number: str) -> None:
        """Open the chat with this number."""
        with self.status.saying_errors():
            self.open((await self._open.saved_chats()).get(chat_number(number)).id)

    @work(group="change", exclusive=True)
    async def action_rename(self, title: str = "") -> None:
        """Give the chat another title."""
        await rename(self._open, self.status, title)

    @work(group="change", exclusive=True)
    async def action_export(self, file: str = "") -> None:
        """Write the chat to a file."""
        await export(self._open, self.status, file)

    def action_use(self, model: str = "") -> None:
        """Let this model answer, or the one that the user chooses."""
        if model:
            self.use(model)
        else:
            self.action_models()

    @on(DownloadLine.Clicked)
    @work(group="choose", exclusive=True)
    async def action_models(self) -> None:
        """Let the user choose a model, and fetch or remove some."""
        from localr1.tui.screens.models import ModelsScreen

        runtime = await self._open.runtime()
        screen = ModelsScreen(runtime, self._downloads, self._foot.downloads.seen())
        if (model := await self.app.push_screen_wait(screen)) and model != self.status.model:
            self.use(model)

    @work(group="choose", exclusive=True)
    async def action_settings(self) -> None:
        """Let the user look at the settings and change them."""
        runtime = await self._open.runtime()
        before = runtime.config
        load_now = await self.app.push_screen_wait(SettingsScreen(runtime.settings, runtime.library))
        await self._open.use_settings(before)
        if runtime.config.thinking != before.thinking:
            self.conversation.treat_thinking(runtime.config.thinking)
        if load_now:
            self.load_again()

    @work(group="choose", exclusive=True)
    async def action_this_chat(self) -> None:
        """Let the user set this chat to instructions, effort and sampling of its own."""
        with self.status.saying_errors():
            session, runtime = await self._open.begin_session(), await self._open.runtime()
            await self.app.push_screen_wait(ThisChatScreen(session, runtime.settings, runtime.presets))

    @on(Prompt.HelpWanted)
    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    async def action_scroll(self, key: str) -> None:
        """Scroll the conversation."""
        await self.conversation.scroll_by_key(key)
