"""Mentions of files in a text, what they mean, and how a message comes back to the prompt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.attachment import Attachment, pack
from localr1.errors import UsageError
from localr1.here import Here
from localr1.tui.files.attached import attached, message
from localr1.tui.files.held import Held
from localr1.tui.files.mention import held_mention, mentions, path_mention

NAMES = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)


def sent(text: str, directory: Path, held: Held | None = None) -> str:
    return message(text, attached(text, Here(directory, directory / "home"), held or Held()))


@given(NAMES)
def test_any_path_can_be_mentioned_and_is_understood(name: str) -> None:
    (mention,) = mentions(f"see {path_mention(name)} and go")
    assert mention.shorter.name == name


def test_a_mention_begins_a_word() -> None:
    assert [each.name for each in mentions("me@home.org (@a.txt) `@b` @@c @")] == ["a.txt)", "@c"]
    assert [(each.name, each.held) for each in mentions('@[pasted text 1], @"b c"\'s')] == [
        ("pasted text 1", True),
        ("b c", False),
    ]


def test_a_sentence_may_end_behind_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A")
    expected = pack([Attachment("a.txt", "A")], "What is (@a.txt)?")
    assert sent("What is (@a.txt)?", tmp_path) == expected


def test_paths_begin_here_or_at_home_and_one_file_is_sent_once(tmp_path: Path) -> None:
    for name in ("a.txt", "home/b.txt", "sub/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    files = [Attachment(name, text) for name, text in (("a.txt", "a.txt"), ("b.txt", "home/b.txt"))]
    other = Attachment("sub/a.txt", "sub/a.txt")
    text = f"@a.txt @~/b.txt @./a.txt @sub/a.txt @{tmp_path}/a.txt"
    assert sent(text, tmp_path) == pack([*files, other], "@a.txt @b.txt @a.txt @sub/a.txt @a.txt")


@pytest.mark.parametrize("text", ["@dataclass", "@angular/core", "@here and there", "@sub", "@[nothing]"])
def test_what_only_looks_like_a_mention_stays_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "sub").mkdir()
    assert sent(text, tmp_path) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@./none.md", "There is no file"),
        ("@sub/none.md", "There is no file"),
        ('@"none at all"', "There is no file"),
        ("@sub/", "a directory"),
        ("@pipe", "a named pipe"),
        ("@/dev/zero", "a device"),
        ("@empty", "is empty"),
        ("@picture", "is not text"),
        ("@loop", "leads back to itself"),
    ],
)
def test_a_file_that_can_not_go_is_said_in_a_sentence(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "picture").write_bytes(b"\x89PNG\0")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match=reason):
        sent(f"Look at {text}", tmp_path)


def test_a_sent_message_is_written_and_sent_again_without_its_files(tmp_path: Path) -> None:
    (tmp_path / "my a.txt").write_text("old")
    first = sent('Compare @"my a.txt", please.', tmp_path)
    (tmp_path / "my a.txt").write_text("new")
    held = Held()
    written = held.written(first)
    assert written == "Compare @[my a.txt], please."
    assert sent(written, tmp_path, held) == first


def test_two_texts_of_one_name_are_told_apart(tmp_path: Path) -> None:
    held = Held()
    texts = [held.written(pack([Attachment("a", content)], "@a?")) for content in ("one", "two", "one")]
    assert texts == ["@[a]?", "@[a (2)]?", "@[a]?"]
    assert sent(texts[1], tmp_path, held) == pack([Attachment("a (2)", "two")], '@"a (2)"?')


def test_files_that_a_message_does_not_mention_are_mentioned_first() -> None:
    assert Held().written(pack([Attachment("x[1]", "text")], "Why?")) == "@[x(1)] Why?"


def test_a_draft_keeps_what_it_holds_unless_that_is_too_much() -> None:
    held = Held()
    draft = f"Explain {held.paste('long text')} @not-held"
    kept = held.packed(draft, limit=9)
    assert Held().written(kept) == draft
    assert held.packed(draft, limit=8) == draft
    assert held_mention("pasted text 1") in draft
