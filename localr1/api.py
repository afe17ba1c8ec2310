"""localr1 for Python programs and notebooks: ask a model and get its answer, or the events as they come.

    from localr1.api import Client

    with Client() as client:
        print(client.ask("What is 47 + 85?").text)

The names in `__all__` follow semantic versioning; everything else may change.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from localr1.chat.answer import Answer, answer_of
from localr1.chat.events import AnswerDelta, Event, HistoryTrimmed, PromptProgress, ThinkingDelta, TurnDone
from localr1.chat.session import ChatSession
from localr1.chat.settled import Settler
from localr1.chat.votes import Poll
from localr1.errors import LocalR1Error, TimedOutError
from localr1.loop_thread import LoopThread
from localr1.message import FinishReason, Stats, Vote, Votes
from localr1.paths import find_paths
from localr1.runtime import Runtime, open_runtime
from localr1.sampling import Sampling
from localr1.settings import Settings
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.passphrase_file import read_passphrase_file
from localr1.store.sealed_key import DatabaseKey

__all__ = [
    "Answer",
    "AnswerDelta",
    "AsyncClient",
    "Client",
    "FinishReason",
    "HistoryTrimmed",
    "LocalR1Error",
    "PromptProgress",
    "Sampling",
    "Stats",
    "ThinkingDelta",
    "TimedOutError",
    "Vote",
    "Votes",
]

Setting: TypeAlias = str | int | float | bool
Step: TypeAlias = Event | Answer
"""An event of a turn; the last one is the whole answer."""


class AsyncClient:
    """Asks models from within an event loop; all questions share one worker and come one after the other.

    `settings` are those of config.toml, which they go before: model, context, temperature and so on. Without
    `save` nothing of a chat is written to disk, and it is gone with the client. `home` is a LOCALR1_HOME.
    Encrypted chats open with their `passphrase`, or with what the file of the setting `key_file` holds.
    """

    def __init__(
        self,
        *,
        save: bool = False,
        home: Path | None = None,
        passphrase: str | None = None,
        **settings: Setting,
    ) -> None:
        self._save = save
        self._passphrase = passphrase
        self._paths = find_paths({"LOCALR1_HOME": str(home)} if home else None)
        self._settings = settings
        self._turn = asyncio.Lock()
        self._opened = AsyncExitStack()
        self._runtime: Runtime | None = None
        self._closed = False

    async def ask(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        system: str = "",
        timeout: float | None = None,
        votes: int = 1,
        **settings: Setting,
    ) -> Answer:
        """The answer to a prompt; raises LocalR1Error, TimedOutError among them after `timeout` seconds.

        `chat` goes on with the chat of an earlier answer, `system` are instructions that it keeps, and
        `settings` hold for this question alone. Of as many replies as there are `votes`, one is given that
        most agree with; its `vote` says how many.
        """
        steps = self.stream(prompt, chat=chat, system=system, votes=votes, **settings)
        try:
            return await asyncio.wait_for(_last(steps), timeout)
        except asyncio.TimeoutError:
            raise TimedOutError(f"The reply took longer than {timeout:g} seconds.") from None

    async def stream(
        self, prompt: str, *, chat: int | None = None, system: str = "", votes: int = 1, **settings: Setting
    ) -> AsyncGenerator[Step, None]:
        """The events of a turn as they come, then the Answer; closing it early ends the reply."""
        async with self._turn:
            session = await self._session(chat, system, settings)
            settler = Settler()
            async with aclosing(session.send(prompt, Poll(max(1, votes)))) as turn:
                async for event in turn:
                    for settled in settler.feed(event):
                        if isinstance(settled, TurnDone):
                            yield answer_of(settled.message, session, saved=True)
                        else:
                            yield settled

    async def close(self) -> None:
        """End the worker."""
        self._closed = True
        await self._opened.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _session(self, chat: int | None, system: str, settings: dict[str, Setting]) -> ChatSession:
        if self._closed:
            raise ValueError("the client is closed")
        in_force = Settings(self._paths.config_file, overrides={**self._settings, **settings})
        if self._runtime is None:
            key = await asyncio.to_thread(self._key, in_force.config.key_file) if self._save else None
            runtime = open_runtime(in_force, self._paths, key, temporary=not self._save)
            self._runtime = await self._opened.enter_async_context(runtime)
        runtime_now = replace(self._runtime, settings=in_force)
        name = str(settings.get("model") or self._settings.get("model") or "")
        session = runtime_now.session(self._runtime.chats.get(chat) if chat else None, name)
        if system:
            session.set_instructions(system)
        return session

    def _key(self, key_file: str) -> DatabaseKey | None:
        """None where the chats are not encrypted, or nothing was given to open them; that takes a moment."""
        if not is_encrypted(self._paths.database):
            return None
        passphrase = self._passphrase
        if passphrase is None and key_file:
            passphrase = read_passphrase_file(Path(key_file))
        return None if passphrase is None else read_key(self._paths.database, passphrase)


class Client:
    """The same for programs without an event loop, and for notebooks, whose own loop is left alone."""

    def __init__(
        self,
        *,
        save: bool = False,
        home: Path | None = None,
        passphrase: str | None = None,
        **settings: Setting,
    ) -> None:
        self._loop = LoopThread()
        self._client = AsyncClient(save=save, home=home, passphrase=passphrase, **settings)

    def ask(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        system: str = "",
        timeout: float | None = None,
        votes: int = 1,
        **settings: Setting,
    ) -> Answer:
        """As `AsyncClient.ask`."""
        return self._loop.run(
            self._client.ask(prompt, chat=chat, system=system, timeout=timeout, votes=votes, **settings)
        )

    def stream(
        self, prompt: str, *, chat: int | None = None, system: str = "", votes: int = 1, **settings: Setting
    ) -> Iterator[Step]:
        """As `AsyncClient.stream`."""
        steps = self._client.stream(prompt, chat=chat, system=system, votes=votes, **settings)
        yield from self._loop.iterate(steps)

    def close(self) -> None:
        """End the worker."""
        if not self._loop.closed:
            self._loop.run(self._client.close())
            self._loop.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _last(steps: AsyncGenerator[Step, None]) -> Answer:
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, Answer):
                return step
    raise LocalR1Error("The reply was stopped before its first word.")
