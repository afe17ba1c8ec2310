"""Locking encrypted chats: everything of them goes, and the question for their passphrase takes its place."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from localr1.tui.access import Access
from localr1.tui.idle import Idle
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.curtain import Curtain

PATIENCE = 3.0
"""Seconds that a running reply has to be saved."""


class Locking:
    """Locks when it is told to, or when nobody has been there for long."""

    def __init__(
        self, app: App[None], access: Access, idle: Idle, show_chat: Callable[[int | None], object]
    ) -> None:
        """`show_chat` shows a chat behind the question for its passphrase."""
        self._app = app
        self._access = access
        self._idle = idle
        self._show_chat = show_chat
        self.busy = False
        """Neither the chat nor the question is there."""

    def lock(self) -> bool:
        """Begin to lock; False where the chats are not encrypted."""
        if self._access.encrypted and not (self.busy or self._access.locked):
            self.busy = True
            self._app.push_screen(Curtain())
            self._app.run_worker(self._lock(), group="lock")
        return self._access.encrypted

    def lock_when_idle(self) -> None:
        """Lock chats that nobody has used for as long as the user wanted."""
        if self._idle.over:
            self.lock()

    async def _lock(self) -> None:
        """Save and clear all that is shown, then end the runtime.

        What the engine knew of the chat ends with its process.
        """
        shown = await self._leave()
        for group in ("copy", "theme"):
            self._app.workers.cancel_group(self._app, group)
        self._app.clear_notifications()
        with self._app.batch_update():
            while len(self._app.screen_stack) > 1:
                await self._app.pop_screen()
        await self._access.close()
        self._show_chat(shown)
        self.busy = False

    async def _leave(self) -> int | None:
        for screen in self._app.screen_stack:
            if isinstance(screen, ChatScreen):
                return await screen.leave(PATIENCE)
        return None
