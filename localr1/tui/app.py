"""The Textual app: opens the runtime behind the first frame, and gives the terminal back however it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import ClassVar

from rich.console import RenderableType
from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, InputEvent, Paste
from textual.screen import Screen
from textual.signal import Signal
from textual.worker import WorkerFailed

from localr1.chat_options import ChatOptions
from localr1.desktop import Desktop
from localr1.environment import find_editor
from localr1.errors import BusyError, ConfigError, LocalR1Error
from localr1.here import NOWHERE, Here
from localr1.paths import Paths
from localr1.runtime import Runtime, open_runtime
from localr1.settings import Settings
from localr1.store.driver import BUSY_TIMEOUT
from localr1.store.sealed_key import DatabaseKey
from localr1.tui.access import Access
from localr1.tui.clipboard import put
from localr1.tui.downloads.downloads import Downloads
from localr1.tui.downloads.unfinished import unfinished
from localr1.tui.driver import Driver
from localr1.tui.editor import Editor
from localr1.tui.idle import Idle, uptime
from localr1.tui.indexing import index
from localr1.tui.lending import Lending
from localr1.tui.locking import Locking
from localr1.tui.mending import Mending
from localr1.tui.preload import preload
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.passphrase import PassphraseScreen
from localr1.tui.screens.themes import ThemesScreen
from localr1.tui.themes import readable
from localr1.tui.widgets.status import READING_SECONDS
from localr1.tui.worn_theme import WornTheme
from localr1.wording import plural

NO_DESKTOP = Desktop()
QUIT_SECONDS = 2.0
"""Time between the two Ctrl-C that quit."""
IDLE_SECONDS = 1.0
"""Time between two looks whether the user is still there."""
CLOSING_SECONDS = BUSY_TIMEOUT
"""Time that a running reply has to be saved when the app ends."""


class LocalR1App(App[None]):
    """One chat screen over one runtime."""

    TITLE = "localr1"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Stop, or quit", show=False, system=True),
        Binding("ctrl+z", "suspend_process", "To the shell", show=False, priority=True),
        Binding("alt+q", "lock", "Lock the chats", show=False, priority=True),
    ]

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        *,
        chat_id: int | None = None,
        go_on: bool = False,
        model: str = "",
        preset: ChatOptions | None = None,
        desktop: Desktop = NO_DESKTOP,
        clock: Callable[[], float] = time.monotonic,
        open_runtime: Callable[
            [Settings, Paths, DatabaseKey | None], AbstractAsyncContextManager[Runtime]
        ] = open_runtime,
        editor: Editor | None = None,
        here: Here = NOWHERE,
        key: DatabaseKey | None = None,
        idle_clock: Callable[[], float] = uptime,
    ) -> None:
        super().__init__(driver_class=Driver)
        self._worn = WornTheme(self, settings)
        mending = Mending(self, paths.database)
        self._access = Access(partial(open_runtime, settings, paths), paths.database, mending.mend, key)
        self._idle = Idle(lambda: settings.config.lock_after, idle_clock)
        self._lending = Lending(self, self._idle)
        self._locking = Locking(self, self._access, self._idle, self._show_chat)
        self.downloads = Downloads(Signal(self, "downloads"), clock)
        self._chat_screen = partial(
            ChatScreen,
            downloads=self.downloads,
            editor=editor or Editor(find_editor, self._lending.lend),
            here=here,
            model=model,
            thinking=settings.config.thinking,
            preset=preset,
            clock=clock,
        )
        self._first_chat = (chat_id, go_on)
        self._desktop = desktop
        self._clock = clock
        self._asked_to_quit = float("-inf")
        self.failure: BaseException | None = None
        """What ended the app, where it was not the user."""

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, as they can be read."""
        self.theme_variables = readable(super().get_css_variables())
        return self.theme_variables

    def on_mount(self) -> None:
        chat_id, latest = self._first_chat
        self._fetch_models(self._show_chat(chat_id, latest=latest))
        self.set_interval(IDLE_SECONDS, self.action_lock_when_idle)

    def on_ready(self) -> None:
        self.run_worker(preload, thread=True, group="load")

    def _show_chat(self, chat_id: int | None, *, latest: bool = False) -> asyncio.Task[Runtime]:
        """Show a chat, behind the question for its passphrase if there is one; the runtime as it opens."""
        runtime = self._access.open()
        self.push_screen(self._chat_screen(runtime, chat_id=chat_id, latest=latest))
        if self._access.locked:
            self._clipboard = ""
            self.push_screen(PassphraseScreen(self._access.unlock))
        self._index(runtime)
        return runtime

    @work(group="index", exclusive=True)
    async def _index(self, opening: asyncio.Task[Runtime]) -> None:
        """Complete the index of the search; why a runtime does not open, the chat says."""
        with suppress(LocalR1Error):
            await index((await asyncio.shield(opening)).chats.search, lambda: self._busy)

    @property
    def _busy(self) -> bool:
        """A chat is being opened, or a reply is being written."""
        return any(
            not screen.ready or screen.busy for screen in self.screen_stack if isinstance(screen, ChatScreen)
        )

    @work(group="downloads")
    async def _fetch_models(self, opening: asyncio.Task[Runtime]) -> None:
        """Fetch what the user asks for, until the app ends; what is unfinished from before is offered."""
        runtime = await asyncio.shield(opening)
        with suppress(ConfigError):  # a catalog that can't be read is said in the chat
            for download in await asyncio.to_thread(unfinished, runtime.library):
                self.downloads.offer(download)
        await self.downloads.run(runtime.fetch)

    async def on_unmount(self) -> None:
        """The terminal is back already; let what is running end, then close the runtime."""
        running = asyncio.gather(*(worker.wait() for worker in self.workers), return_exceptions=True)
        _, late = await asyncio.wait([running], timeout=CLOSING_SECONDS)
        if late and self._access.waiting:
            self.failure = self.failure or BusyError(
                "The end of the last reply is not saved: another program keeps the chats locked."
            )
        await self._access.close()

    async def action_interrupt(self) -> None:
        """Ctrl-C: the first stops the reply or clears the prompt, the next one quits.

        While the terminal is lent, a program that runs in it is meant.
        """
        if not (self._lending.lent or self._locking.busy or self._asked_twice("Ctrl+C")):
            await self._chat.interrupt()

    def action_end_input(self) -> None:
        """Ctrl-D where nothing is written, as in a shell: the second one quits."""
        self._asked_twice("Ctrl+D")

    def _asked_twice(self, key: str) -> bool:
        """Quit where this was asked for a moment ago; else say what the next one does."""
        before, self._asked_to_quit = self._asked_to_quit, self._clock()
        if again := self._asked_to_quit - before < QUIT_SECONDS:
            self.exit()
        else:
            self._chat.status.flash(f"{key} once more quits", QUIT_SECONDS)
        return again

    def action_use_theme(self, name: str = "") -> None:
        """Change the colours, in later runs too; without a name, let them be looked at."""
        if name:
            self._worn.change(name, self._chat.status)
        else:
            self._choose_theme()

    @work(group="theme", exclusive=True)
    async def _choose_theme(self) -> None:
        if name := await self.push_screen_wait(ThemesScreen()):
            self.action_use_theme(name)

    async def on_event(self, event: Event) -> None:
        """Whatever the user does begins their time of absence anew."""
        if isinstance(event, InputEvent | Paste):
            self._idle.touch()
        await super().on_event(event)

    def action_lock_when_idle(self) -> None:
        """Lock chats that nobody has used for long; not while an editor has the terminal."""
        if not self._lending.lent:
            self._locking.lock_when_idle()

    def action_lock(self) -> None:
        """Alt+Q: lock the chats at once; plain ones have no lock."""
        if not self._locking.lock():
            self._chat.status.flash("not encrypted: localr1 lock, in the shell, does that", READING_SECONDS)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy to the terminal's clipboard and the desktop's, whatever is copied: marked text as well."""
        if text:
            super().copy_to_clipboard(text)
            self._copy_to_desktop(text)

    @work(group="copy", exclusive=True)
    async def _copy_to_desktop(self, text: str) -> None:
        """Say in the end which clipboard has the text."""
        owner = await put(text, self._desktop) or "the terminal's clipboard"
        self._chat.status.flash(f"copied {plural(len(text), 'character')} ({owner})")

    @property
    def _chat(self) -> ChatScreen:
        """The chat, whatever lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, ChatScreen))

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Draw, unless the terminal is far behind: it gets all anew once it has caught up."""
        if not isinstance(self._driver, Driver) or self._driver.takes_frame():
            super()._display(screen, renderable)

    def _handle_exception(self, error: Exception) -> None:
        """Keep the cause for the command line, which says it in one place."""
        self.failure = self.failure or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Close without Textual's traceback: it prints local variables, the chat's text among them."""
        self._close_messages_no_wait()
