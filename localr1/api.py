"""localr1 for Python programs and notebooks: ask a model and get its answer, or the events as they come.

    from localr1.api import Client

    with Client() as client:
        print(client.ask("What is 47 + 85?").text)

The names in `__all__` follow semantic versioning; everything else may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from localr1.async_client import AsyncClient
from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, HistoryTrimmed, PromptProgress, ThinkingDelta
from localr1.chat.files import GivenFiles
from localr1.chat.form import GivenSchema
from localr1.chat.steps import Step
from localr1.errors import FormError, LocalR1Error, NoAnswerError, NotSureError, TimedOutError, UsageError
from localr1.lazy_runtime import Setting
from localr1.loop_thread import LoopThread
from localr1.message import FinishReason, Stats, Vote, Votes
from localr1.sampling import Sampling

__all__ = [
    "Answer",
    "AnswerDelta",
    "AsyncClient",
    "Client",
    "FinishReason",
    "FormError",
    "HistoryTrimmed",
    "LocalR1Error",
    "NoAnswerError",
    "NotSureError",
    "PromptProgress",
    "Sampling",
    "Stats",
    "ThinkingDelta",
    "TimedOutError",
    "UsageError",
    "Vote",
    "Votes",
]


class Client:
    """`AsyncClient` for programs without an event loop, and for notebooks, whose own loop is left alone."""

    def __init__(
        self,
        *,
        save: bool = False,
        home: Path | None = None,
        passphrase: str | None = None,
        **settings: Setting,
    ) -> None:
        self._loop = LoopThread()
        self._client = AsyncClient(save=save, home=home, passphrase=passphrase, **settings)

    def ask(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        branch: bool = False,
        files: GivenFiles = (),
        system: str = "",
        preset: str | None = None,
        timeout: float | None = None,
        votes: int = 1,
        min_share: float | None = None,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> Answer:
        """As `AsyncClient.ask`."""
        return self._loop.run(
            self._client.ask(
                prompt,
                chat=chat,
                branch=branch,
                files=files,
                system=system,
                preset=preset,
                timeout=timeout,
                votes=votes,
                min_share=min_share,
                schema=schema,
                choices=choices,
                grammar=grammar,
                **settings,
            )
        )

    def stream(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        branch: bool = False,
        files: GivenFiles = (),
        system: str = "",
        preset: str | None = None,
        votes: int = 1,
        min_share: float | None = None,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> Iterator[Step]:
        """As `AsyncClient.stream`."""
        steps = self._client.stream(
            prompt,
            chat=chat,
            branch=branch,
            files=files,
            system=system,
            preset=preset,
            votes=votes,
            min_share=min_share,
            schema=schema,
            choices=choices,
            grammar=grammar,
            **settings,
        )
        yield from self._loop.iterate(steps)

    def close(self) -> None:
        """End the worker."""
        if self._loop.here and not self._loop.closed:
            self._loop.run(self._client.close())
            self._loop.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
