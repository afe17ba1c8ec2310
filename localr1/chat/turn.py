"""A reply while it grows: its text split into thinking and answer, timed and counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.chat.families import Family
from localr1.chat.thinking import ThinkingSplitter, ThinkingState
from localr1.engine.protocol import Done, Piece
from localr1.message import FinishReason, Reply, Stats


class Turn:
    """Feeds pieces to the splitter and knows at any moment what the store should hold."""

    def __init__(self, family: Family, clock: Callable[[], float] = time.monotonic) -> None:
        self._splitter = ThinkingSplitter(family.tags, opened=family.opened)
        self._clock = clock
        self._started = clock()
        self._raw: list[str] = []
        self._tokens = 0
        self._thinking_tokens = 0
        self._thinking_seconds = 0.0
        self._done: Done | None = None

    def feed(self, piece: Piece) -> list[Delta]:
        """What a piece adds to the thinking and to the answer."""
        if not self._raw:
            self._started = self._clock()
        self._raw.append(piece.text)
        fresh, self._tokens = piece.tokens - self._tokens, piece.tokens
        return self._counted(self._splitter.feed(piece.text), fresh)

    def finish(self, done: Done) -> list[Delta]:
        """What was held back, once the reply has ended."""
        self._done = done
        return self._counted(self._splitter.finish(), 0)

    def reply(self) -> Reply:
        """The reply as far as it came; interrupted until it has ended otherwise."""
        reason = FinishReason(self._done.finish_reason) if self._done else FinishReason.INTERRUPTED
        return Reply(
            answer=self._splitter.answer,
            thinking=self._splitter.thinking,
            raw="".join(self._raw),
            finish_reason=reason,
            stats=self._stats(self._done) if self._done else None,
        )

    def _stats(self, done: Done) -> Stats:
        return Stats(
            prompt_tokens=done.prompt_tokens,
            evaluated_tokens=done.evaluated_tokens,
            generated_tokens=done.generated_tokens,
            prompt_seconds=done.prompt_seconds,
            generation_seconds=done.generation_seconds,
            thinking_tokens=self._thinking_tokens,
            thinking_seconds=self._thinking_seconds,
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
            self._thinking_seconds = self._clock() - self._started
        return [
            replace(delta, tokens=self._tokens) if isinstance(delta, ThinkingDelta | AnswerDelta) else delta
            for delta in deltas
        ]
