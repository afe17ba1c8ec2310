"""`localr1 chats` on a real history."""

from __future__ import annotations

import pytest

from tests.cli.program import localr1, text

pytestmark = pytest.mark.usefixtures("home")


def test_an_empty_history_says_so_and_prints_nothing() -> None:
    done = localr1("chats", "list")
    assert done.returncode == 0
    assert done.stdout == b""
    assert "No chats yet" in text(done.stderr)


def test_the_newest_chat_comes_first_under_the_title_of_its_question() -> None:
    localr1("ask", "What is 1 + 1?")
    localr1("ask", "What is 2 + 2?\nPlease.")
    lines = text(localr1("chats", "list").stdout).splitlines()
    assert lines[0].split() == ["ID", "LAST", "MESSAGE", "MESSAGES", "MODEL", "TITLE"]
    assert lines[1].endswith("What is 2 + 2?")
    assert lines[2].endswith("What is 1 + 1?")
    assert len(text(localr1("chats", "list", "-n", "1").stdout).splitlines()) == 2


def test_thinking_is_shown_when_it_is_asked_for() -> None:
    localr1("ask", "--temperature", "0", "What is 47 + 85?")
    assert "│" not in text(localr1("chats", "show", "1").stdout)
    assert "│ " in text(localr1("chats", "show", "1", "--thinking").stdout)


def test_a_cut_reply_is_marked() -> None:
    localr1("ask", "--temperature", "0", "--max-tokens", "5", "What is 47 + 85?")
    assert "(cut at its limit of tokens)" in text(localr1("chats", "show", "1").stdout)


def test_a_chat_is_exported_as_text_and_as_a_page() -> None:
    localr1("ask", "--temperature", "0", "What is 47 + 85?")
    exported = text(localr1("chats", "export", "1").stdout)
    assert exported.startswith("# What is 47 + 85?\n\n## You\n\nWhat is 47 + 85?\n\n## nano\n\n")
    page = text(localr1("chats", "export", "1", "--format", "html", "--thinking").stdout)
    assert page.startswith("<!doctype html>")
    assert page.count("<details>") == 1


def test_a_chat_that_is_not_there_is_not_exported() -> None:
    done = localr1("chats", "export", "7")
    assert done.returncode == 2
    assert done.stdout == b""
