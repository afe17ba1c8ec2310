CREATE TABLE chat (
            id integer primary key autoincrement,
            title text not null,
            model text not null,
            created_at real not null,
            leaf_id integer, options text not null default '{}', pinned integer not null default 0, deletion integer, origin text not null default '',
            foreign key (id, leaf_id) references message (chat_id, id)
        ) strict;
CREATE TRIGGER chat_added after insert on chat
    begin
        insert into chat_search (rowid, title) values (new.id, new.title);
    end;
CREATE INDEX chat_deleted on chat (deletion) where deletion is not null;
CREATE INDEX chat_origin on chat (origin);
CREATE TRIGGER chat_removed after delete on chat
    begin
        insert into chat_search (chat_search, rowid, title) values ('delete', old.id, old.title);
    end;
CREATE TRIGGER chat_renamed after update of title on chat
    begin
        insert into chat_search (chat_search, rowid, title) values ('delete', old.id, old.title);
        insert into chat_search (rowid, title) values (new.id, new.title);
    end;
CREATE VIRTUAL TABLE chat_search using fts5 (
        title, content='chat', content_rowid='id', tokenize='trigram remove_diacritics 1'
    );
CREATE TABLE 'chat_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'chat_search_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'chat_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'chat_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE chat_tag (
            chat_id integer not null references chat on delete cascade,
            tag text not null,
            primary key (chat_id, tag)
        ) strict, without rowid;
CREATE TABLE draft (
            chat_id integer references chat on delete cascade,
            text text not null
        ) strict;
CREATE UNIQUE INDEX draft_chat on draft (coalesce(chat_id, 0));
CREATE TABLE message (
            id integer primary key autoincrement,
            chat_id integer not null references chat on delete cascade,
            parent_id integer,
            role text not null,
            text text not null,
            created_at real not null,
            thinking text not null default '',
            raw text not null default '',
            model text not null default '',
            finish_reason text,
            stats text, settled integer not null default 1,
            unique (chat_id, id),
            foreign key (chat_id, parent_id) references message (chat_id, id)
        ) strict;
CREATE TRIGGER message_added after insert on message when new.settled
    begin
        insert into message_search (rowid, text, thinking)
        select id, text, thinking from searched where id = new.id;
    end;
CREATE TRIGGER message_changed after update of text, thinking, settled on message
    begin
        insert into message_search (message_search, rowid, text, thinking)
        select 'delete', old.id, substr(old.text, 1, 200000), substr(old.thinking, 1, 200000)
        where old.settled;
        insert into message_search (rowid, text, thinking)
        select id, text, thinking from searched where id = new.id;
    end;
CREATE INDEX message_parent on message (chat_id, parent_id);
CREATE TRIGGER message_removed after delete on message when old.settled
    begin
        insert into message_search (message_search, rowid, text, thinking)
        values ('delete', old.id, substr(old.text, 1, 200000), substr(old.thinking, 1, 200000));
    end;
CREATE VIRTUAL TABLE message_search using fts5 (
        text, thinking, content='searched', content_rowid='id', tokenize='trigram remove_diacritics 1'
    );
CREATE TABLE 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'message_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE INDEX message_unsettled on message (id) where not settled;
CREATE VIEW searched as
    select id, substr(text, 1, 200000) as text, substr(thinking, 1, 200000) as thinking
    from message where settled;
