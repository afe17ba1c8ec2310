"""The plain chat on a real pseudo-terminal, with and without a cursor that could be moved."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from localr1.message import FinishReason
from tests.tui.chatting import store
from tests.tui.terminal import Terminal, localr1

PLAIN = ("chat", "--plain")
QUESTION = "What is 47 + 85?"
CTRL_D, UP, TAB = "\x04", "\x1b[A", "\t"
PASTE = "\x1b[200~{}\x1b[201~"
SWITCHES = re.compile(rb"\x1b\[\?2004[hl]\r?")
"""How readline asks for pastes in one piece; nothing of it is drawn."""


def assert_given_back(terminal: Terminal) -> None:
    assert terminal.settings() == terminal.attributes


def questions(home: Path) -> list[str]:
    with store(home) as chats:
        return [message.text for message in chats.branch(1)[::2]]


@pytest.mark.parametrize("term", ["dumb", "", "xterm-256color"])
def test_what_is_written_is_text_and_nothing_moves(home: Path, term: str) -> None:
    with localr1(home, *PLAIN, term=term) as terminal:
        terminal.wait_for_next("You: ")
        terminal.type(f"{QUESTION}\r")
        terminal.wait_for_next("132.")
        terminal.wait_for_next("You: ")
        terminal.type(CTRL_D)
        assert terminal.wait_for_end() == 0
        assert_given_back(terminal)
    written = SWITCHES.sub(b"", terminal.drawn).replace(b"\r\n", b"\n")
    assert b"\x1b" not in written
    assert b"\r" not in written
    assert b"\b" not in written


def test_ctrl_c_stops_the_reply_and_once_more_quits(home: Path, smollm2: Path) -> None:
    with localr1(home, *PLAIN, "-m", str(smollm2)) as terminal:
        terminal.wait_for_next("You: ")
        terminal.type("Tell me a long story about a river.\r")
        terminal.wait_for_next("localr1: ")
        terminal.signal(signal.SIGINT)
        terminal.wait_for_next("(stopped)")
        terminal.wait_for_next("You: ")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_for_end() == 0
        assert_given_back(terminal)
    with store(home) as chats:
        reply = chats.branch(1)[1]
    assert reply.text
    assert reply.finish_reason is FinishReason.CANCELLED


@pytest.mark.parametrize(("term", "begun"), [("dumb", ""), ("xterm-256color", "never sent")])
def test_ctrl_c_leaves_a_line_and_a_line_sent_makes_the_next_one_the_first_again(
    home: Path, term: str, begun: str
) -> None:
    with localr1(home, *PLAIN, term=term) as terminal:
        for _ in range(2):
            terminal.wait_for_next("You: ")
            terminal.type(begun)
            terminal.wait_for_next(begun)
            terminal.signal(signal.SIGINT)
            terminal.wait_for_next("Ctrl+C once more quits.")
            terminal.wait_for_next("You: ")
            terminal.type(f"{QUESTION}\r")
            terminal.wait_for_next("132.")
        terminal.wait_for_next("You: ")
        terminal.signal(signal.SIGINT)
        terminal.wait_for_next("You: ")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_for_end() == 0
        assert_given_back(terminal)
    assert questions(home) == [QUESTION, QUESTION]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_at_the_prompt_ends_it_and_gives_the_terminal_back(
    home: Path, number: signal.Signals, code: int
) -> None:
    with localr1(home, *PLAIN) as terminal:
        terminal.wait_for_next("You: ")
        terminal.signal(number)
        assert terminal.wait_for_end() == code
        assert_given_back(terminal)
        assert b"Traceback" not in terminal.drawn


def test_earlier_prompts_come_back_and_commands_are_completed(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="Sums")
        chats.add_user_message(chat.id, None, QUESTION)
    with localr1(home, *PLAIN) as terminal:
        terminal.wait_for_next("You: ")
        terminal.type(UP)
        terminal.wait_for_next(QUESTION)
        terminal.type("\r")
        terminal.wait_for_next("132.")
        terminal.type(f"/ren{TAB}My sums\r")
        terminal.wait_for_next("This chat is now: My sums")
        terminal.type(f"/model na{TAB}\r")
        terminal.wait_for_next("nano answers from here on.")


def test_a_paste_of_several_lines_is_one_question(home: Path) -> None:
    with localr1(home, *PLAIN) as terminal:
        terminal.wait_for_next("You: ")
        terminal.type(PASTE.format("What is\n1 + 1?"))
        terminal.type("\r")
        terminal.wait_for_next("localr1: ")
        terminal.wait_for_next("You: ")
    assert questions(home) == ["What is\n1 + 1?"]


def test_the_last_question_can_be_edited_in_place(home: Path) -> None:
    with localr1(home, *PLAIN) as terminal:
        terminal.wait_for_next("You: ")
        terminal.type(f"{QUESTION}\r")
        terminal.wait_for_next("132.")
        terminal.type("/edit\r")
        terminal.wait_for_next(f"Edit: {QUESTION}")
        terminal.type("\x7f\x7f6?\r")
        terminal.wait_for_next("133.")
    assert questions(home) == ["What is 47 + 86?"]


@pytest.mark.parametrize("command", [(), ("chat",)])
def test_a_dumb_terminal_gets_the_name_of_the_plain_chat(home: Path, command: tuple[str, ...]) -> None:
    with localr1(home, *command, term="dumb") as terminal:
        assert terminal.wait_for_end() == 2
        assert b"localr1 chat --plain" in terminal.drawn
        assert b"\x1b[?1049h" not in terminal.drawn
