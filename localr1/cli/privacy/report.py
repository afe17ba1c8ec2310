"""What can be said about privacy: what is kept, who can read it, and what is ever sent where."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Literal

import msgspec

from localr1.cli.privacy.inventory import Item, inventory
from localr1.cli.privacy.kinds import Kind, kinds, passing
from localr1.config import Config
from localr1.errors import DatabaseError
from localr1.hub.destinations import Destination, destinations
from localr1.hub.endpoint import endpoint_of
from localr1.paths import Paths
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.key_file import is_encrypted

Encryption = Literal["on", "off", "unknown"]


class Report(msgspec.Struct, frozen=True):
    """All of it."""

    encryption: Encryption
    deleted: int | None
    """Chats that are deleted and can still come back; None where the chats can't be looked into."""
    files: tuple[Item, ...]
    absent: tuple[Path, ...]
    """Files that are not there now and may come; `*` stands for any name."""
    offline: bool
    destinations: tuple[Destination, ...]
    """Empty where the settings forbid every connection."""

    @property
    def shared(self) -> list[Item]:
        """What others can get at."""
        return [item for item in self.files if not item.private]


def report(paths: Paths, config: Config, proxies: Mapping[str, str]) -> Report:
    """How things stand now; nothing is created, and no connection is tried."""
    encryption = _encryption(paths.database)
    deleted = _deleted(paths.database) if encryption == "off" else None
    files = tuple(inventory(paths))
    there = {item.kind for item in files}
    absent = tuple(kind.place for kind in all_kinds(paths) if kind.name not in there)
    reached = () if config.offline else destinations(endpoint_of(config.endpoint), proxies)
    return Report(encryption, deleted, files, absent, config.offline, reached)


def all_kinds(paths: Paths) -> tuple[Kind, ...]:
    """What localr1 has or may have."""
    return (*kinds(paths), passing())


def _encryption(database: Path) -> Encryption:
    with suppress(DatabaseError):
        return "on" if is_encrypted(database) else "off"
    return "unknown"


def _deleted(database: Path) -> int | None:
    if not database.exists():
        return 0
    with suppress(DatabaseError), closing(Database.open(database)) as opened:
        return Chats(opened).deletions.count()
    return None
