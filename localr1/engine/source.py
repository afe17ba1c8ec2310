"""Where a worker comes from: the one that is kept warm, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from localr1.duration import seconds_of
from localr1.engine.child import start_child
from localr1.engine.command import worker_command
from localr1.engine.connection import Connect
from localr1.engine.warm import Warm
from localr1.engine.warm_place import obstacle, warm_place
from localr1.paths import Paths

if TYPE_CHECKING:
    from localr1.config import Config


@dataclass(frozen=True, slots=True)
class WorkerSource:
    """How workers are to be had."""

    connect: Connect
    obstacle: str = ""
    """Why none is kept warm that should be; empty where nothing is in the way."""


def worker_source(config: Config, paths: Paths, *, encrypted: bool, save: bool) -> WorkerSource:
    """The warm worker where it is free, or else a new one, kept as long as the setting says.

    Encrypted chats have one of their own, as a warm one would hold their text for longer than they are open.
    Without `save` a worker that stays forgets what was asked.
    """
    command = worker_command(paths.engine_log)
    keep = seconds_of(config.keep_warm)
    if encrypted:
        return WorkerSource(partial(start_child, command), "the chats are encrypted" if keep else "")
    warm = Warm(paths.runtime, command, keep, forget=not save)
    return WorkerSource(warm.connect, obstacle(warm_place(paths.runtime, command)) if keep else "")
