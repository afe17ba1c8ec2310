"""A runtime that opens when the first question is asked, and serves many with settings of their own."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from localr1.chat.session import ChatSession
from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.engine.source import worker_source
from localr1.grammar.form import AnswerForm
from localr1.paths import Paths
from localr1.runtime import Runtime, open_runtime
from localr1.safe_text import safe_line
from localr1.sampling import SamplingChoice
from localr1.settings import Settings
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.passphrase_file import read_passphrase_file
from localr1.store.sealed_key import DatabaseKey
from localr1.validation import convert

Setting: TypeAlias = str | int | float | bool
OF_A_QUESTION = ("effort", *SamplingChoice.__struct_fields__)
"""Settings that a chat has of its own as well."""


class LazyRuntime:
    """Belongs to the event loop in which it is first used."""

    def __init__(
        self, paths: Paths, settings: Mapping[str, Setting], *, save: bool, passphrase: str | None
    ) -> None:
        """Without `save` nothing of a chat is on the disk; `passphrase` is for chats that are encrypted."""
        self._paths = paths
        self._settings = settings
        self._save = save
        self._passphrase = passphrase
        self._opened = AsyncExitStack()
        self._runtime: Runtime | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def require_usable(self) -> None:
        """Raises ValueError when it is closed, RuntimeError in another event loop than its own."""
        if self._closed:
            raise ValueError("the client is closed")
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if loop is not self._loop:
            raise RuntimeError("the client belongs to another event loop; make one in this loop")

    async def session(
        self, chat: int | None, settings: Mapping[str, Setting], form: AnswerForm | None
    ) -> ChatSession:
        """A session in this chat, or a new one, with these settings before those for all.

        As on the command line, how to think and to draw goes before the chat's own options, and is not kept.
        """
        given = {**self._settings, **settings}
        options = convert(
            {name: given.pop(name) for name in OF_A_QUESTION if name in given}, ChatOptions, source=""
        )
        in_force = Settings(self._paths.config_file, overrides=given)
        if self._runtime is None:
            self._runtime = await self._open(in_force)
        runtime = replace(self._runtime, settings=in_force)
        found = None if chat is None else runtime.chats.get(chat)
        return runtime.session(found, str(given.get("model") or ""), options, form=form)

    def preset(self, name: str) -> ChatOptions:
        """What a preset sets a chat to; raises UsageError where there is none of this name."""
        from localr1.presets import Presets

        return Presets(self._paths.presets_file).find(name).options

    async def close(self) -> None:
        """End the worker, or leave one that is kept warm."""
        if self._loop and not self._closed:
            self.require_usable()
        self._closed = True
        await self._opened.aclose()

    async def _open(self, settings: Settings) -> Runtime:
        config, paths = settings.config, self._paths
        key = await asyncio.to_thread(self._key, config) if self._save else None
        encrypted = self._save and is_encrypted(paths.database)
        source = worker_source(config, paths, encrypted=encrypted, save=self._save)
        if source.obstacle:
            warnings.warn(f"The engine is not kept warm: {safe_line(source.obstacle)}.", stacklevel=2)
        opening = open_runtime(settings, paths, key, temporary=not self._save, connect=source.connect)
        return await self._opened.enter_async_context(opening)

    def _key(self, config: Config) -> DatabaseKey | None:
        """None where the chats are not encrypted, or nothing was given to open them; that takes a moment."""
        if not is_encrypted(self._paths.database):
            return None
        passphrase = self._passphrase
        if passphrase is None and config.key_file:
            passphrase = read_passphrase_file(Path(config.key_file))
        return None if passphrase is None else read_key(self._paths.database, passphrase)
