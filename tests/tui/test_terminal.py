"""What reaches a real terminal, and that it is given back however the program ends."""

from __future__ import annotations

import signal
import time
from base64 import b64encode
from pathlib import Path

import psutil
import pytest

from localr1.message import FinishReason, Reply
from tests.tui.chatting import store
from tests.tui.terminal import WAIT_SECONDS, Terminal, localr1

PROMPT = "sk anything"
LEAVE = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l")
"""Main screen, cursor, no mouse reports, no bracketed paste."""
CTRL_C, CTRL_Q, CTRL_Z = "\x03", "\x11", "\x1a"
MOST_DRAWN = 1_200_000
"""Bytes: about what may wait for the terminal, and a screen as large as they come."""
CRASH = """
from localr1.cli.main import run
from localr1.tui.screens.chat import ChatScreen
def crash(self):
    question = "my se" + "cret"
    return 1 / 0
ChatScreen.action_new = crash
run()
"""


def assert_given_back(terminal: Terminal) -> None:
    assert terminal.settings() == terminal.attributes
    for sequence in LEAVE:
        assert sequence in terminal.drawn


@pytest.mark.parametrize(
    ("end", "code"),
    [(CTRL_Q, 0), (CTRL_C * 2, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["Ctrl+Q", "Ctrl+C twice", "SIGTERM", "SIGHUP"],
)
def test_the_terminal_is_given_back(home: Path, end: str | signal.Signals, code: int) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        assert terminal.settings() != terminal.attributes
        if isinstance(end, signal.Signals):
            terminal.signal(end)
        else:
            terminal.type(end)
        assert terminal.wait_for_end() == code
        assert_given_back(terminal)


def wait_for_title(home: Path, title: str) -> None:
    """Until the only chat is called so."""
    deadline = time.monotonic() + WAIT_SECONDS
    with store(home) as chats:
        while chats.get(1).title != title:
            assert time.monotonic() < deadline, "never renamed"


def test_two_sigints_quit_as_two_ctrl_c_do(home: Path) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.signal(signal.SIGINT)
        terminal.wait_for("once more quits")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_for_end() == 0
        assert_given_back(terminal)


def test_sigterm_in_the_middle_of_a_reply_saves_what_came(home: Path, smollm2: Path) -> None:
    with localr1(home, "-m", str(smollm2)) as terminal:
        terminal.wait_for("0 %")
        terminal.type("Tell me a long story about a river.\r")
        terminal.wait_for("answering")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 143
        assert_given_back(terminal)
    with store(home) as chats:
        question, reply = chats.branch(1)
    assert question.text == "Tell me a long story about a river."
    assert reply.text
    assert reply.finish_reason is FinishReason.INTERRUPTED


def test_an_exception_gives_the_terminal_back_and_shows_no_chat_text(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="Mine")
        chats.add_user_message(chat.id, None, "my secret")
    with localr1(home, "--chat", str(chat.id), program=CRASH) as terminal:
        terminal.wait_for("my secret")
        before = len(terminal.drawn)
        terminal.type("\x0e")
        assert terminal.wait_for_end() == 1
        assert_given_back(terminal)
        assert b"my secret" not in terminal.drawn[before:].partition(LEAVE[0])[2]


def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back(home: Path) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type(CTRL_Z)
        terminal.wait_for_state(psutil.STATUS_STOPPED)
        assert_given_back(terminal)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(PROMPT)
        assert terminal.settings() != terminal.attributes
        terminal.type(CTRL_Q)
        assert terminal.wait_for_end() == 0


def test_no_escape_of_a_model_a_title_or_a_user_reaches_the_terminal(home: Path) -> None:
    payload = "\x1b]52;c;aGk=\x07 \x1b]0;owned\x07 \x9b31m \u202e"
    with store(home) as chats:
        chat = chats.create(title=payload, model=payload)
        question = chats.add_user_message(chat.id, None, payload)
        reply = chats.start_reply(chat.id, question.id, payload)
        said = Reply(answer=payload, thinking=payload, raw=payload, finish_reason=FinishReason.STOP)
        chats.save_reply(reply.id, said)
    with localr1(home, "--chat", str(chat.id)) as terminal:
        terminal.wait_for("␛]52;c;aGk=␇")
        terminal.type("\x14\x0f")
        terminal.wait_for("2 messages")
        terminal.type("r")
        terminal.wait_for("A title for this chat")
        terminal.type(CTRL_Q)
        assert terminal.wait_for_end() == 0
        for order in ("\x1b]52", "\x1b]0;", "\x9b", "\u202e"):
            assert order.encode() not in terminal.drawn


def test_a_copied_answer_reaches_the_terminal_as_it_was_written(home: Path) -> None:
    answer = "\ttab 🦀 \x1b[31mred\x07\n"
    with store(home) as chats:
        chat = chats.create(title="Crabs")
        question = chats.add_user_message(chat.id, None, "Draw a crab.")
        reply = chats.start_reply(chat.id, question.id, "nano")
        chats.save_reply(reply.id, Reply(answer, "", answer, FinishReason.STOP))
    with localr1(home, "--chat", str(chat.id)) as terminal:
        terminal.wait_for("red␇")
        terminal.type("\x1by")
        terminal.wait_for(f"\x1b]52;c;{b64encode(answer.encode()).decode()}\x07")
        terminal.wait_for("the terminal's clipboard")


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_without_a_terminal_it_says_what_to_use_instead(home: Path, stream: str) -> None:
    with localr1(home, pipe=stream) as terminal:
        assert terminal.wait_for_end() == 2
    error = terminal.process.stderr.read() if terminal.process.stderr else terminal.drawn
    assert b"localr1 ask" in error


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_can_only_print_lines_is_told_of_the_plain_chat(home: Path, term: str) -> None:
    with localr1(home, term=term) as terminal:
        assert terminal.wait_for_end() == 2
        assert b"localr1 chat --plain" in terminal.drawn
        assert b"\x1b" not in terminal.drawn


def test_an_unknown_theme_is_refused_before_anything_is_drawn(home: Path) -> None:
    with localr1(home, theme="neon-cheese") as terminal:
        assert terminal.wait_for_end() == 2
        assert b"neon-cheese" in terminal.drawn
        assert b"\x1b[?1049h" not in terminal.drawn


def test_a_damaged_database_ends_it_with_its_own_exit_code(home: Path) -> None:
    database = home / "data" / "chats.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"this is no database" * 100)
    with localr1(home) as terminal:
        assert terminal.wait_for_end() == 7
        assert_given_back(terminal)
        assert b"chats.db" in terminal.drawn.partition(LEAVE[0])[2]


def test_keys_that_come_in_one_burst_act_in_their_order(home: Path) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("abcd\x7f\x7f\x7fxy\x1b[D\x1b[Dz\r")
        terminal.wait_for("azxy")


def test_a_command_typed_faster_than_its_list_is_drawn_is_the_one_that_runs(home: Path) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("/")
        terminal.wait_for("get another reply")
        terminal.type("help\r")
        terminal.wait_for("What you can do")


def test_alt_with_a_letter_is_a_key_and_not_that_letter(home: Path) -> None:
    with localr1(home, temperature="0") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("What is 47 + 85?\r")
        terminal.wait_for("edit")
        terminal.type("\x1bt")
        terminal.wait_for("▾")
        terminal.type("\x1be")
        terminal.wait_for("Editing your question")


def test_a_terminal_that_reads_nothing_keeps_nobody_from_ending_the_app(home: Path, smollm2: Path) -> None:
    with localr1(home, "-m", str(smollm2)) as terminal:
        terminal.wait_for("0 %")
        terminal.type("Tell me a long story about a river.\r")
        terminal.wait_for("answering")
        terminal.resize(200, 500)
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(WAIT_SECONDS) == 143
    with store(home) as chats:
        _, reply = chats.branch(1)
    assert reply.text
    assert reply.finish_reason is FinishReason.INTERRUPTED


def test_a_terminal_that_reads_nothing_for_a_while_gets_what_is_to_be_seen_then_and_not_all_that_was(
    home: Path,
) -> None:
    with store(home) as chats:
        chats.add_user_message(chats.create(title="Sums").id, None, "47 + 85?")
    with localr1(home, "--continue") as terminal:
        terminal.wait_for("0 %")
        for number in range(8):
            terminal.resize(200, 500 - number)
            terminal.type(f"/rename {number}\r")
            wait_for_title(home, f"{number}")
        terminal.type("written last")
        start = len(terminal.drawn)
        terminal.wait_for("written last")
        assert len(terminal.drawn) - start < MOST_DRAWN


def test_a_terminal_that_goes_without_a_signal_ends_the_app(home: Path) -> None:
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.hang_up()
        assert terminal.process.wait(WAIT_SECONDS) == 129
