"""Where the questions of a batch come from: a file, or a stream that brings one now and then."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, count
from pathlib import Path

from localr1.cli.batch.lines import Lines
from localr1.cli.batch.tasks import Reading, Task
from localr1.cli.daemon_thread import in_daemon_thread
from localr1.cli.stdin import say_if_waiting
from localr1.errors import UsageError
from localr1.regular_file import open_regular

BLOCK = 64 * 1024
"""Bytes that are read at once, or as many as have come."""


class Prompts:
    """Read no further than to the question that is asked next, so that a stream may wait for the answer."""

    def __init__(self, descriptor: int, name: str, reading: Reading) -> None:
        """Raises UsageError for a file that can't be read, or is no text; of a stream that is said later."""
        self._descriptor = descriptor
        self._name = name
        self._reading = reading
        self.total = self._count() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
        """How many there are; None for a stream."""

    @classmethod
    @contextmanager
    def opened(cls, path: Path, reading: Reading) -> Iterator[Prompts]:
        """Those of a file or a named pipe, - for standard input; raises UsageError where it can't be read."""
        if path != Path("-"):
            with open_regular(path, UsageError, pipes=True) as file:
                yield cls(file.fileno(), str(path), reading)
        elif sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
            raise UsageError("There are no prompts.", hint="localr1 batch prompts.jsonl > answers.jsonl")
        else:
            yield cls(sys.stdin.fileno(), "Standard input", reading)

    async def tasks(self) -> AsyncGenerator[Task, None]:
        """The questions, each as soon as its line has come; raises UsageError as the class does."""
        if self.total is None:
            await in_daemon_thread(partial(say_if_waiting, "prompts", self._descriptor))
        lines, numbers, goes_on = Lines(self._name), count(1), True
        while goes_on:
            block = await in_daemon_thread(self._read)
            goes_on = bool(block)
            for line, number in zip(lines.feed(block), numbers, strict=False):
                if line.strip():
                    yield self._reading.task(number, line)

    def _count(self) -> int:
        begin = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        lines = Lines(self._name)
        blocks = chain(iter(self._read, b""), [b""])
        total = sum(1 for block in blocks for line in lines.feed(block) if line.strip())
        os.lseek(self._descriptor, begin, os.SEEK_SET)
        return total

    def _read(self) -> bytes:
        try:
            return os.read(self._descriptor, BLOCK)
        except OSError as error:
            raise UsageError(f"{self._name} can't be read: {error.strerror}.") from None
