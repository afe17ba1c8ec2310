"""The plain chat as a script drives it: questions and commands in a pipe, lines of text out of it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from localr1.message import FinishReason, Reply
from tests.cli.program import COMMAND, TIMEOUT, localr1, text
from tests.tui.chatting import store

QUESTION = "What is 47 + 85?"
STORY = "Write a very long story about a lighthouse."
PAYLOAD = "\x1b]52;c;aGk=\x07 \x1b]0;owned\x07 \u202e [/b]"

pytestmark = pytest.mark.usefixtures("home")


def chat(*lines: str, options: tuple[str, ...] = (), code: int = 0) -> str:
    """What the plain chat writes when it reads these lines."""
    done = localr1("chat", "--plain", *options, stdin="\n".join((*lines, "")).encode())
    assert done.stderr == b""
    assert done.returncode == code
    return text(done.stdout)


def questions(home: Path, chat_id: int = 1) -> list[str]:
    with store(home) as chats:
        return [message.text for message in chats.branch(chat_id)[::2]]


def test_a_question_is_answered_with_its_thinking_on_one_line(home: Path) -> None:
    lines = chat(QUESTION).splitlines()
    at = lines.index(f"You: {QUESTION}")
    assert lines[at + 1].startswith("Thinking… Thought for ")
    assert lines[at + 1].endswith(" tokens.")
    assert lines[at + 2] == "localr1: 47 + 85 = 132."
    assert questions(home) == [QUESTION]


def test_the_thinking_is_printed_when_it_is_asked_for() -> None:
    assert "carry 1" not in chat(QUESTION)
    assert "carry 1" in chat("/thinking", options=("--continue",))


def test_a_backslash_and_a_block_make_texts_of_several_lines(home: Path) -> None:
    chat("What is \\", "47 + 85?", "<<END", "/What is", "", "1 + 1?", "END")
    assert questions(home) == ["What is \n47 + 85?", "/What is\n\n1 + 1?"]


def test_a_block_that_never_ends_is_asked_at_the_end_of_the_script(home: Path) -> None:
    chat("<<END", "What is", "1 + 1?")
    assert questions(home) == ["What is\n1 + 1?"]


def test_paths_and_commands_with_one_more_slash_are_asked(home: Path) -> None:
    chat("/etc/passwd is what?", "//help")
    assert questions(home) == ["/etc/passwd is what?", "/help"]


def test_an_unknown_command_names_the_nearest_and_the_chat_goes_on() -> None:
    said = chat("/retyr", "/retry", QUESTION)
    assert "There is no command /retyr. Did you mean /retry?" in said
    assert "Nothing has been asked yet." in said
    assert "132" in said


def test_a_question_is_asked_again_and_in_other_words(home: Path) -> None:
    chat(QUESTION, "/retry", "/edit What is 1 + 1?", "/edit", "What is 2 + 2?")
    with store(home) as chats:
        assert chats.get(1).messages == 7
    assert questions(home) == ["What is 2 + 2?"]


def test_a_question_is_voted_on_and_the_vote_is_shown_with_the_chat() -> None:
    said = chat("/votes 3", "/votes Q?", f"/votes 3 {QUESTION}", "/votes 2", "/show")
    assert "Nothing has been asked yet." in said
    assert "/votes N [TEXT] takes a number from 2 to 64." in said
    assert "Waiting for 3 replies." in said
    assert said.count("of 2 say 132 (100%)") >= 2


def test_a_chat_is_set_to_an_effort_and_instructions(home: Path) -> None:
    said = chat("/effort low", "/system Be brief.", QUESTION, "/effort huge", "/continue")
    assert "There is no effort 'huge'." in said
    assert said.count("Error: ") == 2
    with store(home) as chats:
        options = chats.options(1)
    assert (options.effort, options.instructions) == ("low", "Be brief.")
    chat("/effort off", "/system", "", "/longer", options=("--continue",))
    with store(home) as chats:
        assert chats.options(1).instructions == ""
        assert chats.get(1).messages == 3


def test_chats_are_listed_found_opened_renamed_and_left(home: Path) -> None:
    said = chat(
        QUESTION, "/rename Sums [b]", "/new", "/rename x", "/chats", "/find SUM", "/open 1", "/open 7"
    )
    assert "This chat is now: Sums [b]" in said
    assert "Nothing has been said in this chat yet." in said
    assert said.count("1: Sums [b]") == 2
    assert "Chat 1, 2 messages: Sums [b]" in said
    assert "There is no chat 7." in said
    with store(home) as chats:
        assert [each.title for each in chats.list()] == ["Sums [b]"]


def test_a_chat_is_deleted_only_after_a_yes(home: Path) -> None:
    assert "It stays." in chat(QUESTION, "/delete", "no")
    assert "It is deleted." in chat("/delete 1", "yes")
    with store(home) as chats:
        assert chats.list() == []


def test_a_chat_is_written_to_a_file_and_over_none(tmp_path: Path) -> None:
    file = tmp_path / "sums.md"
    said = chat(QUESTION, f"/export {file}", f"/export {file}")
    assert f"Written to {file}" in said
    assert "is there already" in said
    assert QUESTION in file.read_text()


def test_the_chat_before_is_gone_on_with_by_number_or_as_the_last(home: Path) -> None:
    chat(QUESTION)
    for options, said in ((("--chat", "1"), "47 + 85 = 132."), (("--continue",), "Hello")):
        assert said in chat("Hello", options=options).partition("You: Hello")[0]
    assert questions(home) == [QUESTION, "Hello", "Hello"]


def test_another_model_answers_when_it_is_named(nano: Path, tmp_path: Path, home: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(nano.read_bytes())
    said = chat("/model", "/model no-such-model", QUESTION, f"/model {other}", "/retry")
    assert "nano, answers now" in said
    assert "Error: " in said
    assert f"{other} answers from here on." in said
    with store(home) as chats:
        assert chats.branch(1)[1].model == str(other)
        assert chats.get(1).messages == 3


def test_it_can_be_left_while_a_model_is_still_being_loaded(smollm2: Path) -> None:
    chat("/new", "/new", "/quit", options=("-m", str(smollm2)))


def test_a_chat_whose_model_is_gone_can_be_read(home: Path) -> None:
    with store(home) as chats:
        chats.add_user_message(chats.create(title="Old", model="no-such-model").id, None, "Still here")
    said = chat("/show", options=("--chat", "1"))
    assert said.count("Still here") == 2
    assert "There is no model named no-such-model" in said


def test_help_names_every_command_and_how_to_write_more_lines() -> None:
    said = chat("/help")
    for part in ("/retry: ", "/model [NAME]: ", "/open NUMBER: ", "backslash", "<<END", "Ctrl+D"):
        assert part in said


def test_what_is_no_text_becomes_one_and_no_escape_is_written(home: Path) -> None:
    with store(home) as chats:
        kept = chats.create(title=PAYLOAD, model="nano")
        question = chats.add_user_message(kept.id, None, PAYLOAD)
        reply = chats.start_reply(kept.id, question.id, PAYLOAD)
        chats.save_reply(reply.id, Reply(PAYLOAD, PAYLOAD, PAYLOAD, FinishReason.STOP))
    commands = "/show\n/thinking\n/chats\n/find owned\n/rename \x1b[2J\n/delete\n\x1b]0;x\x07\n/\x1b[31m\n"
    done = localr1("chat", "--plain", "--chat", "1", stdin=commands.encode() + b"/find \xff\xfe\x00\n")
    assert done.returncode == 0
    assert not {*done.stdout} & {*range(0x20)} - {0x0A}
    assert "\u202e" not in text(done.stdout)
    assert b"[/b]" in done.stdout


def test_a_line_without_end_is_refused() -> None:
    done = localr1("chat", "--plain", stdin=b"x" * (4 * 1024 * 1024 + 2))
    assert done.returncode == 0
    assert "longer than 4 MiB" in text(done.stdout)


def test_closed_standard_input_is_a_usage_error() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(COMMAND)} chat --plain <&-"],
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 2
    assert "Standard input is closed" in text(done.stderr)


@contextmanager
def telling(model: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A plain chat in the middle of a long reply."""
    process = subprocess.Popen(
        [*COMMAND, "chat", "--plain", "-m", str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{STORY}\n".encode())
        process.stdin.flush()
        written = b""
        while b"localr1: " not in written:
            written += process.stdout.read(1)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_in_good_order(smollm2: Path, home: Path, number: int, code: int) -> None:
    with telling(smollm2) as process:
        process.send_signal(number)
        assert process.wait(timeout=TIMEOUT) == code
        assert process.stderr is not None
        assert process.stderr.read() == b""
    with store(home) as chats:
        reply = chats.branch(1)[1]
    assert reply.text
    assert reply.finish_reason is FinishReason.CANCELLED


def test_a_reader_that_goes_away_ends_it_quietly(smollm2: Path) -> None:
    with telling(smollm2) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        workers = psutil.Process(process.pid).children(recursive=True)
        process.stdout.close()
        assert process.wait(timeout=TIMEOUT) == 141
        assert process.stderr.read() == b""
    _, alive = psutil.wait_procs(workers, timeout=TIMEOUT)
    assert not alive
