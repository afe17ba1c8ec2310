"""The answers of a batch, a line of JSON each, in the order of their questions."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from localr1.chat.answer import Answer
from localr1.cli.batch.tasks import Task
from localr1.cli.output.destination import StandardOutput
from localr1.errors import LocalR1Error, UsageError
from localr1.regular_file import is_free, require_regular


class Failure(msgspec.Struct, frozen=True):
    """Why a question has no answer."""

    code: int
    """The exit code that `localr1 ask` would have ended with."""
    message: str


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What each line begins with; an answer goes on with all that `localr1 ask --format json` prints."""

    line: int
    """Of the file of prompts."""
    prompt_sha256: str
    id: Any = None
    """As the line of the prompt has it."""
    error: Failure | None = None


class Answers(Protocol):
    """Takes the lines; `done` are as many as there were already."""

    done: int
    failed: int

    def put(self, task: Task, outcome: Answer | Failure) -> None: ...

    def close(self) -> None: ...


class PrintedAnswers:
    """Lines on standard output."""

    def __init__(self) -> None:
        self._output = StandardOutput()
        self.done = self.failed = 0

    def put(self, task: Task, outcome: Answer | Failure) -> None:
        self.failed += isinstance(outcome, Failure)
        self._output.put(_encoded(task, outcome).decode())

    def close(self) -> None:
        self._output.close()


class KeptAnswers:
    """Lines in a file that a batch can go on with after a kill; nobody else writes to it meanwhile."""

    def __init__(self, path: Path, tasks: Sequence[Task]) -> None:
        """Raises UsageError for a file that holds something else, LocalR1Error for one that can't be used."""
        self._path = path
        self._file = self._open()
        try:
            self.done, self.failed, end = self._read(tasks)
            self._file.truncate(end)  # a line that a kill cut
            self._file.seek(end)
        except BaseException:
            self._file.close()
            raise

    def put(self, task: Task, outcome: Answer | Failure) -> None:
        self.failed += isinstance(outcome, Failure)
        try:
            self._file.write(_encoded(task, outcome))
            self._file.flush()
        except OSError as error:
            raise LocalR1Error(f"{self._path} could not be written: {error.strerror}.") from None

    def close(self) -> None:
        self._file.close()

    def _open(self) -> BinaryIO:
        if not is_free(self._path):
            require_regular(self._path, UsageError)
        try:
            file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        except OSError as error:
            raise UsageError(
                f"{self._path} can't be written: {error.strerror}.", hint="Name another file with --output."
            ) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise UsageError(f"Another batch writes to {self._path}.") from None
        return file

    def _read(self, tasks: Sequence[Task]) -> tuple[int, int, int]:
        """How many of the tasks have their line, how many of these failed, and where the last one ends."""
        done = failed = end = 0
        for data in self._file:
            if not data.endswith(b"\n"):
                break
            line = self._line(data)
            task = tasks[done] if done < len(tasks) else None
            if task is None or (line.line, line.prompt_sha256) != (task.line, task.sha256):
                raise UsageError(
                    f"{self._path} holds answers to other prompts (its line {done + 1}).",
                    hint="Name another file, or remove it.",
                )
            done, failed, end = done + 1, failed + (line.error is not None), end + len(data)
        return done, failed, end

    def _line(self, data: bytes) -> Line:
        try:
            return msgspec.json.decode(data, type=Line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise UsageError(
                f"{self._path} is no file of answers.", hint="Name another file with --output."
            ) from None


def _encoded(task: Task, outcome: Answer | Failure) -> bytes:
    failure = outcome if isinstance(outcome, Failure) else None
    line = Line(line=task.line, prompt_sha256=task.sha256, id=task.id, error=failure)
    answer = {} if isinstance(outcome, Failure) else msgspec.to_builtins(outcome)
    return msgspec.json.encode({**msgspec.to_builtins(line), **answer}) + b"\n"
