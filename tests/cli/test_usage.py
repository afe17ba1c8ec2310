"""What somebody is told who types something that is not quite a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.cli.main import main
from tests.cli.program import localr1, text
from tests.hub.server import HubServer

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["aks", "hi"], "`localr1 ask`"),
        (["What is 47 + 85?"], 'localr1 ask "…"'),
        (["help"], "`localr1 --help`"),
        (["chats", "lst"], "`localr1 chats list`"),
        (["chats", "rename", "1"], "`localr1 chats --help`"),
        (["ask", "-3", "plus", "5"], "localr1 ask -- -3 …"),
        (["ask", "--temp", "0"], "`localr1 ask --help`"),
        (["-3"], "`localr1 --help`"),
        (["completion"], "bash, zsh, fish"),
        (["ask", "--max-tokens", "many", "?"], "'many' is not a valid whole number"),
        (["ask", "--temperature", "warm", "?"], "'warm' is not a valid number"),
        (["chats", "export", "--after", "yesterday"], "'yesterday' is no date such as 2026-01-31"),
        (["chats", "delete", "--before", "2026-13-01"], "'2026-13-01' is no date such as 2026-01-31"),
    ],
)
def test_a_mistake_is_two_lines_with_what_to_type_instead(
    arguments: list[str], advice: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capfd.readouterr().err
    assert len(said.splitlines()) == 2
    assert advice in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "-o", "x" * 5000, "?"], "too long to be the name of a file"),
        (["batch", __file__, "-o", "x" * 5000], "too long to be the name of a file"),
        (["chats", "backup", "x" * 5000], "too long to be the name of a file"),
        (["chats", "backup", ""], "is a directory"),
        (["chats", "restore", "--yes", "x" * 5000], "There is no backup"),
        (["chats", "import", "two\nlines"], "There is no file two lines."),
        (["models", "find", "x" * 5000], "There is no folder xxx"),
        (["pull", "hf:\udcff/\udcff"], "is no repository"),
    ],
)
def test_what_can_not_be_a_name_is_an_error_of_its_own(
    arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capfd.readouterr().err.splitlines()[0]


def test_words_that_are_no_text_are_searched_for_as_far_as_they_are(
    hub_server: HubServer,
) -> None:
    assert localr1("models", "search", "\udcff", env={"LOCALR1_ENDPOINT": hub_server.url}).returncode == 0


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("models", "nano"),
        ("chats", "No chats yet"),
        ("templates", "No templates yet"),
        ("engine", "No engine"),
    ],
)
def test_a_group_alone_shows_what_there_is(group: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([group]) == 0
    shown = capfd.readouterr()
    assert said in shown.out + shown.err


@pytest.mark.parametrize("command", [[], ["chats"], ["ask"]])
def test_h_is_help(command: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "-h"]) == 0
    assert capfd.readouterr().out.startswith(" ".join(["Usage: localr1", *command]))


def test_a_dash_alone_is_standard_input() -> None:
    assert text(localr1("ask", "--no-save", "-", stdin=b"What is 1 + 1?").stdout) == "1 + 1 = 2.\n"


@pytest.mark.parametrize("name", ["hf:owner/repo:Q4_K_M", "https://huggingface.co/owner/repo"])
def test_a_model_that_lies_on_the_hub_is_to_be_pulled_first(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "use", name]) == 3
    assert f"localr1 pull {name}" in capfd.readouterr().err


def test_an_answer_without_the_part_is_shown_by_the_command_that_is_named() -> None:
    ask = ("ask", "--temperature", "0", "--boxed", "What is 1 + 1?")
    assert "`localr1 chats show 1`" in text(localr1(*ask).stderr)
    assert "chats show" not in text(localr1(*ask, "--no-save").stderr)


def test_chats_that_there_are_not_make_an_empty_export_and_a_note(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["chats", "export", "--all", "-o", str(tmp_path / "none.md")]) == 0
    assert "no such chat" in capfd.readouterr().err
    assert not (tmp_path / "none.md").exists()
    assert main(["chats", "export", "--tag", "work", "--format", "json"]) == 0
    assert capfd.readouterr().out == "[]\n"
