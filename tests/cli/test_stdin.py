"""Standard input that is text in some form, or is none."""

from __future__ import annotations

import codecs
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import COMMAND, TIMEOUT, localr1, started, text

SUM = "What is 47 + 85?"
FORMS = {
    "with a byte order mark": codecs.BOM_UTF8 + SUM.encode(),
    "UTF-16, little end first": codecs.BOM_UTF16_LE + SUM.encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + SUM.encode("utf-16-be"),
    "with the newlines of Windows": SUM.encode() + b"\r\n",
}

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
def test_text_is_understood_in_every_usual_form(data: bytes) -> None:
    assert text(localr1("ask", "--temperature", "0", stdin=data).stdout) == "47 + 85 = 132.\n"


def test_single_bad_bytes_are_replaced_with_a_warning() -> None:
    done = localr1("ask", stdin=b"caf\xe9 is what?")
    assert done.returncode == 0
    assert "not UTF-8" in text(done.stderr)
    assert "caf\ufffd is what?" in text(localr1("chats", "show", "1").stdout)


def test_a_picture_is_not_text() -> None:
    done = localr1("ask", stdin=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20)
    assert done.returncode == 2
    assert "not text" in text(done.stderr)


def test_input_without_end_is_given_up_at_its_limit() -> None:
    done = localr1("ask", stdin=b"la " * 2_000_000)
    assert done.returncode == 5
    assert "4 MiB" in text(done.stderr)


def test_standard_input_comes_before_the_arguments() -> None:
    done = localr1("ask", "--temperature", "0", "What is 47 + 85?", stdin=b"Some text\nof two lines.\n")
    assert done.returncode == 0
    assert "Some text\nof two lines.\n\nWhat is 47 + 85?" in text(localr1("chats", "show", "1").stdout)


def test_without_standard_input_the_arguments_are_all() -> None:
    for stdin in (b"", b" \n"):
        assert text(localr1("ask", "--temperature", "0", SUM, stdin=stdin).stdout) == "47 + 85 = 132.\n"
    assert f"You:\n{SUM}\n" in text(localr1("chats", "show", "1").stdout)


def test_a_device_is_left_alone_when_there_are_arguments() -> None:
    with Path("/dev/zero").open("rb") as zeros:
        done = subprocess.run(
            [*COMMAND, "ask", "--temperature", "0", SUM],
            stdin=zeros,
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )
    assert text(done.stdout) == "47 + 85 = 132.\n"


@pytest.mark.parametrize("command", [("ask", SUM), ("ask",), ("batch",), ("chats", "import", "-")])
def test_a_pipe_that_stays_open_is_waited_for_and_it_is_said(command: tuple[str, ...]) -> None:
    with started(*command) as process:
        assert process.stderr
        awaited = "prompts" if command == ("batch",) else "the end of standard input"
        assert f"waiting for {awaited}" in text(process.stderr.readline())
        answer = process.communicate(timeout=TIMEOUT)[0]
    assert (answer == b"47 + 85 = 132.\n") == (SUM in command)


def test_escape_sequences_of_the_input_are_shown_harmless_in_the_history() -> None:
    localr1("ask", stdin=b"\x1b]52;c;AAAA\x07 what is this?")
    shown = localr1("chats", "show", "1").stdout
    assert b"\x1b" not in shown
    assert "␛]52;c;AAAA␇ what is this?" in text(shown)
