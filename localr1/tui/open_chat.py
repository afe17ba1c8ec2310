"""The chat that is on the screen, and the session that answers in it."""

from __future__ import annotations

import asyncio

from localr1.chat.session import ChatSession
from localr1.message import Message
from localr1.runtime import Runtime
from localr1.store.chats import Chat, Chats


class OpenChat:
    """One chat at a time, over a runtime that may still be opening."""

    def __init__(self, runtime: asyncio.Task[Runtime], model: str) -> None:
        self._opening = runtime
        self._model = model
        self._chat: Chat | None = None
        self.session: ChatSession | None = None
        """None until the model has been looked for and found."""

    @property
    def id(self) -> int | None:
        """None for a chat in which nothing has been said."""
        chat = self.session.chat if self.session else self._chat
        return chat.id if chat else None

    async def chats(self) -> Chats:
        """Every chat there is."""
        return (await self._runtime()).chats

    async def model(self) -> str:
        """The name of the model that shall answer."""
        return self._model or (self._chat.model if self._chat else "") or (await self._runtime()).config.model

    async def open(self, chat_id: int | None, *, latest: bool = False) -> list[Message]:
        """Turn to a chat, or to a new one, and give what was said in it."""
        chats = await self.chats()
        self._chat = self.session = None
        self._chat = chats.latest() if latest else chats.get(chat_id) if chat_id else None
        return chats.branch(self._chat.id) if self._chat else []

    async def begin_session(self) -> ChatSession:
        """The session of the chat; raises ModelFileError when its model is not here."""
        runtime = await self._runtime()
        self.session = self.session or runtime.session(self._chat, self._model)
        return self.session

    async def _runtime(self) -> Runtime:
        """Whoever stops waiting for the runtime does not stop its opening."""
        return await asyncio.shield(self._opening)
