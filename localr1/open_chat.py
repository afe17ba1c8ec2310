"""The chat that is open in a front end, and the session that answers in it."""

from __future__ import annotations

import asyncio
from functools import partial

from localr1.chat.session import ChatSession
from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.errors import UsageError
from localr1.memory import resident_memory
from localr1.message import Message
from localr1.runtime import Runtime
from localr1.store.branches import Siblings
from localr1.store.chat import Chat
from localr1.store.chats import Chats


class OpenChat:
    """One chat at a time, over a runtime that may still be opening."""

    def __init__(
        self, runtime: asyncio.Future[Runtime], model: str, preset: ChatOptions | None = None
    ) -> None:
        self._opening = runtime
        self._preset = preset
        """What the command line asks new chats to begin with."""
        self._model = model
        """What the command line asks for, whatever chat is open."""
        self._for_new_chats = ""
        """What the user has chosen since."""
        self._chat: Chat | None = None
        self._temporary: Runtime | None = None
        self._changing = asyncio.Lock()
        self._templates: dict[str, str] = {}
        """Names of chat templates, by the names of models whose own can't be used."""
        self.session: ChatSession | None = None
        """None until the model has been looked for and found."""

    @property
    def id(self) -> int | None:
        """None for a chat in which nothing has been said."""
        return self._begun.id if self._begun else None

    @property
    def _begun(self) -> Chat | None:
        """The chat as it was opened or begun; None while nothing has been said in it."""
        return self.session.chat if self.session else self._chat

    def load_share(self) -> float | None:
        """How much of a model is loaded, 0 to 1; None while none is being loaded."""
        return self._opening.result().engine.load_share if self._opening.done() else None

    def engine_memory(self) -> int:
        """Bytes of main memory that the engine's process takes; 0 while there is none."""
        return resident_memory(self._opening.result().engine.pid) if self._opening.done() else 0

    def waiting(self) -> bool:
        """A write to the chats waits for another program."""
        opening = self._opening
        opened = opening.done() and not opening.cancelled() and not opening.exception()
        return opened and opening.result().chats.writer.waiting

    @property
    def temporary(self) -> bool:
        """The chat is gone when it is left."""
        return self._temporary is not None

    async def chats(self) -> Chats:
        """The chats that the open one is among."""
        return (await self.runtime()).chats

    async def saved_chats(self) -> Chats:
        """Every chat on the disk."""
        return (await asyncio.shield(self._opening)).chats

    async def model(self) -> str:
        """The name of the model that shall answer."""
        chosen = self._model or (self._chat.model if self._chat else "") or self._for_new_chats
        return chosen or (await self.runtime()).config.model

    async def only_bundled(self) -> bool:
        """There is no model but the one that ships with localr1, and it answers."""
        models = await asyncio.to_thread((await self.runtime()).library.models)
        bundled = {model.name for model in models if model.entry and model.entry.bundled}
        return len(bundled) == len(models) and await self.model() in bundled

    async def open(
        self,
        chat_id: int | None,
        *,
        latest: bool = False,
        message_id: int | None = None,
        temporary: bool = False,
    ) -> list[Message]:
        """Turn to a chat, on the branch of one of its messages perhaps, and give what was said in it.

        Without one it is a new one; a `temporary` one is never on the disk.
        """
        self._chat = self.session = self._temporary = None
        if temporary:
            self._temporary = (await self.runtime()).in_memory()
        chats = await self.chats()
        self._chat = chats.latest() if latest else chats.get(chat_id) if chat_id else None
        if message_id and message_id not in {message.id for message in chats.branch(chat_id or 0)}:
            await self.show_branch(message_id)
        return chats.branch(self._chat.id) if self._chat else []

    async def saved(self) -> Chat:
        """The chat as the store has it; raises UsageError while nothing has been said in it."""
        if self.id is None:
            raise UsageError("Nothing has been said in this chat yet.")
        return (await self.chats()).get(self.id)

    async def history(self) -> list[Message]:
        """What the store holds of the chat, on the branch that is shown."""
        chats = await self.chats()
        return chats.branch(self.id) if self.id else []

    async def siblings(self) -> list[Siblings]:
        """Where another branch of the chat could be shown."""
        chats = await self.chats()
        return chats.siblings(self.id) if self.id else []

    async def show_branch(self, message_id: int) -> None:
        """Show the branch of this message, now and whenever the chat is opened."""
        chats = await self.chats()
        await chats.writer.write(partial(chats.show_branch, message_id))

    async def forget_state(self, chat_id: int) -> None:
        """Let nothing on the disk hold what was evaluated of a chat, of which something goes for good."""
        runtime = await self.runtime()
        if self.session and self.id == chat_id:
            await self.session.end_preparation()
        if runtime.states:
            runtime.states.forget_chat(chat_id)

    async def begin_session(self) -> ChatSession:
        """The session of the chat; raises ModelFileError when its model is not here."""
        runtime = await self.runtime()
        async with self._changing:
            self.session = self.session or self._new_session(runtime, self._chat, await self.model())
            return self.session

    def prepare(self) -> None:
        """The user begins to write: let the engine take up what was said before."""
        if self.session:
            self.session.prepare()

    async def change_model(self, name: str) -> ChatSession:
        """Let another model answer from now on, here and in new chats.

        Raises LocalR1Error when it can't be loaded; then the one before goes on.
        """
        runtime = await self.runtime()
        async with self._changing:
            chat = self._begun
            session = self._new_session(runtime, chat, name)
            await session.load()
            if chat:
                chats = runtime.chats
                await chats.writer.write(partial(chats.set_model, chat.id, session.model.name))
            elif self.session:
                session.set_options(self.session.options)
            self.session = session
            self._model, self._for_new_chats = "", session.model.name
            return session

    async def use_settings(self, before: Config) -> None:
        """Let settings that were changed hold in what is open and in what will be."""
        config = (await self.runtime()).config
        if config.model != before.model:
            self._model = self._for_new_chats = ""
        if self.session:
            self.session.use_settings(config)

    async def use_template(self, name: str, template: str) -> None:
        """Write for this model in the format of a template, now and in later runs."""
        runtime = await self.runtime()
        model = runtime.library.find(name).name
        self._templates[model] = template
        if self.session and self.session.model.name == model:
            self.session.chat_template = template
        runtime.settings.keep_chat_template(model, template)

    def _new_session(self, runtime: Runtime, chat: Chat | None, name: str) -> ChatSession:
        session = runtime.session(chat, name, stays=True)
        session.chat_template = self._templates.get(session.model.name, session.chat_template)
        if self._preset and chat is None:
            session.set_options(self._preset.over(session.default_options))
        return session

    async def runtime(self) -> Runtime:
        """The one of a temporary chat while that is open.

        Whoever stops waiting for the runtime does not stop its opening.
        """
        return self._temporary if self._temporary else await asyncio.shield(self._opening)
