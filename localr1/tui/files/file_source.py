"""Completion of `@path`: the files of the directory that is typed so far."""

from __future__ import annotations

import asyncio
import os
import re
from itertools import islice
from pathlib import Path

from localr1.here import Here
from localr1.safe_text import safe_line
from localr1.tui.completion import Choice, Offer
from localr1.tui.files.mention import path_mention

LISTED = 5000
"""Entries of a directory that are looked at; reading as many takes some milliseconds."""
_TYPED = re.compile(r"""(?<![^\s(])@(?:"(?P<quoted>[^"\n]*)|(?P<bare>(?:[^\s"\[][^\s"]*)?))$""")


class FileSource:
    """Offers files, directories first; hidden ones only behind a dot."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._listed: tuple[Path, list[str]] | None = None
        """What was found where the user is writing a path; forgotten when they go on to something else."""

    async def offer(self, before: str) -> Offer | None:
        """The files that could be meant at the end of this text."""
        match = _TYPED.search(before, before.rfind("\n") + 1)
        if match is None:
            self._listed = None
            return None
        path = match["bare"] if match["quoted"] is None else match["quoted"]
        head, slash, typed = path.rpartition("/")
        if path == "~":
            return Offer([Choice("@~/", "~/", "your home directory")], path, len(match[0]))
        names = await self._names(self._here.path(head + slash))
        hidden = typed.startswith(".")
        choices = [_choice(head + slash, name) for name in names if hidden or not name.startswith(".")]
        return Offer(choices, typed, len(match[0]))

    async def _names(self, directory: Path) -> list[str]:
        if self._listed is None or self._listed[0] != directory:
            self._listed = (directory, await asyncio.to_thread(_list, directory))
        return self._listed[1]


def _list(directory: Path) -> list[str]:
    """Names of what lies there, with a slash behind directories; those that can't be written are left out."""
    try:
        with os.scandir(directory) as entries:
            found = [(not _is_directory(entry), entry.name) for entry in islice(entries, LISTED)]
    except (OSError, ValueError):
        return []
    found.sort(key=lambda item: (item[0], item[1].casefold()))
    return [name + ("" if is_file else "/") for is_file, name in found if safe_line(name) == name]


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _choice(head: str, name: str) -> Choice:
    """A file ends its mention; a directory leaves it open for what lies in there."""
    mention = path_mention(head + name)
    return Choice(mention.removesuffix('"') if name.endswith("/") else f"{mention} ", name)
