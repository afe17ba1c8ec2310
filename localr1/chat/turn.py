"""A reply while it grows: its text split into thinking and answer, timed and counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.chat.families import Family
from localr1.chat.thinking import ThinkingSplitter, ThinkingState
from localr1.engine.reports import Done, Piece
from localr1.message import FinishReason, Reply, Stats

NOTHING = Reply(answer="", thinking="", raw="", finish_reason=FinishReason.INTERRUPTED)
_NO_STATS = Stats(0, 0, 0, 0.0, 0.0)


class Turn:
    """Feeds pieces to the splitter and knows at any moment what the store should hold.

    A reply that goes on begins with what there is of it already.
    """

    def __init__(
        self, family: Family, clock: Callable[[], float] = time.monotonic, earlier: Reply = NOTHING
    ) -> None:
        self._splitter = ThinkingSplitter(family.tags, opened=family.opened)
        self._clock = clock
        self._started: float | None = None
        self._earlier = earlier.stats
        before = self._before = earlier.stats or _NO_STATS
        self._raw: list[str] = []
        self._tokens = before.generated_tokens
        self._thinking_tokens = before.thinking_tokens
        self._thinking_seconds = before.thinking_seconds
        self._reason = FinishReason.INTERRUPTED
        self._done: Done | None = None
        self.beginning = self.put_in(earlier.raw)
        """What there was already, as far as it is not held back."""

    @property
    def raw(self) -> str:
        """The whole text so far, tags included."""
        return "".join(self._raw)

    @property
    def state(self) -> ThinkingState:
        """How far the thinking has come."""
        return self._splitter.state

    @property
    def tokens(self) -> int:
        """Tokens of the reply so far."""
        return self._tokens

    @property
    def thinking_tokens(self) -> int:
        """Tokens of the thinking so far."""
        return self._thinking_tokens

    def put_in(self, text: str) -> list[Delta]:
        """What a text adds that goes into the prompt as the beginning of the reply."""
        self._raw.append(text)
        return self._numbered(self._splitter.feed(text))

    def feed(self, piece: Piece) -> list[Delta]:
        """What a piece adds to the thinking and to the answer."""
        if self._started is None:
            self._started = self._clock()
        self._raw.append(piece.text)
        tokens = self._before.generated_tokens + piece.tokens
        fresh, self._tokens = tokens - self._tokens, tokens
        return self._counted(self._splitter.feed(piece.text), fresh)

    def finish(self, done: Done, reason: FinishReason | None = None) -> list[Delta]:
        """What was held back, once the reply has ended; `reason` goes before that of the engine."""
        self._done = done
        self._reason = reason or FinishReason(done.finish_reason)
        return self._counted(self._splitter.finish(), 0)

    def reply(self) -> Reply:
        """The reply as far as it came; interrupted until it has ended otherwise."""
        return Reply(
            answer=self._splitter.answer,
            thinking=self._splitter.thinking,
            raw=self.raw,
            finish_reason=self._reason,
            stats=self._stats(self._done) if self._done else self._earlier,
        )

    def _stats(self, done: Done) -> Stats:
        """The sums over all parts of the reply; what was generated before is no part of the prompt."""
        before = self._before
        return Stats(
            prompt_tokens=max(0, done.prompt_tokens - before.generated_tokens),
            evaluated_tokens=before.evaluated_tokens + done.evaluated_tokens,
            generated_tokens=before.generated_tokens + done.generated_tokens,
            prompt_seconds=before.prompt_seconds + done.prompt_seconds,
            generation_seconds=before.generation_seconds + done.generation_seconds,
            thinking_tokens=self._thinking_tokens,
            thinking_seconds=self._thinking_seconds,
            drafted_tokens=before.drafted_tokens + done.drafted_tokens,
            accepted_tokens=before.accepted_tokens + done.accepted_tokens,
        )

    def _counted(self, deltas: list[Delta], fresh: int) -> list[Delta]:
        """The deltas with the count of tokens so far; thinking is counted and timed to where it closes.

        A piece that closes it and goes on gives its `fresh` tokens to both parts by the length of their text.
        """
        if self._splitter.state is ThinkingState.RUNNING or any(
            isinstance(delta, ThinkingDelta | AnswerWasThinking) for delta in deltas
        ):
            thought = sum(len(delta.text) for delta in deltas if isinstance(delta, ThinkingDelta))
            answered = sum(len(delta.text) for delta in deltas if isinstance(delta, AnswerDelta))
            answering = fresh * answered // (thought + answered) if thought else 0
            self._thinking_tokens = self._tokens - answering
            now = self._clock()
            started = now if self._started is None else self._started
            self._thinking_seconds = self._before.thinking_seconds + now - started
        return self._numbered(deltas)

    def _numbered(self, deltas: list[Delta]) -> list[Delta]:
        return [
            replace(delta, tokens=self._tokens) if isinstance(delta, ThinkingDelta | AnswerDelta) else delta
            for delta in deltas
        ]
