"""A chat app under test: over the real engine, or over a scripted one with everything else real."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, cast

from msgspec.structs import asdict, replace
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.strip import Strip

from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.desktop import Desktop
from localr1.engine.client import Engine
from localr1.errors import DownloadError
from localr1.fit.machine import Machine
from localr1.here import NOWHERE, Here
from localr1.hub.events import PullEvent
from localr1.hub_access import Fetch
from localr1.library.elsewhere.find import FoundModel
from localr1.library.library import Library
from localr1.paths import Paths, find_paths
from localr1.runtime import Runtime
from localr1.saved_states import SavedStates
from localr1.settings import Settings
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.prompts import Prompts
from localr1.store.sealed_key import DatabaseKey
from localr1.store.tidying import tidied
from localr1.tui.app import NO_DESKTOP, LocalR1App
from localr1.tui.editor import Editor
from localr1.tui.screens.chat import ChatScreen
from tests.fakes import ScriptedEngine

MACHINE = Machine(memory_total=16_000_000_000, memory_free=6_200_000_000, cores=4, bandwidth=40e9)
PLAIN = Config()
WAIT_SECONDS = 30.0
THINKING = "The ones: 7 + 5 = 12, so 2 and carry 1.\nThe tens: 4 + 8 + 1 = 13.\n"
ANSWER = "47 + 85 = **132**."
NOON = 1_700_049_600.0
"""A fixed noon, UTC; the date is the same in every time zone but the last."""


async def a_machine() -> Machine:
    return MACHINE


async def fetch_nothing(name: str) -> AsyncGenerator[PullEvent, None]:
    """For tests that download nothing."""
    raise DownloadError(f"There is no hub to fetch {name} from.")
    yield


def pieces(thinking: str = THINKING, answer: str = ANSWER) -> tuple[str, ...]:
    """A reply of a model whose prompt has opened the thinking, word by word."""
    return (*_words(thinking), "</think>\n\n", *_words(answer))


def _words(text: str) -> list[str]:
    return [word + " " for word in text.split(" ")]


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def store(home: Path) -> Iterator[Chats]:
    """The chats of a home, as they lie on disk."""
    with closing(Database.open(paths_of(home).database)) as database:
        yield chats_in(database)


def chats_in(database: Database) -> Chats:
    """The chats of a database, all of them made at noon."""
    return Chats(database, clock=lambda: NOON)


def paths_of(home: Path) -> Paths:
    return find_paths({"LOCALR1_HOME": str(home)})


def settings_of(config: Config, home: Path) -> Settings:
    """The settings of a home, over them these as the command line would give them."""
    given = {name: value for name, value in asdict(config).items() if value != getattr(PLAIN, name)}
    return Settings(paths_of(home).config_file, environ={}, overrides=given)


def scripted_app(
    engine: ScriptedEngine,
    home: Path,
    *,
    theme: str = "textual-dark",
    chat_id: int | None = None,
    model: str = "",
    preset: ChatOptions | None = None,
    clock: Callable[[], float] = time.monotonic,
    config: Config = PLAIN,
    fetch: Fetch = fetch_nothing,
    machine: Callable[[], Awaitable[Machine]] = a_machine,
    elsewhere: Sequence[FoundModel] = (),
    editor: Editor | None = None,
    desktop: Desktop = NO_DESKTOP,
    may_open: asyncio.Event | None = None,
    here: Here = NOWHERE,
    idle_clock: Callable[[], float] = time.monotonic,
    key: DatabaseKey | None = None,
) -> LocalR1App:
    """The app over a scripted engine, a real store and library, on a machine that is always the same.

    Its runtime waits for `may_open`.
    """

    @asynccontextmanager
    async def open_runtime(
        settings: Settings, paths: Paths, key: DatabaseKey | None
    ) -> AsyncIterator[Runtime]:
        if may_open:
            await may_open.wait()
        states = SavedStates(paths.saved_states)
        with closing(Database.open(paths.database, key=key)) as database, tidied(database, states):
            yield Runtime(
                settings,
                paths,
                Library.open(paths),
                chats_in(database),
                Prompts(database),
                Drafts(database),
                cast(Engine, engine),
                fetch=fetch,
                states=None if key else states,
                machine=machine,
                elsewhere=lambda: list(elsewhere),
            )

    return LocalR1App(
        settings_of(replace(config, theme=theme), home),
        paths_of(home),
        chat_id=chat_id,
        model=model,
        preset=preset,
        clock=clock,
        desktop=desktop,
        open_runtime=open_runtime,
        editor=editor,
        here=here,
        idle_clock=idle_clock,
        key=key,
    )


def real_app(
    home: Path, *, chat_id: int | None = None, go_on: bool = False, model: str = "", **settings: Any
) -> LocalR1App:
    """The app over the real worker and the bundled model, without chance."""
    config = Config(temperature=0.0, threads=1, **settings)
    return LocalR1App(settings_of(config, home), paths_of(home), chat_id=chat_id, go_on=go_on, model=model)


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app run until something holds; fails when it never does."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        await pilot.pause(0.01)


async def shows(pilot: Pilot[None], text: str) -> None:
    """Wait until this stands on the screen."""
    await until(pilot, lambda: text in screen_text(pilot.app))


async def still(pilot: Pilot[None]) -> None:
    """Wait until the screen is drawn twice in the same way, its layout having settled."""
    drawn: list[Strip] = []

    def same() -> bool:
        nonlocal drawn
        before, drawn = drawn, pilot.app.screen._compositor.render_strips()
        return before == drawn

    await pilot.pause()
    await until(pilot, same)


def pictured(before: Callable[[Pilot[None]], Awaitable[object]]) -> Callable[[Pilot[None]], Awaitable[None]]:
    """What leads to a picture, which is taken once the screen is still."""

    async def lead(pilot: Pilot[None]) -> None:
        await before(pilot)
        await still(pilot)

    return lead


def chat_of(app: App[None]) -> ChatScreen:
    """The chat screen, whatever lies over it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ChatScreen))


async def opened(pilot: Pilot[None]) -> ChatScreen:
    """The chat screen once its model is loaded or has failed to."""
    await until(pilot, lambda: any(isinstance(screen, ChatScreen) for screen in pilot.app.screen_stack))
    chat = chat_of(pilot.app)
    await until(pilot, lambda: chat.ready)
    return chat


async def press_at_once(pilot: Pilot[None], keys: Iterable[str]) -> None:
    """Press keys for one widget in one burst, as a terminal sends them, and wait until they are taken."""
    for key in keys:
        pilot.app.post_message(Key("space", " ") if key == " " else Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def ask(pilot: Pilot[None], question: str) -> ChatScreen:
    """Write a question, send it, and wait for the end of the reply."""
    chat = await opened(pilot)
    await send(pilot, question)
    await until(pilot, lambda: not chat.busy)
    return chat


async def send(pilot: Pilot[None], question: str) -> None:
    """Write a question and send it."""
    chat_of(pilot.app).prompt.insert(question)
    await pilot.press("enter")


def screen_text(app: App[None]) -> str:
    """What stands on the screen, cell by cell."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
