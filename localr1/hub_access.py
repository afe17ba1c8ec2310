"""The hub behind the event loop; nothing of it is imported before somebody asks for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from localr1.config import Config
from localr1.library.library import Library
from localr1.settings import Settings

if TYPE_CHECKING:
    from localr1.hub.events import PullEvent
    from localr1.hub.hub import Hub
    from localr1.hub.stop import Stop

T = TypeVar("T")
Fetch: TypeAlias = "Callable[[str], AsyncGenerator[PullEvent, None]]"
"""Fetches the model of a name, going on with what is here of it; closing the generator stops it."""


async def ask_hub(config: Config, ask: Callable[[Hub], T]) -> T:
    """What the hub answers; asked in the background, and no more when this is cancelled."""
    from localr1.hub.background import in_background

    async with aclosing(in_background(partial(_ask, config, ask))) as answers:
        return await anext(answers)


def fetch_model(settings: Settings, library: Library, name: str) -> AsyncGenerator[PullEvent, None]:
    """Fetch a model into the library, under a name of the catalog or one of the hub."""
    from localr1.hub.background import in_background

    return in_background(partial(_pull, settings.config, library, name))


def _ask(config: Config, ask: Callable[[Hub], T], stop: Stop) -> Iterator[T]:
    from localr1.hub.hub import open_hub

    with open_hub(config, stop=stop) as hub:
        yield ask(hub)


def _pull(config: Config, library: Library, name: str, stop: Stop) -> Iterator[PullEvent]:
    from localr1.hub.hub import open_hub
    from localr1.hub.pull import pull
    from localr1.hub.target import hub_target

    with open_hub(config, stop=stop) as hub:
        target = hub_target(name)
        model = hub.model(target) if target else hub.file_of(*library.catalog.find(name))
        yield from pull(hub, model, library.directory, stop)
