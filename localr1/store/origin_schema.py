"""What the schema knows of where chats come from."""

from __future__ import annotations

from localr1.store.driver import Connection

_STATEMENTS = (
    "alter table chat add column origin text not null default ''",
    "update chat set origin = 'localr1:' || lower(hex(randomblob(16)))",
    "create index chat_origin on chat (origin)",
)


def create_origins(connection: Connection) -> None:
    """Give every chat its origin."""
    for statement in _STATEMENTS:
        connection.execute(statement)
