CREATE TABLE "conversations" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "model" TEXT
);
CREATE TABLE "attachments" (
   "id" TEXT PRIMARY KEY,
   "type" TEXT,
   "path" TEXT,
   "url" TEXT,
   "content" BLOB
);
CREATE TABLE "prompt_attachments" (
   "response_id" TEXT REFERENCES "responses"("id"),
   "attachment_id" TEXT REFERENCES "attachments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("response_id", "attachment_id")
);
CREATE TABLE "responses" (
   "id" TEXT PRIMARY KEY,
   "model" TEXT,
   "prompt" TEXT,
   "system" TEXT,
   "prompt_json" TEXT,
   "options_json" TEXT,
   "response" TEXT,
   "response_json" TEXT,
   "conversation_id" TEXT REFERENCES "conversations"("id"),
   "duration_ms" INTEGER,
   "datetime_utc" TEXT,
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id")
, "resolved_model" TEXT, "reasoning" TEXT);
CREATE TABLE "fragments" (
   "id" INTEGER PRIMARY KEY,
   "hash" TEXT,
   "content" TEXT,
   "datetime_utc" TEXT,
   "source" TEXT
);
CREATE TABLE "prompt_fragments" (
   "response_id" TEXT REFERENCES "responses"("id"),
   "fragment_id" INTEGER REFERENCES "fragments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("response_id", "fragment_id", "order")
);
CREATE TABLE "tool_calls" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "arguments" TEXT,
   "tool_call_id" TEXT
);
CREATE TABLE "tool_results" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "output" TEXT,
   "tool_call_id" TEXT,
   "instance_id" INTEGER REFERENCES "tool_instances"("id")
, "exception" TEXT);
CREATE TABLE "messages" (
   "hash" TEXT PRIMARY KEY,
   "parent_hash" TEXT REFERENCES "messages"("hash"),
   "role" TEXT,
   "provider_metadata" TEXT
);
CREATE TABLE "parts" (
   "id" INTEGER PRIMARY KEY,
   "message_hash" TEXT REFERENCES "messages"("hash"),
   "position" INTEGER,
   "type" TEXT,
   "tool_name" TEXT,
   "text" TEXT,
   "payload" TEXT
);
CREATE TABLE "threads" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "forked_from" TEXT REFERENCES "threads"("id"),
   "datetime_utc" TEXT
);
CREATE TABLE "turns" (
   "id" TEXT PRIMARY KEY,
   "thread_id" TEXT REFERENCES "threads"("id"),
   "parent_message_hash" TEXT REFERENCES "messages"("hash"),
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "model" TEXT,
   "resolved_model" TEXT,
   "options_json" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id"),
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "duration_ms" INTEGER,
   "datetime_utc" TEXT
, "response_json" TEXT);
insert into attachments values ('4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6', 'image/png', null, null, x'89504e470d0a1a0a');
insert into fragments values (1, 'd2b7a31b629b69004badcc0add4897b8371e4f6abb4674b89b9d40e2396a1638', 'A long text.', '2026-11-22 13:51:16', 'file.txt');
insert into messages values ('b2:074dea0bd0259e0d5dca16426a45e4f5', null, 'system', null);
insert into messages values ('b2:04b465a51b05402a7227be74144b7ef0', 'b2:074dea0bd0259e0d5dca16426a45e4f5', 'user', null);
insert into messages values ('b2:0941318ac7385f36a8bd226a949f9670', 'b2:04b465a51b05402a7227be74144b7ef0', 'assistant', null);
insert into messages values ('b2:b7fad38a2e134f71b7640000c0b4cdc5', 'b2:0941318ac7385f36a8bd226a949f9670', 'user', null);
insert into messages values ('b2:bd6ff9743edb754433f33236f86a7f7e', 'b2:b7fad38a2e134f71b7640000c0b4cdc5', 'assistant', null);
insert into messages values ('b2:d98f6f7b81b880af7a87b8eda432f348', null, 'user', null);
insert into messages values ('b2:98010325c00c5596dd4d8fe4929be519', 'b2:d98f6f7b81b880af7a87b8eda432f348', 'assistant', null);
insert into parts values (1, 'b2:074dea0bd0259e0d5dca16426a45e4f5', 0, 'text', null, 'Be brief.', null);
insert into parts values (2, 'b2:04b465a51b05402a7227be74144b7ef0', 0, 'text', null, 'What is 47 + 85?', null);
insert into parts values (3, 'b2:0941318ac7385f36a8bd226a949f9670', 0, 'reasoning', null, 'Let me add. ', null);
insert into parts values (4, 'b2:0941318ac7385f36a8bd226a949f9670', 1, 'text', null, 'Answer to ''What is 47 + 85?''', null);
insert into parts values (5, 'b2:b7fad38a2e134f71b7640000c0b4cdc5', 0, 'text', null, 'and times 3?', null);
insert into parts values (6, 'b2:b7fad38a2e134f71b7640000c0b4cdc5', 1, 'attachment', null, null, '{"attachment": {"id": "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"}}');
insert into parts values (7, 'b2:bd6ff9743edb754433f33236f86a7f7e', 0, 'reasoning', null, 'Let me add. ', null);
insert into parts values (8, 'b2:bd6ff9743edb754433f33236f86a7f7e', 1, 'text', null, 'Answer to ''and times 3?''', null);
insert into parts values (9, 'b2:d98f6f7b81b880af7a87b8eda432f348', 0, 'text', null, null, '{"text_ref": [{"fragment": 1}, {"literal": "\nSummarize"}]}');
insert into parts values (10, 'b2:98010325c00c5596dd4d8fe4929be519', 0, 'reasoning', null, 'Let me add. ', null);
insert into parts values (11, 'b2:98010325c00c5596dd4d8fe4929be519', 1, 'text', null, 'Answer to ''A long text.\nSummarize''', null);
insert into threads values ('01m81rd0jdhbfcne2xp7fn0pbp', 'What is 47 + 85?', 'b2:bd6ff9743edb754433f33236f86a7f7e', null, '2026-11-22 13:51:16.559546+00:00');
insert into threads values ('01m81rd0kpjmxxyndh8f59rw9a', 'A long text. Summarize', 'b2:98010325c00c5596dd4d8fe4929be519', null, '2026-11-22 13:51:16.598223+00:00');
insert into turns values ('01m81rd0jdhbfcne2xp7fn0pbq', '01m81rd0jdhbfcne2xp7fn0pbp', 'b2:04b465a51b05402a7227be74144b7ef0', 'b2:0941318ac7385f36a8bd226a949f9670', 'fake-r1', null, null, null, null, null, null, 0, '2026-11-22T13:51:16.557900+00:00', null);
insert into turns values ('01m81rd0k5m159xv826793krhq', '01m81rd0jdhbfcne2xp7fn0pbp', 'b2:b7fad38a2e134f71b7640000c0b4cdc5', 'b2:bd6ff9743edb754433f33236f86a7f7e', 'fake-r1', null, null, null, null, null, null, 0, '2026-11-22T13:51:16.581912+00:00', null);
insert into turns values ('01m81rd0knwqsey3tnb9kxmpw8', '01m81rd0kpjmxxyndh8f59rw9a', 'b2:d98f6f7b81b880af7a87b8eda432f348', 'b2:98010325c00c5596dd4d8fe4929be519', 'fake-r1', null, null, null, null, null, null, 0, '2026-11-22T13:51:16.597852+00:00', null);
insert into conversations values ('01h4qd1tzs', 'Five names', 'gpt-3.5-turbo');
insert into responses values ('01h4qd1v00', 'gpt-3.5-turbo', 'Two names', 'Be kind.', null, '{}', 'Cleo and Pip', null, '01h4qd1tzs', 890, '2023-07-06T16:34:48.637601', 9, 12, null, null, null, 'Two will do.');
insert into responses values ('01h4qd1v01', 'gpt-3.5-turbo', 'One more', null, null, '{}', '<think>One.</think>Rex', null, '01h4qd1tzs', 412, '2023-07-06T16:35:10.000000', 30, 2, null, null, null, null);
insert into prompt_fragments values ('01h4qd1v00', 1, 0);
insert into prompt_attachments values ('01h4qd1v01', '4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6', 0);
insert into tool_calls values (1, '01h4qd1v01', null, 'pet_names', '{}', null);
