"""Damaged chats: the user chooses a backup, and it takes their place."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from textual.app import App

from localr1.errors import DamagedError
from localr1.safe_text import safe_line
from localr1.store.backups import Backup, list_backups
from localr1.store.files import real_path
from localr1.store.header import is_plain
from localr1.store.restoring import restore
from localr1.store.sealed_key import DatabaseKey
from localr1.tui.screens.damaged import DamagedScreen


class Mending:
    """What the app does where its database is damaged."""

    def __init__(self, app: App[None], database: Path) -> None:
        self._app = app
        self._database = database

    async def mend(self, error: DamagedError, key: DatabaseKey | None) -> bool:
        """Whether the database can be opened now; no where there is no backup, or none is wanted."""
        database = real_path(self._database)
        backups = [backup for backup in list_backups(database) if not backup.replaced]
        if not backups:
            return False
        answer: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        reason = error.message.removeprefix(f"{database.parent}/")
        screen = DamagedScreen(reason, backups, partial(self._restore, database, key))
        self._app.push_screen(screen, answer.set_result)
        return bool(await answer)

    async def _restore(self, database: Path, key: DatabaseKey | None, backup: Backup) -> None:
        backup_key = None if is_plain(backup.path) else key
        kept = await asyncio.to_thread(restore, database, backup.path, key=key, backup_key=backup_key)
        if kept:
            self._app.notify(f"The damaged file is kept as {safe_line(kept.name)}.", markup=False)
