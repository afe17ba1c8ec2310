"""The chat, and what its keys and commands do; the table of them is `localr1.commands`."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.binding import BindingType

from localr1.errors import LocalR1Error
from localr1.slash import chat_number
from localr1.tui.chat_options import set_effort, set_instructions, use_preset
from localr1.tui.chats.wanted import Wanted
from localr1.tui.copying import Part, text_of
from localr1.tui.importing import bring_in
from localr1.tui.keys import bindings
from localr1.tui.saved_chat import export, rename
from localr1.tui.screens.chat_writing import ChatWriting
from localr1.tui.screens.copy import CopyScreen
from localr1.tui.screens.help import HelpScreen
from localr1.tui.widgets.code_wanted import CodeWanted
from localr1.tui.widgets.download_line import DownloadLine
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.reader import Reader


class ChatScreen(ChatWriting):
    """Each action is handed on to whoever can do it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

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

    @on(CodeWanted)
    def _copy_code(self, event: CodeWanted) -> None:
        self.app.copy_to_clipboard(event.source)

    def action_new(self, temporary: bool = False) -> None:
        """Begin a new chat, or one that is never on the disk."""
        self.open(None, temporary=temporary)

    @work(group="choose", exclusive=True)
    async def action_palette(self) -> None:
        """Let the user find anything to do."""
        await self._calls.choose()

    @work(group="choose", exclusive=True)
    async def action_chats(self) -> None:
        """Let the user choose a chat."""
        from localr1.tui.screens.chats import ChatsScreen

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

    @work(group="import", exclusive=True)
    async def action_import_chats(self, file: str) -> None:
        """Bring in the chats of another program."""
        await bring_in(self._open, self.status, file)

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
        from localr1.tui.screens.settings import SettingsScreen

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
        from localr1.tui.screens.this_chat import ThisChatScreen

        with self.status.saying_errors():
            session, runtime = await self._open.begin_session(), await self._open.runtime()
            await self.app.push_screen_wait(ThisChatScreen(session, runtime.settings, runtime.presets))

    @work(group="change", exclusive=True)
    async def action_use_preset(self, name: str) -> None:
        """Set this chat to a preset."""
        await use_preset(self._open, self.status, name)

    @work(group="change", exclusive=True)
    async def action_set_effort(self, effort: str) -> None:
        """Let this chat think so long."""
        await set_effort(self._open, self.status, effort)

    @work(group="change", exclusive=True)
    async def action_instruct(self, instructions: str = "") -> None:
        """Give this chat instructions, or let the user write them."""
        if instructions:
            await set_instructions(self._open, self.status, instructions)
        else:
            self.action_this_chat()

    @on(Prompt.HelpWanted)
    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    async def action_scroll(self, key: str) -> None:
        """Scroll the conversation."""
        await self.conversation.scroll_by_key(key)
