"""What becomes of what the user writes: a question, a command, or a draft that is kept."""

from __future__ import annotations

from textual import on, work

from localr1.chat.votes import Poll
from localr1.errors import LocalR1Error
from localr1.slash import Call, numbered, read, written
from localr1.tui.files.mention import mentions
from localr1.tui.screens.chat_view import ChatView
from localr1.tui.widgets.prompt import Prompt


class ChatWriting(ChatView):
    """Takes what stands in the prompt when it is sent, and keeps it until then."""

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

    @work(group="send", exclusive=True)
    async def action_vote(self, argument: str) -> None:
        """Let so many replies vote on a question, or on the last one."""
        samples, text = numbered(argument)
        if not text:
            self._questions.vote_again(Poll(samples))
            return
        call = f"/votes {argument}"
        with self.status.saying_errors():
            try:
                self._questions.vote(Poll(samples), await self._written.message(text), call)
            except LocalR1Error:
                self.prompt.restore(call)
                raise

    @on(Prompt.Changed)
    def _keep_draft(self) -> None:
        self._draft.change()
        self._open.prepare()
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
