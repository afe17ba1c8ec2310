"""The plain chat: the chat that is open, its turns, and what is said about them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from localr1.chat.events import Event
from localr1.chat.session import ChatSession
from localr1.chat_options import ChatOptions
from localr1.cli.plain.reply import Reply
from localr1.cli.transcript import transcript_lines
from localr1.errors import LocalR1Error, StoppedError
from localr1.loop_thread import LoopThread
from localr1.message import Message
from localr1.open_chat import OpenChat
from localr1.runtime import Runtime
from localr1.safe_text import safe_line, safe_text
from localr1.store.chat import Chat
from localr1.store.writer import WAITING
from localr1.wording import model_name, plural

T = TypeVar("T")
PATIENCE = 1.0
"""Seconds of loading before a word about it."""
LOOK_SECONDS = 0.25
"""Between two looks whether the store waits."""
LAST_MESSAGES = 2
"""What is shown of a chat that is opened."""


class PlainChat:
    """Belongs to the main thread; all that waits happens in the loop behind it."""

    def __init__(
        self, loop: LoopThread, runtime: Runtime, model: str, preset: ChatOptions | None = None
    ) -> None:
        self._loop = loop
        self._loading: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self.runtime = runtime
        self.open_chat = self.run(_open_chat(runtime, model, preset))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something that happens in the loop."""
        return self._loop.run(work)

    def say(self, text: str) -> None:
        """One line or more."""
        sys.stdout.write(f"{safe_text(text)}\n")
        sys.stdout.flush()

    def say_error(self, error: LocalR1Error) -> None:
        """What went wrong; what the user stopped is no fault."""
        self.say("(stopped)" if isinstance(error, StoppedError) else f"Error: {error.message}")
        if error.hint:
            self.say(error.hint)

    def open(self, chat_id: int | None, *, latest: bool = False) -> None:
        """Turn to a chat, or to a new one, and load its model while the user reads."""
        self.run(self._open(chat_id, latest=latest))
        if self.open_chat.id is None:
            self.say(f"A new chat with {model_name(self.run(self.open_chat.model()))}.")
        else:
            chat = self.saved()
            self.say(f"Chat {chat.id}, {plural(chat.messages, 'message')}: {safe_line(chat.title)}")
            self.show(LAST_MESSAGES)
        try:
            self.run(self._begin_load())
        except LocalR1Error as error:  # what was said can be read without its model
            self.say_error(error)

    def session(self) -> ChatSession:
        """What answers in the chat; raises ModelFileError when its model is not here."""
        return self.run(self.open_chat.begin_session())

    def saved(self) -> Chat:
        """The chat as the store has it; raises UsageError while nothing has been said in it."""
        return self.run(self.open_chat.saved())

    def history(self) -> list[Message]:
        """What was said, oldest first."""
        return self.run(self.open_chat.history())

    def show(self, newest: int | None = None) -> None:
        """Write what was said, or the newest messages of it."""
        chat, messages = self.saved(), self.history()
        for line in [*transcript_lines(chat, messages[-newest:] if newest else messages, thinking=False)][2:]:
            self.say(line)

    def turn(self, begin: Callable[[ChatSession], AsyncGenerator[Event, None]]) -> None:
        """Take one turn and write it as it comes; raises LocalR1Error."""
        reply = Reply()
        try:
            self.run(self._turn(begin, reply))
        finally:
            reply.close()

    def use(self, model: str) -> None:
        """Let another model answer; raises LocalR1Error where it can't be loaded."""
        self.run(self.open_chat.change_model(model))

    def stop(self) -> None:
        """End the reply that runs, or the load of its model; a signal handler may do this."""
        self._loop.call(self._stop)

    def _stop(self) -> None:
        if session := self.open_chat.session:
            self._stopping = asyncio.create_task(session.stop())

    async def _open(self, chat_id: int | None, *, latest: bool) -> None:
        if self._loading:
            self._loading.cancel()
            self._loading = None
        await self.open_chat.open(chat_id, latest=latest)

    async def _begin_load(self) -> None:
        self._loading = asyncio.create_task(_load(await self.open_chat.begin_session()))

    async def _turn(self, begin: Callable[[ChatSession], AsyncGenerator[Event, None]], reply: Reply) -> None:
        session = await self.open_chat.begin_session()
        if self._loading:
            await asyncio.wait([self._loading], timeout=PATIENCE)
            if not self._loading.done():
                self.say(f"Loading {model_name(session.model.name)}…")
        saying = asyncio.create_task(self._say_waiting(session))
        try:
            async with aclosing(begin(session)) as events:
                async for event in events:
                    reply.show(event)
        finally:
            saying.cancel()

    async def _say_waiting(self, session: ChatSession) -> None:
        said = False
        while not said:
            await asyncio.sleep(LOOK_SECONDS)
            if said := session.waiting:
                self.say(f"({WAITING})")


async def _load(session: ChatSession) -> None:
    with suppress(LocalR1Error):  # the next turn finds it again, and says it
        await session.load()


async def _open_chat(runtime: Runtime, model: str, preset: ChatOptions | None) -> OpenChat:
    opened: asyncio.Future[Runtime] = asyncio.get_running_loop().create_future()
    opened.set_result(runtime)
    return OpenChat(opened, model, preset)
