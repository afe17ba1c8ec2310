CREATE TABLE chat (
            id integer primary key autoincrement,
            title text not null,
            model text not null,
            created_at real not null,
            leaf_id integer, options text not null default '{}', pinned integer not null default 0, deletion integer,
            foreign key (id, leaf_id) references message (chat_id, id)
        ) strict;
CREATE INDEX chat_deleted on chat (deletion) where deletion is not null;
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
            stats text,
            unique (chat_id, id),
            foreign key (chat_id, parent_id) references message (chat_id, id)
        ) strict;
CREATE INDEX message_parent on message (chat_id, parent_id);
