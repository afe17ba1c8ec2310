"""Where the output of a command goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

from localr1.errors import LocalR1Error
from localr1.whole_file import write_whole


class Destination(Protocol):
    """Takes text; `close` raises what kept any of it from where it should go."""

    def put(self, text: str) -> None: ...

    def close(self) -> None: ...


class StandardOutput:
    """Standard output, each piece at once; a full disk is told at the end, as the history can take more."""

    def __init__(self) -> None:
        self._failure: OSError | None = None

    def put(self, text: str) -> None:
        if self._failure:
            return
        try:
            sys.stdout.buffer.write(text.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._failure = error

    def close(self) -> None:
        if self._failure:
            raise self._failure


class OutputFile:
    """A file that is replaced in one step when all is there; until then nothing is changed."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._parts: list[str] = []

    def put(self, text: str) -> None:
        self._parts.append(text)

    def close(self) -> None:
        try:
            write_whole(self._path, "".join(self._parts).encode("utf-8", "replace"))
        except OSError as error:
            raise LocalR1Error(f"{self._path} could not be written: {error.strerror}.") from None
