"""What is kept of the chats of other programs; the files are made as those programs write theirs."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlcipher3 import dbapi2 as sqlite

from localr1.importing.found import Found
from localr1.message import FinishReason
from tests.importing.foreign import FILES, database, read, read_all, said

IN_LIST = ("chatgpt.json", "claude.json", "open_webui.json", "1746000000123.conversation.json")


def test_branches_thinking_and_names_of_pictures_come_from_chatgpt() -> None:
    [chat] = read(FILES / "chatgpt.json")
    assert said(chat) == [
        "- user: [file: notes.pdf]\n\n[image: sum.png]\n\nWhat is 47 + 85?",
        "1 assistant: (7 + 5 = 12.\n\n4 + 8 + 1 = 13.) [tool: python]\n\n[tool result: python]\n\n132 ",
        "1 assistant: It is 13",
        "2 user: Thanks 🦀",
        "- user: What is 1 + 1?",
    ]
    assert (chat.title, chat.created_at, chat.leaf) == ("Adding numbers", 1717243200.5, 4)
    assert chat.options.instructions == "I teach.\n\nBe brief."
    assert [each.model for each in chat.messages] == ["", "o3-mini", "gpt-4o", "", ""]
    assert chat.messages[2].finish_reason is FinishReason.CANCELLED
    assert chat.messages[0].created_at == 1717243201.25


def test_the_model_that_answers_an_imported_chat_is_the_choice_of_the_user() -> None:
    assert {chat.model for name in IN_LIST for chat in read(FILES / name)} == {""}


def test_branches_thinking_and_attached_texts_come_from_claude() -> None:
    newer, older, empty = read(FILES / "claude.json")
    assert said(newer) == [
        "- user: [file name]: note.txt\n[file content begin]\nhello\n[file content end]\n"
        "[image: photo.jpg]\n\nWhat does it say?",
        "1 assistant: (A greeting.) [tool: web_search]\n\n[tool result: web_search]\n\nIt says hello.",
        "1 assistant: Hello!",
    ]
    assert newer.title == "What does it say?"
    assert newer.messages[1].created_at == 1746093605.0
    assert said(older) == ["- user: Hi", "1 assistant: Hello."]
    assert not empty.messages


def test_thinking_comes_from_the_folds_and_from_the_items_of_open_webui() -> None:
    [chat] = read(FILES / "open_webui.json")
    assert said(chat) == [
        "- user: [image]\n\n[file: sums.txt]\n\nWhat is 47 + 85?",
        "1 assistant: (7 + 5 = 12.\n\n1 < 2 & 4 + 8) 132",
        "1 assistant: (12, carry 1.) [tool: calculator]\n\n[tool result]\n\nIt is 132.",
        "3 user: Sure?\n\n[image]",
        "4 assistant: Ye",
    ]
    assert (chat.leaf, chat.pinned, chat.tags) == (3, True, ("math", "school_work"))
    assert chat.options.instructions == "Be brief."
    assert [each.model for each in chat.messages if each.model] == ["deepseek-r1:7b", "qwen3:8b", "qwen3:8b"]
    assert chat.messages[4].finish_reason is FinishReason.INTERRUPTED


def test_versions_of_lm_studio_are_branches_and_its_steps_one_reply() -> None:
    [chat] = read(FILES / "1746000000123.conversation.json")
    assert said(chat) == [
        "- user: [image: 1746 - sum.png]\n\nWhat is 47 + 85?",
        "1 assistant: It is 13",
        "1 assistant: (7 + 5 = 12.) [tool]\n\n132",
        "3 user: And times 3?",
    ]
    assert (chat.created_at, chat.leaf) == (1746000000.123, 4)
    assert chat.options.instructions == "Be brief."
    assert chat.messages[1].finish_reason is FinishReason.CANCELLED
    assert chat.messages[2].model == "lmstudio-community/DeepSeek-R1-Distill-Qwen-7B-GGUF"


def test_threads_and_older_responses_come_from_llm(tmp_path: Path) -> None:
    fragment, sums, names = read(database("llm", tmp_path))
    assert said(fragment)[0] == "- user: A long text.\nSummarize"
    assert said(sums) == [
        "- user: What is 47 + 85?",
        "1 assistant: (Let me add. ) Answer to 'What is 47 + 85?'",
        "2 user: and times 3?\n\n[image]",
        "3 assistant: (Let me add. ) Answer to 'and times 3?'",
    ]
    assert sums.options.instructions == "Be brief."
    assert sums.messages[1].model == "fake-r1"
    assert said(names) == [
        "- user: A long text.\n\nTwo names",
        "1 assistant: (Two will do.) Cleo and Pip",
        "2 user: [image]\n\nOne more",
        "3 assistant: (One.) Rex\n\n[tool: pet_names]",
    ]
    assert (names.title, names.options.instructions) == ("Five names", "Be kind.")
    assert names.created_at == 1688661288.637601


def test_an_older_log_of_llm_has_neither_threads_nor_reasoning(tmp_path: Path) -> None:
    path = database("llm", tmp_path)
    with closing(sqlite.connect(path)) as connection:
        connection.executescript(
            "pragma synchronous = off;"
            "drop table turns; drop table threads; drop table parts; drop table messages;"
            "alter table responses drop column reasoning"
        )
    [names] = read(path)
    assert said(names)[1] == "1 assistant: Cleo and Pip"


def test_thinking_in_the_texts_of_oterm_is_told_apart(tmp_path: Path) -> None:
    hello, sums = read(database("oterm", tmp_path))
    assert said(hello) == ["- user: Hello"]
    assert said(sums) == [
        "- user: [image]\n\nWhat is 47 + 85?",
        "1 assistant: (7 + 5 = 12.\n) 132",
        "2 user: And times 3?",
        "3 assistant: 396",
    ]
    assert sums.options.instructions == "Be brief."


def test_a_reply_without_thinking_is_not_one_that_has_skipped_it() -> None:
    replies = [
        each for name in IN_LIST for chat in read(FILES / name) for each in chat.messages if each.model
    ]
    assert all(each.raw == ("" if each.thinking else each.text) for each in replies)
    assert any(each.raw for each in replies)


def test_what_can_not_be_kept_is_counted(tmp_path: Path) -> None:
    paths = [*(FILES / name for name in IN_LIST), database("oterm", tmp_path)]
    counted = [sum(each.left_out for each in read_all(path) if isinstance(each, Found)) for path in paths]
    assert counted == [4, 3, 5, 2, 1]


@pytest.mark.parametrize(
    "names", [["conversations.json"], ["data/conversations-000.json", "conversations-001.json"]]
)
def test_an_archive_is_read_as_it_came(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("user.json", "{")
        for name in names:
            archive.write(FILES / "chatgpt.json", name)
    assert [chat.title for chat in read(path)] == ["Adding numbers"] * len(names)


def test_a_chat_without_a_list_around_it_is_read_too(tmp_path: Path) -> None:
    [chat] = json.loads((FILES / "open_webui.json").read_text())
    path = tmp_path / "chat.json"
    path.write_text(json.dumps(chat))
    assert [chat.title for chat in read(path)] == ["Adding"]
