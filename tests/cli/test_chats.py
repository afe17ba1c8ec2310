"""`localr1 chats`: search, export and import, as scripts use them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from localr1.cli.main import main
from tests.cli.program import localr1, text
from tests.importing.foreign import FILES
from tests.tui.terminal import localr1 as on_a_terminal

pytestmark = pytest.mark.usefixtures("home")

CLAUDE, WEBUI = str(FILES / "claude.json"), str(FILES / "open_webui.json")


def test_the_same_file_twice_is_there_once_and_comes_back_from_an_export(tmp_path: Path) -> None:
    assert text(localr1("chats", "import", WEBUI, "--dry-run").stdout).startswith("1 new chat,")
    first = localr1("chats", "import", CLAUDE, WEBUI, "--tag", "old")
    assert text(first.stdout).splitlines() == [
        "3 new chats, 0 grown chats, 10 new messages; 0 chats there already.",
        "Only named in the texts: pictures, files and calls of tools, 8 in all.",
    ]
    again = localr1("chats", "import", "-", stdin=Path(CLAUDE).read_bytes())
    assert text(again.stdout) == "0 new chats, 0 grown chats, 0 new messages; 2 chats there already.\n"
    whole = localr1("chats", "export", "--all", "--format", "json").stdout
    assert [document["chat"]["tags"] for document in json.loads(whole)].count(["old"]) == 2
    elsewhere = {"LOCALR1_HOME": str(tmp_path / "elsewhere")}
    localr1("chats", "import", "-", stdin=whole, env=elsewhere)
    assert localr1("chats", "export", "--all", "--format", "json", env=elsewhere).stdout == whole


def test_what_can_not_be_read_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('[{"mapping": 1}, {"messages": [')
    done = localr1("chats", "import", str(tmp_path / "broken.json"), WEBUI)
    assert done.returncode == 2
    assert text(done.stdout).startswith("1 new chat,")
    errors = text(done.stderr)
    assert "broken.json, chat 1: Expected `object`, got `int` - at `$.mapping`." in errors
    assert "broken.json: It breaks off in the middle." in errors


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG"])
def test_a_file_that_is_no_export_ends_with_an_error_of_two_lines(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export"
    path.write_bytes(content)
    assert main(["chats", "import", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert f"localr1: {path}: It " in first
    assert "ChatGPT, Claude, Open WebUI" in second


def test_chats_are_chosen_for_an_export_and_written_to_a_file_each(tmp_path: Path) -> None:
    localr1("chats", "import", CLAUDE, WEBUI)
    folder = tmp_path / "chats"
    done = localr1("chats", "export", "--after", "2025-01-01", "-o", f"{folder}/", "--thinking")
    assert done.returncode == 0, text(done.stderr)
    assert sorted(each.name for each in folder.iterdir()) == ["adding.md", "what-does-it-say.md"]
    assert "> A greeting." not in (folder / "what-does-it-say.md").read_text()
    assert "> 12, carry 1." in (folder / "adding.md").read_text()
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    tagged = localr1("chats", "export", "--tag", "math", "--format", "html", "-o", str(tmp_path / "one.html"))
    assert tagged.returncode == 0
    assert localr1("chats", "export", "2", "-o", str(tmp_path / "one.html")).returncode == 2


@pytest.mark.parametrize(
    "arguments", [[], ["1", "--all"], ["--all", "--format", "html"], ["7"], ["--all", "--after", "yesterday"]]
)
def test_an_export_that_is_not_clear_prints_nothing(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chats", "export", *arguments]) == 2
    assert capsys.readouterr().out == ""


def test_words_are_found_with_the_id_of_their_chat(capsys: pytest.CaptureFixture[str]) -> None:
    localr1("chats", "import", CLAUDE, WEBUI)
    found = text(localr1("chats", "search", "hello").stdout).splitlines()
    assert found[0].endswith("  2025-05-01  What does it say?")
    assert found[1].startswith("    ")
    hits = [
        json.loads(line)
        for line in localr1("chats", "search", "sure", "--format", "json").stdout.splitlines()
    ]
    assert [(hit["chat"]["title"], hit["snippet"]["marks"][0]) for hit in hits] == [("Adding", [0, 4])]
    assert localr1("chats", "search", "--thinking", "carry").stdout
    for arguments in (
        ["carry"],
        ["hello", "--before", "2020-01-01"],
        ["adding", "--after", "2026-01-01"],
        ["sure", "--tag", "none"],
        ["--titles", "sure"],
    ):
        assert main(["chats", "search", *arguments]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "words", [['"'], ["*"], ["NEAR(", "a"], ["a OR", "-b"], ["';drop table chat;--"], ["\udcff%_"]]
)
def test_nothing_that_is_looked_for_is_an_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chats", "search", "--", *words]) == 0
    assert capsys.readouterr().out == ""


def test_what_was_found_stands_out_on_a_terminal_and_nothing_else_acts_there(
    home: Path, tmp_path: Path
) -> None:
    evil = tmp_path / "evil.json"
    evil.write_text(Path(WEBUI).read_text().replace("What is", "What \\u001b]52;c;aGk=\\u0007 is"))
    localr1("chats", "import", str(evil))
    for command in (("search", "what"), ("export", "1"), ("export", "1", "--format", "json")):
        with on_a_terminal(home, "chats", *command) as terminal:
            assert terminal.wait_for_end() == 0
        assert b"\x1b]52" not in terminal.drawn
        assert command[0] == "export" or b"\x1b[1mWhat\x1b[0m" in terminal.drawn
