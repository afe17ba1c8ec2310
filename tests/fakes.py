"""Stand-ins at our own seams, for what the real engine can't do on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.engine.client import Place, Progress
from localr1.engine.reports import Done, ModelInfo, Paused, Piece, Prepared, Rendered
from localr1.engine.requests import ChatMessage, Generate, StateFile
from localr1.errors import ContextError, LocalR1Error, StoppedError
from localr1.sampling import Sampling

THINKING_TEMPLATE = "<｜User｜>{{ messages[-1].content }}<｜Assistant｜><think>\n"
PROMPT_TOKENS = 18


class ScriptedEngine:
    """Answers every request with the same pieces; after `hold` of them it waits for release or cancel.

    Each piece counts as one token. What is put in at a pause comes as a piece more; then the rest follows.
    """

    def __init__(
        self,
        *pieces: str,
        hold: int | None = None,
        error: LocalR1Error | None = None,
        longest_request: int = 100,
        hold_load: bool = False,
    ) -> None:
        self.pieces = pieces
        self.hold = hold
        self.error = error
        self.longest_request = longest_request
        """Messages of the longest request that fits the context."""
        self.released = asyncio.Event()
        self.hold_load = hold_load
        """Loading never ends by itself, only by a cancel."""
        self._one_load = asyncio.Lock()
        self.counts = True
        """Counts tokens; the real one does not while it has something else to do."""
        self.cancelled = False
        self.pid: int | None = None
        """The process whose memory is shown as the engine's."""
        self.load_share: float | None = None
        self.draft_refused = ""
        self.asked: list[tuple[ChatMessage, ...]] = []
        self.sampled: list[Sampling] = []
        self.prefills: list[str] = []
        self.pauses = 0
        """How often one was asked for."""
        self.inserted: list[str] = []
        """What was put in at each pause."""
        self.prepared: list[tuple[ChatMessage, ...]] = []
        self._pausing = False

    async def load(
        self,
        path: Path,
        *,
        context: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        template: str = "",
        cache_type: CacheType = "f16",
        flash_attention: FlashAttention = "auto",
        draft: Path | None = None,
        place: Place | None = None,
    ) -> ModelInfo:
        async with self._one_load:
            if self.hold_load:
                await self.released.wait()
                self.released.clear()
                raise StoppedError(f"Loading {path.name} was stopped.")
        return ModelInfo(
            name=path.stem,
            architecture="qwen2",
            description="qwen2 2M Q8_0",
            parameters=2_000_000,
            size=2_000_000,
            context_train=4096,
            context=context or 4096,
            threads=2,
            gpu_layers=0,
            template=THINKING_TEMPLATE,
            generation_prompt="<｜Assistant｜><think>\n",
            load_seconds=0.1,
            draft_refused=self.draft_refused,
        )

    async def generate(self, request: Generate) -> AsyncGenerator[Progress, None]:
        if len(request.messages) > self.longest_request:
            raise ContextError("The chat is longer than the context.")
        self.asked.append(request.messages)
        self.sampled.append(request.sampling)
        self.prefills.append(request.prefill)
        self.cancelled = self._pausing = False
        tokens, pause_at = 0, request.pause_at
        yield Rendered(id=1, prompt_tokens=PROMPT_TOKENS, cached_tokens=0, pause_at=pause_at)
        for count, text in enumerate(self.pieces, 1):
            if self.hold is not None and count > self.hold:
                await self.released.wait()
            if self._pausing or 0 < pause_at <= tokens:
                yield Paused(id=1, tokens=tokens)
                pause_at, self._pausing = 0, False
                if self.inserted and not self.cancelled:
                    tokens += 1
                    yield Piece(id=1, text=self.inserted[-1], tokens=tokens)
            if self.cancelled:
                break
            tokens += 1
            yield Piece(id=1, text=text, tokens=tokens)
        if self.error:
            raise self.error
        yield self._done(tokens)

    def pause(self, sample: int = 0) -> None:
        self.pauses += 1
        self._pausing = True
        if self.hold is not None:
            self.released.set()

    def go_on(self, insert: str = "", *, pause_at: int = 0, pause_before: str = "", sample: int = 0) -> None:
        self.inserted.append(insert)

    def drop(self, sample: int = 0) -> None:
        self.cancelled = True
        self.released.set()

    async def count(self, text: str) -> int | None:
        """A word is a token; nothing is counted while a reply is running."""
        return len(text.split()) if self.counts else None

    async def prepare(
        self, messages: Sequence[ChatMessage], *, evaluate: bool = True, state: StateFile | None = None
    ) -> Prepared | None:
        self.prepared.append(tuple(messages))
        return None

    async def cancel(self) -> None:
        self.cancelled = True
        self.released.set()

    def _done(self, tokens: int) -> Done:
        return Done(
            id=1,
            finish_reason="cancelled" if self.cancelled else "stop",
            prompt_tokens=PROMPT_TOKENS,
            evaluated_tokens=PROMPT_TOKENS,
            generated_tokens=tokens,
            prompt_seconds=0.1,
            generation_seconds=tokens / 40,
        )
