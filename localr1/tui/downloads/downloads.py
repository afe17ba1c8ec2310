"""Models on their way here: one at a time, while the user goes on chatting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from textual.signal import Signal

from localr1.errors import LocalR1Error, StoppedError
from localr1.hub.events import Checking, Progress, Pulled, PullEvent, Retrying, Waiting
from localr1.hub_access import Fetch

TELL_SECONDS = 0.1
"""Progress is told no more often than this; the screen has better things to do."""


class Phase(Enum):
    """Where a download stands."""

    QUEUED = "queued"
    STARTING = "asking the hub"
    WAITING = "another localr1 is fetching it"
    CHECKING = "checking what is here"
    FETCHING = "fetching"
    RETRYING = "trying again"
    PAUSED = "paused"
    FAILED = "stopped"
    DONE = "here"


RESTING = frozenset({Phase.PAUSED, Phase.FAILED, Phase.DONE})
"""Nothing happens before the user says so."""


@dataclass(frozen=True, slots=True)
class Download:
    """One model on its way, as it stands now; sizes in bytes."""

    name: str
    """What finds the model once it is here."""
    total: int
    """0 while it is not known."""
    done: int = 0
    phase: Phase = Phase.QUEUED
    rate: float = 0.0
    """Bytes a second; 0 while it is not known."""
    seconds_left: float | None = None
    trouble: str = ""
    """Why it has to try again, as a sentence."""
    error: LocalR1Error | None = None
    """Why it stopped by itself."""

    @property
    def share(self) -> float:
        """How much of it is here, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Downloads:
    """The downloads of the app; `changed` tells whoever listens what became of one."""

    def __init__(self, changed: Signal[Download], clock: Callable[[], float] = time.monotonic) -> None:
        self.changed = changed
        self._clock = clock
        self._downloads: dict[str, Download] = {}
        self._running: tuple[str, asyncio.Task[None]] | None = None
        self._queued = asyncio.Event()
        self._told_at = float("-inf")

    def all(self) -> tuple[Download, ...]:
        """Those that are not here yet, in the order in which they were asked for."""
        return tuple(self._downloads.values())

    def of(self, name: str) -> Download | None:
        """The download of a model; None when nobody has asked for it, or when it is here."""
        return self._downloads.get(name)

    def start(self, name: str, size: int) -> None:
        """Fetch a model as soon as it is its turn; one that rests goes on, or is tried again."""
        old = self.of(name)
        if not old or old.phase in RESTING:
            self._put(_resting(old or Download(name, size), phase=Phase.QUEUED))
            self._queued.set()

    def offer(self, download: Download) -> None:
        """Remember what an earlier run of the app left unfinished; it goes on when the user says so."""
        if download.name not in self._downloads:
            self._put(download)

    def pause(self, name: str) -> None:
        """Stop for now; what has come stays."""
        if (download := self.of(name)) and download.phase not in RESTING:
            self._put(_resting(download, phase=Phase.PAUSED))
            self._stop(name)

    def toggle(self, name: str) -> None:
        """Let a download rest, or go on."""
        if download := self.of(name):
            if download.phase in RESTING:
                self.start(name, download.total)
            else:
                self.pause(name)

    async def forget(self, name: str) -> None:
        """Stop for good; what has come is the caller's to remove, as nothing is writing to it any more."""
        task = self._stop(name)
        if self._downloads.pop(name, None):
            self.changed.publish(Download(name, 0, phase=Phase.PAUSED))
        if task:
            await asyncio.wait([task])

    async def run(self, fetch: Fetch) -> None:
        """Fetch what is queued, one after the other, until this is cancelled."""
        while True:
            name = await self._next()
            task = asyncio.create_task(self._run_one(name, fetch))
            self._running = name, task
            try:
                await asyncio.wait([task])
            finally:
                self._running = None
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            if not task.cancelled():
                task.result()

    async def _next(self) -> str:
        while True:
            for download in self.all():
                if download.phase is Phase.QUEUED:
                    return download.name
            self._queued.clear()
            await self._queued.wait()

    async def _run_one(self, name: str, fetch: Fetch) -> None:
        """One download, to its end; what keeps it from ending is kept with it."""
        try:
            self._note(name, partial(_resting, phase=Phase.STARTING))
            async with aclosing(fetch(name)) as events:
                async for event in events:
                    self._note(name, partial(_after, event=event))
        except StoppedError:
            self._note(name, partial(_resting, phase=Phase.PAUSED))
        except LocalR1Error as error:
            self._note(name, partial(_resting, phase=Phase.FAILED, error=error))

    def _note(self, name: str, change: Callable[[Download], Download]) -> None:
        """Keep what has happened, unless the user has stopped the download meanwhile."""
        download = self.of(name)
        if download and download.phase is not Phase.PAUSED:
            self._put(change(download))

    def _put(self, download: Download) -> None:
        before = self.of(download.name)
        self._downloads[download.name] = download
        if download.phase is Phase.DONE:
            del self._downloads[download.name]
        now = self._clock()
        if not before or before.phase is not download.phase or now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            self.changed.publish(download)

    def _stop(self, name: str) -> asyncio.Task[None] | None:
        """End the task of a download, if it is the one that runs."""
        match self._running:
            case (running, task) if running == name:
                task.cancel()
                return task
            case _:
                return None


def _resting(download: Download, *, phase: Phase, error: LocalR1Error | None = None) -> Download:
    """The download while nothing comes."""
    return replace(download, phase=phase, error=error, trouble="", rate=0.0, seconds_left=None)


def _after(download: Download, *, event: PullEvent) -> Download:
    """The download after something has happened."""
    match event:
        case Waiting():
            return _resting(download, phase=Phase.WAITING)
        case Checking(done=done, total=total):
            return replace(download, phase=Phase.CHECKING, done=done, total=total)
        case Progress(done=done, total=total, rate=rate):
            left = event.seconds_left
            return replace(
                download, phase=Phase.FETCHING, done=done, total=total, rate=rate, seconds_left=left
            )
        case Retrying(reason=reason):
            return replace(_resting(download, phase=Phase.RETRYING), trouble=reason)
        case Pulled(size=size):
            return replace(download, phase=Phase.DONE, done=size, total=size)
