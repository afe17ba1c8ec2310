"""What the user does with models on disk: fetch, check, remove, give up, take what lies elsewhere."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.hub.background import in_background
from localr1.library.elsewhere.find import FoundModel
from localr1.library.hashing import Hashed
from localr1.library.imports import NOBODY, Imported, Origin, import_model
from localr1.library.library import Library
from localr1.library.partial_downloads import partial_downloads, remove_partial
from localr1.library.removal import Removal, plan_removal, remove
from localr1.library.repair import keep_beginnings
from localr1.library.verify import Verified, verify
from localr1.tui.downloads.downloads import Download, Downloads
from localr1.tui.models.facts import Marked, needs
from localr1.units import size_text


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask before something is done that can't be undone, or that is of no use."""

    question: str
    consequence: str
    verb: str


class LocalChanges:
    """Works in threads, as disks can be slow, and asks first; raises ModelFileError for what fails."""

    def __init__(
        self, library: Library, downloads: Downloads, ask: Callable[[Question], Awaitable[bool]]
    ) -> None:
        self._library = library
        self._downloads = downloads
        self._ask = ask

    async def fetch(self, marked: Marked) -> None:
        """Fetch a model, or go on with it; one that is too big only when that is meant."""
        choice = marked.choice
        if marked.download or not marked.too_big or await self._ask(_about_size(marked)):
            self._downloads.start(marked.row.name_of(choice), choice.size)

    async def refer(self, found: FoundModel) -> str:
        """Take a model of another program where it lies; its name from now on."""
        return await asyncio.to_thread(self._refer, found.path, found.origin)

    async def refer_file(self, text: str) -> str:
        """Take the file at a path, as it is written or dropped on a terminal; its name from now on."""
        return await asyncio.to_thread(self._refer, _path(text), NOBODY)

    async def check(self, marked: Marked) -> AsyncGenerator[str, None]:
        """Hash a model again and say how far that is; what is damaged is fetched again if that is wanted."""
        local = marked.choice.local
        if local is None:
            return
        async with aclosing(in_background(lambda _: verify(local, self._library.records))) as events:
            async for event in events:
                match event:
                    case Hashed(_, done, total):
                        yield f"checking {local.name}: {done / max(total, 1):.0%}"
                    case Verified() if event.bad:
                        await self._repair(event, marked)
                    case Verified():
                        yield f"{local.name} is {'right' if event.compared else 'whole'}"

    async def remove(self, marked: Marked) -> None:
        """Give up a download, with what has come of it; or remove a model."""
        if download := marked.download:
            if await self._ask(_about_download(download)):
                await self._downloads.forget(download.name)
                await asyncio.to_thread(self._remove_partials, download.name)
        elif local := marked.choice.local:
            removal = await asyncio.to_thread(plan_removal, self._library, local.name)
            if await self._ask(_about_removal(removal)):
                await asyncio.to_thread(remove, self._library, removal)

    async def _repair(self, verified: Verified, marked: Marked) -> None:
        """Only what came from the hub can come from there again."""
        problem = " ".join(file.problem for file in verified.bad)
        name = marked.choice.name or (verified.model.name if marked.row.entry else "")
        if not name:
            raise ModelFileError(problem, hint="It did not come from the hub: remove it, and fetch another.")
        if await self._ask(
            Question(f"{verified.model.name} is not what it should be.", problem, "fetch it again")
        ):
            await asyncio.to_thread(keep_beginnings, verified)
            self._downloads.start(name, marked.choice.size)

    def _refer(self, path: Path, origin: Origin) -> str:
        (model,) = (
            event.model
            for event in import_model(self._library, path, "reference", origin)
            if isinstance(event, Imported)
        )
        return model.name

    def _remove_partials(self, name: str) -> None:
        """Of a name of the hub, its file is what partial downloads are known by."""
        file = name.rpartition("/")[2].rpartition(":")[2] if name.startswith("hf:") else name
        for partial in partial_downloads(self._library, file):
            remove_partial(partial)


def is_path(text: str) -> bool:
    """Whether a text means a file, and not a model by its name."""
    return text.lstrip("'\"").startswith(("/", "~", "./", "../"))


def _path(text: str) -> Path:
    """Terminals quote what is dropped on them."""
    try:
        words = shlex.split(text)
        return Path(words[0] if len(words) == 1 else text).expanduser().absolute()
    except (ValueError, RuntimeError):
        return Path(text)


def _about_size(marked: Marked) -> Question:
    name = marked.row.name_of(marked.choice)
    memory = f"It needs {needs(marked.choice.fit, marked.machine)}." if marked.choice.fit else ""
    return Question(f"{name} does not fit this machine.", memory, "fetch it anyway")


def _about_download(download: Download) -> Question:
    here = f"{size_text(download.done)} that came so far are removed." if download.done else ""
    return Question(f"Give up the download of {download.name}?", here, "give it up")


def _about_removal(removal: Removal) -> Question:
    if removal.only_forgotten:
        return Question(f"Forget {removal.name}?", "Its file stays where it is.", "forget it")
    return Question(f"Remove {removal.name}?", f"{size_text(removal.freed)} are freed.", "remove it")
