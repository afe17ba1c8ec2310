"""An engine whose samples say what a test wants them to."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from localr1.engine.client import Progress
from localr1.engine.reports import Done, Evaluated, Piece, Rendered
from localr1.engine.requests import Generate
from localr1.errors import EngineError
from tests.fakes import ScriptedEngine
from tests.tui.chatting import pieces


class VotingEngine(ScriptedEngine):
    """Draws a reply for each of these answers, one after the other, each of 48 tokens.

    Before the one with the number `hold` it waits, or fails with its `error`.
    """

    def __init__(self, *answers: str, hold: int | None = None, error: EngineError | None = None) -> None:
        super().__init__(*pieces(), hold=hold, error=error)
        self.answers = answers
        self.samples: list[int] = []
        """How many were asked for, each time."""
        self._dropped: set[int] = set()

    async def generate(self, request: Generate) -> AsyncGenerator[Progress, None]:
        self.samples.append(request.samples)
        self.asked.append(request.messages)
        self.cancelled = False
        self._dropped.clear()
        answers = self.answers[: request.samples]
        yield Rendered(id=1, prompt_tokens=18, cached_tokens=0)
        yield Evaluated(id=1, done=18, total=18)
        for sample, answer in enumerate(answers):
            if sample == self.hold:
                if self.error:
                    raise self.error
                await self.released.wait()
            yield Piece(id=1, text="Hm.", tokens=40, sample=sample)
            stopped = self.cancelled or sample in self._dropped
            if not stopped:
                yield Piece(id=1, text=f"</think>\n\n{answer}", tokens=48, sample=sample)
            yield Done(
                id=1,
                finish_reason="cancelled" if stopped else "stop",
                prompt_tokens=18,
                generated_tokens=40 if stopped else 48,
                generation_seconds=2.0,
                sample=sample,
                last=sample == len(answers) - 1,
            )

    def drop(self, sample: int = 0) -> None:
        self._dropped.add(sample)
