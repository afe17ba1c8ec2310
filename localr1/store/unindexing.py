"""How the texts of deleted chats leave the index of the search, the quicker one of two ways.

FTS5's secure-delete looks up each of a text's letters in the index: 0.01 ms a character, however large it is.
Or the texts are only marked, and the whole index is written anew without them: 0.1 ms a page.
A kill in the midst of either costs nothing: the chats are still there, and the next start does it again.
"""

from __future__ import annotations

from localr1.store.database import Database

_CHARACTERS_A_PAGE = 10
"""As many characters are looked up while one page is written."""
_STEP = 256
"""Pages to write in one transaction, which has to fit the reserve."""

_INDEXED = """
    select coalesce(sum(min(length(text), 200000) + min(length(thinking), 200000)), 0),
           coalesce(sum(not settled), 0)
    from message where chat_id in (select id from chat where deletion is not null)"""
_UNINDEX = """
    update message set settled = 0
    where settled and chat_id in (select id from chat where deletion is not null)"""
_SECURE_DELETE = "insert into message_search (message_search, rank) values ('secure-delete', ?)"


def unindex_deleted(database: Database) -> None:
    """Take every message of a deleted chat out of the index, so that no trace of it stays there."""
    [(characters, unsettled)] = database.execute(_INDEXED)
    [(pages,)] = database.execute("select count(*) from message_search_data")
    one_by_one = not unsettled and characters < _CHARACTERS_A_PAGE * pages
    if one_by_one:
        database.execute(_UNINDEX)
    else:
        database.execute(_SECURE_DELETE, 0)
        database.execute(_UNINDEX)
        database.execute(_SECURE_DELETE, 1)
        _write_anew(database)


def _write_anew(database: Database) -> None:
    """Merge the parts of the index into one, step by step, until nothing changes any more."""
    changed = 2
    while changed > 1:
        before = _changes(database)
        database.execute("insert into message_search (message_search, rank) values ('merge', ?)", -_STEP)
        changed = _changes(database) - before


def _changes(database: Database) -> int:
    [(changes,)] = database.execute("select total_changes()")
    return int(changes)
