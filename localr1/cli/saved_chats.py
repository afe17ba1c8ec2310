"""The chats on the disk, for commands that look after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localr1.store.chats import Chats


@contextmanager
def opened_chats() -> Iterator[Chats]:
    """Open them, with their passphrase if they have one."""
    from localr1.cli.passphrase import find_key
    from localr1.paths import find_paths
    from localr1.saved_states import SavedStates
    from localr1.store.chats import Chats
    from localr1.store.database import Database
    from localr1.store.tidying import tidied

    paths = find_paths()
    states = SavedStates(paths.saved_states)
    with closing(Database.open(paths.database, key=find_key(paths))) as database, tidied(database, states):
        yield Chats(database)
