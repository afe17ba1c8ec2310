"""What `localr1` keeps on the disk of evaluated chats, from one run of the program to the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import localr1, text
from tests.tui.chatting import paths_of

LONG = "There are 47 apples in the basket of marmalade-otter. " * 8 + "What is 47 + 85?"
GREEDY = ("--temperature", "0")

pytestmark = pytest.mark.usefixtures("home")


def ask(*arguments: str) -> dict[str, int]:
    """The statistics of an answer."""
    done = localr1("ask", *GREEDY, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    stats: dict[str, int] = json.loads(done.stdout)["stats"]
    return stats


def states(home: Path) -> list[str]:
    directory = paths_of(home).saved_states
    return sorted(file.name for file in directory.iterdir()) if directory.exists() else []


def test_a_chat_goes_on_where_it_stood_and_leaves_no_word_when_it_is_deleted(home: Path) -> None:
    first = ask(LONG)
    assert len(states(home)) == 1
    second = ask("--continue", "Now add 5.")
    assert second["evaluated_tokens"] < second["prompt_tokens"] - first["prompt_tokens"] + 16
    done = localr1("chat", "--plain", stdin=b"/delete 1\nyes\n")
    assert "It is deleted." in text(done.stdout)
    assert states(home) == []
    files = [file for file in home.rglob("*") if file.is_file()]
    assert not [file for file in files if b"marmalade-otter" in file.read_bytes()]


def test_what_leaves_no_trace_is_kept_nowhere(home: Path) -> None:
    ask("--no-save", LONG)
    assert states(home) == []


def test_chats_that_are_locked_keep_nothing_beside_them(home: Path, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("correct horse\n")
    phrase.chmod(0o600)
    ask(LONG)
    assert len(states(home)) == 1
    assert localr1("lock", "--key-file", str(phrase)).returncode == 0
    assert states(home) == []
    ask("--key-file", str(phrase), "--continue", "Now add 5.")
    assert states(home) == []
