"""Stopping `localr1 ask` in the middle of a reply."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.cli.program import COMMAND, TIMEOUT, localr1, text

ENDLESS = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "4")
STORY = "Write a very long story about a lighthouse."

pytestmark = pytest.mark.usefixtures("home")


@contextmanager
def _telling(model: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has begun to print a long reply."""
    process = subprocess.Popen(
        [*COMMAND, "ask", "-m", str(model), "--temperature", "0", *options, STORY],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.read(20)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_stops_the_reply_and_keeps_what_came(smollm2: Path, number: int, code: int) -> None:
    with _telling(smollm2) as process:
        os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == code
    assert b"Traceback" not in errors
    shown = text(localr1("chats", "show", "1").stdout)
    assert STORY in shown
    assert "(stopped)" in shown


def test_a_second_signal_is_obeyed_at_once(smollm2: Path) -> None:
    with _telling(smollm2) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=TIMEOUT)
    assert process.returncode in {130, -signal.SIGINT}


def test_a_killed_program_leaves_its_answer_interrupted_and_no_worker(smollm2: Path) -> None:
    with _telling(smollm2) as process:
        workers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate(timeout=TIMEOUT)
    _, alive = psutil.wait_procs(workers, timeout=TIMEOUT)
    assert workers
    assert not alive
    shown = text(localr1("chats", "show", "1").stdout)
    assert STORY in shown
    assert "(interrupted)" in shown


@pytest.mark.skipif(sys.platform != "linux", reason="the pipe is found in /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_reader_that_reads_no_more_does_not_keep_a_signal_from_being_obeyed(
    smollm2: Path, number: int, code: int
) -> None:
    with _telling(smollm2, *ENDLESS) as process:
        _fill(Path(f"/proc/{process.pid}/fd/1"))
        process.send_signal(number)
        assert process.wait(TIMEOUT) == code
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    assert STORY in text(localr1("chats", "show", "1").stdout)


def _fill(pipe: Path) -> None:
    """Leave no room in it for a single byte."""
    descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"x")
    os.close(descriptor)


def test_a_reader_that_goes_away_ends_it_quietly(smollm2: Path) -> None:
    with _telling(smollm2) as process:
        assert process.stdout is not None
        workers = psutil.Process(process.pid).children(recursive=True)
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
        process.wait(timeout=TIMEOUT)
    _, alive = psutil.wait_procs(workers, timeout=TIMEOUT)
    assert process.returncode == 141
    assert errors == b""
    assert not alive


def test_a_full_disk_behind_standard_output_is_an_error_and_the_answer_is_kept() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "ask", "--temperature", "0", "What is 47 + 85?"],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert done.returncode == 1
    assert "could not be written" in text(done.stderr)
    assert "132" in text(localr1("chats", "show", "1").stdout)
