"""The answers of a batch, a line of JSON each, in the order of their questions."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from localr1.chat.answer import Answer
from localr1.cli.batch.tasks import Task
from localr1.errors import LocalR1Error, UsageError
from localr1.regular_file import is_free, require_regular

_BEGINNING = b'{"line":'
"""Of each line that is written here."""


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
    """Takes a line for each task, in their order; so many are `done`, and so many of them `failed`."""

    done: int
    failed: int

    def has(self, task: Task) -> bool:
        """Whether the line of the next task is there already."""

    def put(self, task: Task, outcome: Answer | Failure) -> None:
        """Add a line that is not there."""

    def end(self) -> None:
        """No task follows."""

    def close(self) -> None: ...


class PrintedAnswers:
    """Lines on standard output; raises OSError when nothing more can be written there."""

    def __init__(self) -> None:
        self.done = self.failed = 0

    def has(self, task: Task) -> bool:
        return False

    def put(self, task: Task, outcome: Answer | Failure) -> None:
        self.done += 1
        self.failed += isinstance(outcome, Failure)
        sys.stdout.buffer.write(_encoded(task, outcome))
        sys.stdout.buffer.flush()

    def end(self) -> None:
        """All lines are there."""

    def close(self) -> None:
        """Standard output stays open."""


class KeptAnswers:
    """Lines in a file that a batch can go on with after a kill; nobody else writes to it meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError for a path that can't be written, and where another batch writes."""
        self._path = path
        self._file = self._open()
        self._end = 0
        """Bytes of the lines that belong to tasks."""
        self._grows = False
        """Every line that was there belongs to a task, and others are written."""
        self.done = self.failed = 0

    def has(self, task: Task) -> bool:
        """Raises UsageError, with the file as it was, where it holds something else."""
        line = self._next()
        if line is None:
            return False
        if (line.line, line.prompt_sha256) != (task.line, task.sha256):
            raise self._other_prompts()
        self.done += 1
        self.failed += line.error is not None
        return True

    def put(self, task: Task, outcome: Answer | Failure) -> None:
        try:
            if not self._grows:
                self._file.truncate(self._end)  # a line that a kill cut
                self._file.seek(self._end)
                self._grows = True
            self._file.write(_encoded(task, outcome))
            self._file.flush()
        except OSError as error:
            raise LocalR1Error(f"{self._path} could not be written: {error.strerror}.") from None
        self.done += 1
        self.failed += isinstance(outcome, Failure)

    def end(self) -> None:
        """Raises UsageError as `has` does."""
        if self._next():
            raise self._other_prompts()

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

    def _next(self) -> Line | None:
        """The next line that was there before; None where there is no whole one any more."""
        data = b"" if self._grows else self._file.readline()
        if not data.endswith(b"\n"):
            if data[: len(_BEGINNING)] != _BEGINNING[: len(data)]:
                raise self._no_answers()
            return None
        self._end += len(data)
        try:
            return msgspec.json.decode(data, type=Line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._no_answers() from None

    def _no_answers(self) -> UsageError:
        return UsageError(f"{self._path} is no file of answers.", hint="Name another file with --output.")

    def _other_prompts(self) -> UsageError:
        return UsageError(
            f"{self._path} holds answers to other prompts (its line {self.done + 1}).",
            hint="Name another file, or remove it.",
        )


def _encoded(task: Task, outcome: Answer | Failure) -> bytes:
    failure = outcome if isinstance(outcome, Failure) else None
    line = Line(line=task.line, prompt_sha256=task.sha256, id=task.id, error=failure)
    answer = {} if isinstance(outcome, Failure) else msgspec.to_builtins(outcome)
    return msgspec.json.encode({**msgspec.to_builtins(line), **answer}) + b"\n"
