"""Downloads that come as a test says, and models that are here already."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from pathlib import Path

from localr1.errors import LocalR1Error
from localr1.hub.events import Progress, Pulled, PullEvent
from localr1.paths import bundled
from tests.tui.chatting import paths_of

QWEN = "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf"
QWEN_REPO = "unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF"
QWEN_SIZE = 1_117_320_576


class ScriptedFetch:
    """Fetches nothing by itself: what comes of each model, and how it ends, is said with `say`."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.closed: list[str] = []
        self._said: defaultdict[str, asyncio.Queue[PullEvent | LocalR1Error]] = defaultdict(asyncio.Queue)

    async def __call__(self, name: str) -> AsyncGenerator[PullEvent, None]:
        self.begun.append(name)
        try:
            while True:
                match await self._said[name].get():
                    case LocalR1Error() as error:
                        raise error
                    case Pulled() as pulled:
                        yield pulled
                        return
                    case event:
                        yield event
        finally:
            self.closed.append(name)

    def say(self, name: str, *events: PullEvent | LocalR1Error) -> None:
        """The next things that happen to this download."""
        for event in events:
            self._said[name].put_nowait(event)


def progress(percent: int, total: int = QWEN_SIZE, rate: float = 11_200_000.0) -> Progress:
    return Progress("a file", -(-total * percent // 100), total, rate)


def put_model(home: Path, file: str = QWEN, repo: str = QWEN_REPO) -> Path:
    """Nano under the name of another model, where a download of that would have put it."""
    path = paths_of(home).models / repo / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bundled("nano.gguf").read_bytes())
    return path


def put_part(home: Path, size: int, file: str = QWEN, repo: str = QWEN_REPO) -> Path:
    """What a download that was stopped has left of a model; the bytes take no room."""
    path = paths_of(home).models / repo / f"{file}.{'c2c43b6018cf7700'}.part"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as part:
        part.truncate(size)
    return path
