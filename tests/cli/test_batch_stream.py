"""localr1 batch over a stream: each line is answered when it comes, and the end may be far."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.program import COMMAND, TIMEOUT, localr1, text

BATCH = ("batch", "--temperature", "0", "--quiet")

pytestmark = pytest.mark.usefixtures("home")


class Stream:
    """A batch that runs, and what it reads and writes."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: IO[bytes]) -> None:
        self.process = process
        self._stdin = stdin

    def send(self, data: bytes) -> None:
        self._stdin.write(data)
        self._stdin.flush()

    def answer(self) -> dict[str, Any]:
        """The next line."""
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> int:
        """No line follows; the exit code."""
        self._stdin.close()
        return self.process.wait(TIMEOUT)


@contextmanager
def streaming(*options: str, stdout: int | IO[bytes] = subprocess.PIPE) -> Iterator[Stream]:
    with subprocess.Popen(
        [*COMMAND, *BATCH, *options],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=os.environ,
    ) as process:
        assert process.stdin
        try:
            yield Stream(process, process.stdin)
        finally:
            process.kill()


def test_each_line_is_answered_before_the_next_one_comes() -> None:
    with streaming("-") as batch:
        batch.send(b'"What is 47 + 85?"\n')
        assert batch.answer()["answer"] == "47 + 85 = 132."
        batch.send(b'\nno JSON\n{"prompt": "What is 9')
        assert batch.answer()["error"]["code"] == 2
        batch.send(b' - 4?", "id": 7}')
        assert batch.end() == 13
        last = batch.answer()
    assert (last["line"], last["id"], last["answer"]) == (4, 7, "9 - 4 = 5.")


def test_a_stream_goes_on_where_its_file_of_answers_ends(tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    sums = b'"What is 47 + 85?"\n"What is 9 - 4?"\n'
    localr1(*BATCH, "-o", str(output), stdin=sums[:19])
    kept = output.read_bytes()
    output.write_bytes(kept + kept[:30] + b"x" * 5000)
    with streaming("-o", str(output)) as batch:
        batch.send(sums)
        assert batch.end() == 0
    written = output.read_bytes()
    assert written.startswith(kept)
    assert [json.loads(line)["line"] for line in written.splitlines()] == [1, 2]


def test_a_signal_ends_a_batch_that_waits_for_its_next_line() -> None:
    with streaming() as batch:
        batch.send(b'"What is 47 + 85?"\n')
        batch.answer()
        batch.process.send_signal(signal.SIGTERM)
        assert batch.process.wait(TIMEOUT) == 143


def test_a_model_that_is_not_here_is_told_before_the_first_line() -> None:
    with streaming("-m", "no-such-model") as batch:
        assert batch.process.wait(TIMEOUT) == 3


def test_a_named_pipe_is_a_stream(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with streaming(str(pipe)) as batch, pipe.open("wb", buffering=0) as prompts:
        prompts.write(b'"What is 47 + 85?"\n')
        assert batch.answer()["answer"] == "47 + 85 = 132."
        prompts.close()
        assert batch.process.wait(TIMEOUT) == 0
        assert batch.process.stderr
        assert batch.process.stderr.read() == b""


def test_answers_that_can_not_be_written_end_a_batch_that_has_no_end() -> None:
    with Path("/dev/full").open("wb") as full, streaming(stdout=full) as batch:
        batch.send(b'"What is 47 + 85?"\n')
        assert batch.process.wait(TIMEOUT) == 1
        assert batch.process.stderr
        assert "could not be written" in text(batch.process.stderr.read())


def test_a_file_that_is_no_text_is_one_error(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(bytes(range(256)) * 100)
    for done, name in (
        (localr1("batch", str(junk)), str(junk)),
        (localr1("batch", stdin=junk.read_bytes()), "Standard input"),
    ):
        assert (done.returncode, done.stdout) == (2, b"")
        assert text(done.stderr).startswith(f"localr1: {name} is not text.\n")


def test_a_note_without_a_line_end_is_not_taken_for_half_an_answer(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    diary.write_text("Dear diary, ")
    done = localr1(*BATCH, "-o", str(diary), stdin=b'"What is 47 + 85?"\n')
    assert (done.returncode, diary.read_text()) == (2, "Dear diary, ")


def test_more_answers_than_prompts_belong_to_others(tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    output.write_bytes(b'{"line":1,"prompt_sha256":"00","answer":"132"}\n')
    before = output.read_bytes()
    done = localr1(*BATCH, "-o", str(output), stdin=b"\n")
    assert (done.returncode, output.read_bytes()) == (2, before)
    assert "answers to other prompts (its line 1)" in text(done.stderr)
