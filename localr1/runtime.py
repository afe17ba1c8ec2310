"""Builds configuration, store, engine and library once for either front end, and closes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from localr1.chat.session import ChatSession
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.connection import Connect
from localr1.foreign_directories import foreign_directories
from localr1.grammar.form import AnswerForm
from localr1.hub_access import Fetch, ask_hub, fetch_model
from localr1.library.library import Library
from localr1.paths import Paths
from localr1.saved_states import SavedStates
from localr1.settings import Settings
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.daily import backed_up_daily
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.key_file import is_encrypted
from localr1.store.prompts import Prompts
from localr1.store.retention import Retention, outlived
from localr1.store.sealed_key import DatabaseKey
from localr1.store.tidying import tidied

if TYPE_CHECKING:
    from localr1.fit.machine import Machine
    from localr1.hub.hub import Hub
    from localr1.library.elsewhere.find import FoundModel
    from localr1.presets import Presets

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a front end needs, built and open."""

    settings: Settings
    paths: Paths
    library: Library
    chats: Chats
    prompts: Prompts
    drafts: Drafts
    engine: Engine
    fetch: Fetch
    states: SavedStates | None
    """None for chats that leave nothing on the disk."""
    machine: Callable[[], Awaitable[Machine]]
    """Measures the machine as it is now; the model that is loaded counts as gone."""
    elsewhere: Callable[[], list[FoundModel]]
    """Looks where other programs keep models, which takes a moment."""

    @property
    def config(self) -> Config:
        """The settings as they are now."""
        return self.settings.config

    @property
    def presets(self) -> Presets:
        """What chats can be set to by one name."""
        from localr1.presets import Presets

        return Presets(self.paths.presets_file)

    async def ask_hub(self, ask: Callable[[Hub], T]) -> T:
        """What the hub answers; asked in the background, and no more when this is cancelled."""
        return await ask_hub(self.config, ask)

    def forget(self, keep: int | None = None) -> int:
        """Take chats out of sight that are older than the user wants, not the one to `keep`; how many."""
        if self.chats.read_only:
            return 0
        config = self.config
        retention = Retention(config.forget_after, config.forget_after_tag)
        if found := outlived(self.chats, retention, time.time(), keep):
            self.chats.deletions.add(*(chat.id for chat in found))
        return len(found)

    def in_memory(self) -> Runtime:
        """The same with another store, which is gone when nobody has it any more and is never on the disk."""
        database = Database.in_memory()
        chats, prompts, drafts = Chats(database), Prompts(database), Drafts(database)
        return replace(self, chats=chats, prompts=prompts, drafts=drafts, states=None)

    def session(
        self,
        chat: Chat | None = None,
        model: str = "",
        given: ChatOptions = NO_OPTIONS,
        *,
        stays: bool = False,
        form: AnswerForm | None = None,
    ) -> ChatSession:
        """A session in a chat, or in a new one; raises ModelFileError when its model is not here.

        `given`, `stays` and `form` are as `ChatSession` has them.
        """
        name = model or (chat.model if chat else "") or self.config.model
        found = self.library.find(name)
        return ChatSession(
            self.chats,
            self.engine,
            found,
            self.config,
            chat,
            library=self.library,
            given=given,
            states=self.states,
            stays=stays,
            form=form,
        )


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    paths: Paths,
    key: DatabaseKey | None = None,
    *,
    temporary: bool = False,
    connect: Connect | None = None,
) -> AsyncIterator[Runtime]:
    """Start the engine, its workers from `connect` perhaps, and open the runtime over it."""
    async with (
        Engine.start(paths.engine_log, connect=connect, paces=paths.paces_file) as engine,
        runtime_with(engine, settings, paths, key, temporary=temporary) as runtime,
    ):
        yield runtime


@asynccontextmanager
async def runtime_with(
    engine: Engine,
    settings: Settings,
    paths: Paths,
    key: DatabaseKey | None = None,
    *,
    temporary: bool = False,
    library: Library | None = None,
) -> AsyncIterator[Runtime]:
    """The runtime over an engine, which ends before deleted chats are erased: it could keep their states."""
    with runtime_over(engine, settings, paths, key, temporary=temporary, library=library) as runtime:
        try:
            yield runtime
        finally:
            await engine.close()


@contextmanager
def runtime_over(
    engine: Engine,
    settings: Settings,
    paths: Paths,
    key: DatabaseKey | None = None,
    *,
    temporary: bool = False,
    library: Library | None = None,
) -> Iterator[Runtime]:
    """Open the store, with its `key` if it is encrypted, and the library, unless it is open already.

    A temporary store lives in memory, needs no key, and leaves nothing behind.
    """
    states = SavedStates(paths.saved_states)
    library = library or Library.open(paths)
    with _opened(paths, key, states, temporary=temporary) as database:
        yield Runtime(
            settings,
            paths,
            library,
            Chats(database),
            Prompts(database),
            Drafts(database),
            engine,
            fetch=partial(fetch_model, settings, library),
            states=None if temporary or is_encrypted(paths.database) else states,
            machine=partial(_measure, engine, paths),
            elsewhere=partial(_look_elsewhere, library),
        )


@contextmanager
def _opened(
    paths: Paths, key: DatabaseKey | None, states: SavedStates, *, temporary: bool
) -> Iterator[Database]:
    if temporary:
        with closing(Database.in_memory()) as database:
            yield database
        return
    database = Database.open(paths.database, key=key)
    with closing(database), backed_up_daily(database), tidied(database, states):
        yield database


async def _measure(engine: Engine, paths: Paths) -> Machine:
    from localr1.fit.machine import measure_machine
    from localr1.memory import held_memory

    devices = (await engine.about()).devices
    held = held_memory(engine.pid)
    return await asyncio.to_thread(measure_machine, devices, paths.machine_file, held=held)


def _look_elsewhere(library: Library) -> list[FoundModel]:
    from localr1.library.elsewhere.find import find_elsewhere

    return find_elsewhere(foreign_directories(), known=[model.path for model in library.models()])
