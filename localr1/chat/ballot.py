"""Several replies to one question on their way to a vote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from localr1.chat.events import SampleDone
from localr1.chat.result import Result, result_of
from localr1.chat.turn import Turn
from localr1.chat.votes import Poll, count, is_decided
from localr1.message import FinishReason, Reply, Vote


class Ballot:
    """Knows at any moment which reply leads, and what the store should hold."""

    def __init__(self, turns: Sequence[Turn], poll: Poll) -> None:
        self._turns = turns
        self._poll = poll
        self._cast: dict[int, Result | None] = {}
        self._stopped = False

    @property
    def vote(self) -> Vote:
        """How it stands."""
        tokens = sum(turn.tokens for turn in self._turns)
        return replace(count(self._cast, self._poll), tokens=tokens)

    @property
    def decided(self) -> bool:
        """Whether nothing can change it any more."""
        return is_decided(count(self._cast, self._poll), self._poll)

    @property
    def running(self) -> list[int]:
        """The samples that have not ended."""
        return [sample for sample in range(len(self._turns)) if sample not in self._cast]

    def end(self, sample: int) -> SampleDone:
        """A sample has ended; one that was stopped, or came after the decision, does not count."""
        reply = self._turns[sample].reply()
        if self.decided:
            return SampleDone(reply.finish_reason, "")
        if reply.finish_reason is FinishReason.CANCELLED:
            self._stopped = True
            return SampleDone(reply.finish_reason, "")
        said = result_of(reply.answer) if reply.finish_reason is FinishReason.STOP else None
        self._cast[sample] = said
        return SampleDone(reply.finish_reason, said.text if said else "")

    def reply(self) -> Reply:
        """The first reply that gave the answer which leads, with the vote; interrupted until it has won."""
        vote = self.vote
        reply = self._turns[self._best(vote)].reply()
        if not self.decided:
            stopped = FinishReason.CANCELLED if self._stopped else FinishReason.INTERRUPTED
            reply = replace(reply, finish_reason=stopped)
        return replace(reply, vote=vote) if vote.ended else reply

    def _best(self, vote: Vote) -> int:
        """Where none has a vote, the first with any answer."""
        if vote.sample is not None:
            return vote.sample
        answered = (sample for sample, turn in enumerate(self._turns) if turn.reply().answer.strip())
        return next(answered, 0)
