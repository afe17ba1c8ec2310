"""`localr1 ask` wherever scripts run it: cron, containers, find, xargs, timeout, streams that are closed."""

from __future__ import annotations

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import psutil
import pytest

from tests.cli.program import COMMAND, TIMEOUT, localr1, started, text
from tests.engine.processes import is_worker
from tests.tui.chatting import store

SUM = "What is 47 + 85?"
ANSWER = b"47 + 85 = 132.\n"
ASK = shlex.join([*COMMAND, "ask", "--temperature", "0"])
MEMORY_LIMIT = 300_000
"""Kilobytes."""

pytestmark = pytest.mark.usefixtures("home")


def shell(script: str, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell, in pipes and with an open standard input that never ends."""
    return subprocess.run(["sh", "-c", script], capture_output=True, timeout=TIMEOUT, cwd=cwd, check=False)


def test_a_closed_standard_input_is_no_prompt_and_no_harm_to_one() -> None:
    nothing = shell(f"{ASK} <&-")
    assert (nothing.returncode, nothing.stdout) == (2, b"")
    assert "standard input is closed" in text(nothing.stderr)
    assert shell(f"{ASK} '{SUM}' <&-").stdout == ANSWER


def test_a_closed_standard_error_is_no_harm() -> None:
    done = shell(f"{ASK} '{SUM}' 2>&- </dev/null")
    assert (done.returncode, done.stdout) == (0, ANSWER)


@pytest.mark.parametrize("command", [f"{ASK} '{SUM}'", shlex.join([*COMMAND, "--help"])], ids=["ask", "help"])
def test_a_closed_standard_output_is_an_error_in_one_line(command: str) -> None:
    done = shell(f"{command} >&- </dev/null")
    assert done.returncode == 1
    assert text(done.stderr).splitlines() == [
        "localr1: The output could not be written: Bad file descriptor."
    ]


def test_an_answer_for_a_file_needs_no_stream_at_all(tmp_path: Path) -> None:
    file = tmp_path / "answer"
    assert shell(f"{ASK} -o {file} '{SUM}' <&- >&- 2>&-").returncode == 0
    assert file.read_bytes() == ANSWER


def without_environment(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, "ask", "--temperature", "0", *arguments]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=variables,
        cwd=Path(__file__).parents[2],
        timeout=TIMEOUT,
        check=False,
    )


def test_cron_gives_no_terminal_and_hardly_any_environment(tmp_path: Path) -> None:
    done = without_environment(SUM, HOME=str(tmp_path), PATH="/usr/bin:/bin", SHELL="/bin/sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, ANSWER, b"")


def test_a_home_that_can_not_be_is_2_or_7_and_does_not_matter_when_nothing_is_saved() -> None:
    done = without_environment(SUM, HOME="/proc/nobody")
    assert (done.returncode, done.stdout) == (7, b"")
    assert without_environment("--no-save", SUM, HOME="/proc/nobody").stdout == ANSWER


@pytest.mark.parametrize("name", ["mein Ordner 🦙", "-dash", "new\nline", "$HOME"])
def test_an_odd_home_works(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    odd = {"HOME": str(home), "XDG_DATA_HOME": "relative", "XDG_CONFIG_HOME": ""}
    assert without_environment(SUM, **odd).stdout == ANSWER
    assert (home / ".local" / "share" / "localr1" / "chats.db").exists()


@pytest.mark.parametrize("command", ["--help", "doctor"])
def test_what_an_old_encoding_has_no_code_for_is_a_question_mark(command: str) -> None:
    done = localr1(command, env={"PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


def test_xargs_may_run_several_at_once_and_all_are_saved(home: Path) -> None:
    numbers = range(10, 16)
    questions = "".join(f"{number} + 1\n" for number in numbers)
    done = subprocess.run(
        ["xargs", "-P", "2", "-I{}", *COMMAND, "ask", "--no-stream", "--temperature", "0", "What is {}?"],
        input=questions.encode(),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(text(done.stdout).splitlines()) == [f"{n} + 1 = {n + 1}." for n in numbers]
    with store(home) as chats:
        assert len(chats.list()) == len(numbers)


def test_find_may_ask_about_each_file(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(f"What is {number} + 1?")
    done = shell(f"find . -name '*.txt' -exec sh -c '{ASK} <\"$1\"' - {{}} ';'", cwd=tmp_path)
    assert sorted(text(done.stdout).splitlines()) == ["1 + 1 = 2.", "2 + 1 = 3."]


def test_timeout_ends_it_with_its_worker_and_keeps_what_came(smollm2: Path) -> None:
    endless = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "4", "-m", str(smollm2))
    before = {each.pid for each in psutil.process_iter()}
    question = ("ask", *endless, "Tell me of a lighthouse.")
    with started(*question, stdin=subprocess.DEVNULL, by=("timeout", "3600")) as process:
        assert process.stdout
        assert process.stdout.read(1)
        process.send_signal(signal.SIGALRM)  # which tells it that the time is over
        assert process.wait(TIMEOUT) == 124
    left = [each for each in psutil.process_iter() if each.pid not in before and is_worker(each)]
    assert psutil.wait_procs(left, timeout=TIMEOUT)[1] == []
    assert "lighthouse" in text(localr1("chats", "show", "1").stdout)


def test_input_without_end_is_given_up_in_little_memory() -> None:
    measured = (
        "import resource, subprocess, sys;"
        f"code = subprocess.run({[*COMMAND, 'ask']!r}, stderr=subprocess.DEVNULL).returncode;"
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = shell(f"yes 'a line without end' | {shlex.join([sys.executable, '-c', measured])}")
    code, kilobytes = map(int, text(done.stdout).split())
    assert code == 5
    assert kilobytes < MEMORY_LIMIT


@pytest.mark.parametrize("arguments", [(), (SUM,)], ids=["alone", "beside arguments"])
def test_input_that_never_ends_can_be_interrupted_at_once(arguments: tuple[str, ...]) -> None:
    with started("ask", *arguments) as process:
        assert process.stdin
        os.write(process.stdin.fileno(), b"It begins.")
        _wait_until_read(process.stdin.fileno())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=TIMEOUT) == 130
        assert process.stderr
        assert process.stderr.read().strip() == b""


def _wait_until_read(pipe: int) -> None:
    """Until nothing of what was written is left in the pipe."""
    deadline = time.monotonic() + TIMEOUT
    waiting = b"any"
    while any(waiting):
        assert time.monotonic() < deadline, "it never read"
        waiting = fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4)
