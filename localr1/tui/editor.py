"""The user's own editor on a text, in a private file that is gone afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from shlex import join
from tempfile import TemporaryDirectory

from localr1.errors import ConfigError
from localr1.paths import PRIVATE_FILE
from localr1.regular_file import open_regular

FILE_NAME = "prompt.md"
LONGEST_FILE = 1024 * 1024
"""Bytes that are read back."""


class Editor:
    """Runs the command that `find` gives, in a block of `lend`, which lends it the terminal.

    The file lies in a directory of its own in `temporary`, or in the system's.
    """

    def __init__(
        self,
        find: Callable[[], Sequence[str]],
        lend: Callable[[], AbstractContextManager[None]],
        temporary: Path | None = None,
    ) -> None:
        self._find = find
        self._lend = lend
        self._temporary = temporary
        self._one = asyncio.Lock()

    async def edit(self, text: str) -> str:
        """The text as the user leaves it; raises ConfigError where there is no editor, or it fails.

        While an editor is open, there is no second one: the text comes back as it is.
        """
        if self._one.locked():
            return text
        async with self._one:
            return await self._edit(text, self._find())

    async def _edit(self, text: str, command: Sequence[str]) -> str:
        with TemporaryDirectory(prefix="localr1-", dir=self._temporary) as directory:
            file = Path(directory) / FILE_NAME
            file.touch(mode=PRIVATE_FILE, exist_ok=False)
            file.write_text(text, encoding="utf-8", errors="replace")
            with self._lend():
                problem = await _run((*command, str(file)))
            if problem:
                raise ConfigError(f"{join(command)} {problem}")
            return _read(file)


async def _run(command: Sequence[str]) -> str:
    """What went wrong; nothing where the editor ended well. One that is still open is ended with us."""
    try:
        process = await asyncio.create_subprocess_exec(*command)
    except OSError as error:
        return f"can't be started: {error.strerror}"
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
    return f"ended with {code}" if code else ""


def _read(file: Path) -> str:
    """The file without the line end that editors put behind the last line."""
    with open_regular(file, ConfigError) as source:
        content = source.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise ConfigError("That is more than any model here can read")
    text = content.decode(errors="replace")
    return text.removesuffix("\n").removesuffix("\r")
