CREATE TABLE IF NOT EXISTS "chat" (
    "id" INTEGER,
    "name" TEXT,
    "model" TEXT NOT NULL,
    "system" TEXT,
    "provider" TEXT DEFAULT "ollama",
    "parameters" TEXT DEFAULT "{}",
    "tools" TEXT DEFAULT "[]",
    "thinking" BOOLEAN DEFAULT 0,
    PRIMARY KEY("id" AUTOINCREMENT)
);
CREATE TABLE IF NOT EXISTS "message" (
    "id" INTEGER,
    "chat_id" INTEGER NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "images" TEXT DEFAULT "[]",
    PRIMARY KEY("id" AUTOINCREMENT),
    FOREIGN KEY("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE
);
insert into chat values (1, 'Sums', 'deepseek-r1:1.5b', 'Be brief.', 'ollama', '{"temperature": 0.6}', '[]', 1);
insert into chat values (2, 'chat #2 - qwen3:4b', 'qwen3:4b', null, 'ollama', '{}', '[]', 0);
insert into message values (1, 1, 'user', 'What is 47 + 85?', '["iVBORw0KGgo="]');
insert into message values (2, 1, 'assistant', '<think>
7 + 5 = 12.
</think>

132', '[]');
insert into message values (3, 2, 'user', 'Hello', '[]');
insert into message values (4, 1, 'user', 'And times 3?', '[]');
insert into message values (5, 1, 'assistant', '396', '[]');
