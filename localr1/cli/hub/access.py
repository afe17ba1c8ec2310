"""The hub, as commands speak to it: in a thread that a signal ends within a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from localr1.cli.hub.stoppable import follow, result_of
from localr1.config import Config
from localr1.environment import hub_token
from localr1.hub.hub import Hub, open_hub
from localr1.hub.stop import Stop
from localr1.hub.token import checked_token, read_token

T = TypeVar("T")


def open_access(config: Config, token_file: Path | None, use_token: bool) -> HubAccess:
    """The hub of the settings; a token only where it is asked for."""
    return HubAccess(config, _token(token_file, use_token))


def _token(token_file: Path | None, use_token: bool) -> str:
    if token_file:
        return read_token(token_file)
    return checked_token(hub_token(), "HF_TOKEN") if use_token else ""


@dataclass(frozen=True, slots=True)
class HubAccess:
    """Where the hub is, and the token that is sent there; empty for none."""

    config: Config
    token: str = ""

    def ask(self, question: Callable[[Hub], T]) -> T:
        """What a question to the hub brings; raises DownloadError, UsageError or StoppedError."""

        def work(stop: Stop) -> T:
            with open_hub(self.config, token=self.token, stop=stop) as hub:
                return question(hub)

        return result_of(work)

    def follow(self, steps: Callable[[Hub, Stop], Iterator[T]], show: Callable[[T], None]) -> None:
        """Show each step of longer work with the hub; raises as `ask` does."""

        def work(stop: Stop) -> Iterator[T]:
            with open_hub(self.config, token=self.token, stop=stop) as hub:
                yield from steps(hub, stop)

        follow(work, show)
