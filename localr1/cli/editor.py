"""The user's editor on a file: it has the terminal, and what ends us ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from localr1.cli.signals import handling, interruption
from localr1.errors import ConfigError


class Editing:
    """One run of an editor."""

    def __init__(self, editor: Sequence[str]) -> None:
        self._editor = editor
        self._process = 0
        self._heard: list[int] = []

    def edit(self, file: Path) -> None:
        """Wait until it ends; raises ConfigError where it fails, and what a signal raises once it is gone."""
        with handling(self._hear):
            self._process = self._start(file)
            if self._heard:
                self._end()
            _, status = os.waitpid(self._process, 0)
            self._process = 0
        code = os.waitstatus_to_exitcode(status)
        if self._heard or code == -signal.SIGINT:
            raise interruption(self._heard[0] if self._heard else signal.SIGINT)
        if code:
            raise ConfigError(f"{self._editor[0]} ended with {code}.")

    def _start(self, file: Path) -> int:
        command = [*self._editor, str(file)]
        try:
            return os.posix_spawnp(command[0], command, os.environ, setsigdef=[signal.SIGPIPE])
        except OSError as error:
            raise ConfigError(f"{command[0]} can't be started: {error.strerror}.") from None

    def _hear(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-C is the editor's."""
        if number != signal.SIGINT:
            self._heard.append(number)
            self._end()

    def _end(self) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGTERM)
