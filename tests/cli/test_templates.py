"""`localr1 templates`, and questions that are made from them."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from tests.cli.program import TIMEOUT, localr1, text

GREEDY = ("--temperature", "0")

pytestmark = pytest.mark.usefixtures("home")


def script(directory: Path, program: str) -> str:
    """An editor that does this to $1."""
    editor = directory / "editor"
    editor.write_text(f"#!/bin/sh\n{program}\n")
    editor.chmod(0o700)
    return str(editor)


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of the templates, with one that adds."""
    folder = home / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "add.txt").write_text("What is $input + $other?\n")
    (folder / "ask.txt").write_text("What is $prompt?")
    return folder


@pytest.mark.usefixtures("folder")
def test_standard_input_and_variables_fill_a_template() -> None:
    done = localr1("ask", *GREEDY, "-t", "add", "--var", "other=85", stdin=b"47\n")
    assert text(done.stdout) == "47 + 85 = 132.\n"


@pytest.mark.usefixtures("folder")
def test_arguments_fill_the_variable_prompt() -> None:
    assert text(localr1("ask", *GREEDY, "-t", "ask", "47", "+", "85").stdout) == "47 + 85 = 132.\n"


MISTAKES = {
    "a missing variable": (("-t", "add"), "$other"),
    "a variable too much": (("-t", "add", "--var", "other=1", "--var", "more=2"), "$more"),
    "arguments that it has no place for": (("-t", "add", "--var", "other=1", "words"), "$prompt"),
    "no such template": (("-t", "nope"), "nope"),
    "a variable without a template": (("--var", "other=1", "x"), "--template"),
    "a variable without a value": (("-t", "add", "--var", "other"), "name=value"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("options", "named"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_2_and_is_named(options: tuple[str, ...], named: str) -> None:
    done = localr1("ask", *options, stdin=b"47")
    assert (done.returncode, done.stdout) == (2, b"")
    assert named in text(done.stderr)


@pytest.mark.usefixtures("folder")
def test_templates_are_listed_with_their_variables_and_shown() -> None:
    _, *rows = text(localr1("templates", "list").stdout).splitlines()
    assert [line.split()[:3] for line in rows] == [
        ["add", "$input", "$other"],
        ["ask", "$prompt", "What"],
    ]
    assert text(localr1("templates", "show", "add").stdout) == "What is $input + $other?\n"


def test_a_template_that_cannot_be_read_hides_no_other(folder: Path) -> None:
    (folder / "aaa.txt").write_bytes(b"What is $x \xff?")
    done = localr1("templates", "list")
    _, bad, *rows = text(done.stdout).splitlines()
    assert bad.split(maxsplit=2) == ["aaa", "–", "The template aaa is not UTF-8."]
    assert [line.split()[0] for line in rows] == ["add", "ask"]


def test_no_templates_yet_says_how_to_make_one() -> None:
    done = localr1("templates", "list")
    assert (done.returncode, done.stdout) == (0, b"")
    assert "templates edit NAME" in text(done.stderr)


def test_a_template_is_made_in_the_editor_for_its_owner_alone(home: Path, tmp_path: Path) -> None:
    editor = script(tmp_path, 'printf "What is $%s?" prompt > "$1"')
    assert localr1("templates", "edit", "mine", env={"VISUAL": editor}).returncode == 0
    file = home / "config" / "templates" / "mine.txt"
    assert file.read_text() == "What is $prompt?"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("editor", ["true", "false", "/nowhere/editor"])
def test_a_template_that_was_not_written_leaves_no_file(home: Path, editor: str) -> None:
    done = localr1("templates", "edit", "mine", env={"VISUAL": editor})
    assert done.returncode == (0 if editor == "true" else 2)
    assert b"Traceback" not in done.stderr
    assert ("Nothing was written" in text(done.stderr)) == (editor == "true")
    assert list((home / "config" / "templates").iterdir()) == []


def test_ctrl_c_is_the_editors_while_it_has_the_terminal(home: Path, tmp_path: Path) -> None:
    editor = script(tmp_path, 'kill -INT $PPID; printf "What is $%s?" prompt > "$1"')
    assert localr1("templates", "edit", "mine", env={"VISUAL": editor}).returncode == 0
    assert (home / "config" / "templates" / "mine.txt").read_text() == "What is $prompt?"


@pytest.mark.parametrize(("number", "code"), [("TERM", 143), ("HUP", 129)])
def test_what_ends_us_ends_the_editor_too_and_leaves_no_file(
    home: Path, tmp_path: Path, number: str, code: int
) -> None:
    ended = tmp_path / "ended"
    endless = "sleep 60 >&- 2>&- & wait"
    editor = script(tmp_path, f'trap "touch {ended}; exit" TERM; kill -{number} $PPID; {endless}')
    done = localr1("templates", "edit", "mine", env={"VISUAL": editor})
    assert (done.returncode, done.stderr) == (code, b"")
    assert list((home / "config" / "templates").iterdir()) == []
    deadline = time.monotonic() + TIMEOUT
    while not ended.exists():
        assert time.monotonic() < deadline, "it goes on"
        os.sched_yield()


def test_a_place_where_no_template_can_lie_is_an_error_and_no_crash(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "templates").write_text("a file")
    done = localr1("templates", "edit", "mine", env={"VISUAL": "true"})
    assert done.returncode == 2
    assert "mine.txt can't be made" in text(done.stderr)


def test_the_names_of_templates_complete(folder: Path) -> None:
    words = {"COMP_WORDS": "localr1 ask -t a", "COMP_CWORD": "3", "_LOCALR1_COMPLETE": "bash_complete"}
    assert text(localr1(env=words).stdout).split() == ["plain,add", "plain,ask"]
