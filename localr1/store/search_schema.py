"""The index of the search: any three letters in a row can be looked up.

Searched is the beginning of a message, 200,000 characters, and only once it is settled: a growing reply
changes too often. Only the triggers change the index, as they tell it what the old row says when something
leaves it: that keeps the two in step.
"""

from __future__ import annotations

from localr1.store.driver import Connection

_STATEMENTS = (
    "alter table message add column settled integer not null default 1",
    "create index message_unsettled on message (id) where not settled",
    """
    create view searched as
    select id, substr(text, 1, 200000) as text, substr(thinking, 1, 200000) as thinking
    from message where settled""",
    """
    create virtual table message_search using fts5 (
        text, thinking, content='searched', content_rowid='id', tokenize='trigram remove_diacritics 1'
    )""",
    """
    create virtual table chat_search using fts5 (
        title, content='chat', content_rowid='id', tokenize='trigram remove_diacritics 1'
    )""",
    "insert into message_search (message_search, rank) values ('secure-delete', 1)",
    "insert into chat_search (chat_search, rank) values ('secure-delete', 1)",
    "update message set settled = 0",
    "insert into chat_search (chat_search) values ('rebuild')",
    """
    create trigger message_added after insert on message when new.settled
    begin
        insert into message_search (rowid, text, thinking)
        select id, text, thinking from searched where id = new.id;
    end""",
    """
    create trigger message_changed after update of text, thinking, settled on message
    begin
        insert into message_search (message_search, rowid, text, thinking)
        select 'delete', old.id, substr(old.text, 1, 200000), substr(old.thinking, 1, 200000)
        where old.settled;
        insert into message_search (rowid, text, thinking)
        select id, text, thinking from searched where id = new.id;
    end""",
    """
    create trigger message_removed after delete on message when old.settled
    begin
        insert into message_search (message_search, rowid, text, thinking)
        values ('delete', old.id, substr(old.text, 1, 200000), substr(old.thinking, 1, 200000));
    end""",
    """
    create trigger chat_added after insert on chat
    begin
        insert into chat_search (rowid, title) values (new.id, new.title);
    end""",
    """
    create trigger chat_renamed after update of title on chat
    begin
        insert into chat_search (chat_search, rowid, title) values ('delete', old.id, old.title);
        insert into chat_search (rowid, title) values (new.id, new.title);
    end""",
    """
    create trigger chat_removed after delete on chat
    begin
        insert into chat_search (chat_search, rowid, title) values ('delete', old.id, old.title);
    end""",
)


def create_search(connection: Connection) -> None:
    """Index all titles there are, and let the index follow them; messages are left to `indexing`.

    A hundred thousand of them would take a minute.
    """
    for statement in _STATEMENTS:
        connection.execute(statement)
