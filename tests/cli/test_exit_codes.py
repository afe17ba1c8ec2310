"""Every mistake has its exit code and one or two lines on standard error."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.program import localr1, text

pytestmark = pytest.mark.usefixtures("home")

USAGE = {
    "an unknown option": ("ask", "--frobnicate", "x"),
    "an unknown command": ("frobnicate",),
    "no tokens at all": ("ask", "--max-tokens", "0", "x"),
    "fewer than no tokens": ("ask", "--max-tokens", "-1", "x"),
    "too many tokens": ("ask", "--max-tokens", "1e99", "x"),
    "tokens in words": ("ask", "--max-tokens", "abc", "x"),
    "a temperature that is no number": ("ask", "--temperature", "nan", "x"),
    "an endless temperature": ("ask", "--temperature", "inf", "x"),
    "a negative temperature": ("ask", "--temperature", "-0.1", "x"),
    "a share above one": ("ask", "--top-p", "1.1", "x"),
    "an empty prompt": ("ask", ""),
    "a blank prompt": ("ask", " \n\t"),
    "two chats at once": ("ask", "--chat", "1", "--continue", "x"),
    "a chat that can't be saved": ("ask", "--no-save", "--continue", "x"),
    "a chat that is not there": ("ask", "--chat", "12345", "x"),
    "a chat to show that is not there": ("chats", "show", "12345"),
    "an option of the chat before a command": ("--continue", "chats", "list"),
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE.keys())
def test_a_mistake_on_the_command_line_is_2(arguments: tuple[str, ...]) -> None:
    _expect(localr1(*arguments), 2)


@pytest.mark.parametrize(
    ("option", "spoken_range"),
    [(("--max-tokens", "0"), "1<=x<=10000000"), (("--temperature", "nan"), "0<=x<=5")],
)
def test_a_number_out_of_range_is_told_the_range(option: tuple[str, ...], spoken_range: str) -> None:
    assert spoken_range in text(localr1("ask", *option, "x").stderr)


def test_empty_standard_input_is_2() -> None:
    _expect(localr1("ask", stdin=b""), 2)


def test_the_chat_without_a_terminal_is_2_and_names_ask() -> None:
    done = localr1()
    _expect(done, 2)
    assert "localr1 ask" in text(done.stderr)


MODELS = {
    "unknown": "no-such-model",
    "in the catalog but not on disk": "qwen-1.5b",
    "above the directory": "../../etc/passwd",
    "an escape sequence": "\x1b]52;c;AAAA\x07",
    "five thousand letters": "m" * 5000,
    "surrogates": "\udcff\udcfe",
    "a path to nothing": "/nowhere/model.gguf",
    "a directory": "/",
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_a_model_that_is_not_there_is_3(model: str) -> None:
    done = localr1("ask", "-m", model, "x")
    _expect(done, 3)
    assert b"\x1b" not in done.stderr


def test_the_question_to_a_missing_model_is_not_lost(home: Path) -> None:
    localr1("ask", "What is 1 + 1?")
    _expect(localr1("ask", "--continue", "-m", "/nowhere/model.gguf", "and now?"), 3)
    assert "What is 1 + 1?" in text(localr1("chats", "show", "1").stdout)


def test_a_file_that_is_no_model_is_3_and_says_what_it_is(tmp_path: Path) -> None:
    page = tmp_path / "model.gguf"
    page.write_bytes(b"<!DOCTYPE html><html><body>Sign in</body></html>")
    done = localr1("ask", "-m", str(page), "x")
    _expect(done, 3)
    assert "a web page" in text(done.stderr)


def test_a_prompt_that_does_not_fit_the_context_is_5() -> None:
    done = localr1("ask", "--context", "512", "a long text " * 200)
    _expect(done, 5)


def test_a_bad_setting_is_2_and_names_the_file(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    config = home / "config" / "config.toml"
    config.write_text("threads = -3\n")
    done = localr1("ask", "x")
    _expect(done, 2)
    assert str(config) in text(done.stderr)
    assert config.read_text() == "threads = -3\n"


def test_a_bad_variable_is_2_and_is_named() -> None:
    done = localr1("ask", "x", env={"LOCALR1_THREADS": "many"})
    _expect(done, 2)
    assert "LOCALR1_THREADS" in text(done.stderr)


def test_a_damaged_database_is_7_and_stays_as_it_is(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    database = home / "data" / "chats.db"
    database.write_bytes(b"this is no database" * 1000)
    _expect(localr1("ask", "x"), 7)
    assert database.read_bytes() == b"this is no database" * 1000


def _expect(done: subprocess.CompletedProcess[bytes], code: int) -> None:
    """The exit code, nothing on standard output, at most two lines on standard error and no traceback."""
    assert done.returncode == code, done
    assert done.stdout == b""
    lines = text(done.stderr).splitlines()
    assert 1 <= len(lines) <= 2, lines
    assert lines[0].startswith("localr1: ")
