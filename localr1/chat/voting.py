"""Several replies on their way: each is answered and steered as a single one, and they are counted."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.chat.answering import Answering
from localr1.chat.ballot import Ballot
from localr1.chat.events import (
    AnswerDelta,
    Event,
    HistoryTrimmed,
    OfSample,
    ThinkingDelta,
    ThinkingTrimmed,
    VoteProgress,
)
from localr1.chat.request import Trimmed
from localr1.chat.steering import Stops
from localr1.engine.client import Engine, Progress
from localr1.engine.reports import Done, Evaluated, Paused, Piece, Rendered


class Voting:
    """Takes the reports of one turn, in their order."""

    def __init__(self, engine: Engine, answerings: Sequence[Answering], ballot: Ballot) -> None:
        """An `Answering` for each sample, whose turns are those of the ballot."""
        self._engine = engine
        self._answerings = answerings
        self._ballot = ballot
        self._decided = False

    def begin(self, *, seen: bool) -> Stops:
        """Put in what the replies begin with, and tell where the engine has to pause first."""
        *_, stops = [answering.begin(seen=seen) for answering in self._answerings]
        return stops

    def take(self, report: Trimmed | Progress) -> list[Event]:
        """What a report means to a front end; when the last sample has ended, all that the best one says."""
        match report:
            case HistoryTrimmed() | ThinkingTrimmed():
                return self._answerings[0].take(report)
            case Evaluated(done=done, total=total):
                events = self._answerings[0].take(report)
                return [*events, self._progress()] if done == total else events
            case Rendered():
                events, *_ = [answering.take(report) for answering in self._answerings]
                return events
            case Piece(sample=sample) | Paused(sample=sample):
                return _of_sample(sample, self._answerings[sample].take(report))
            case Done(sample=sample, last=last):
                events = _of_sample(sample, self._answerings[sample].take(report))
                return [*events, *self._end(sample), *(self._result() if last else [])]

    def _end(self, sample: int) -> list[Event]:
        ended = OfSample(sample, self._ballot.end(sample))
        if self._decided:
            return [ended]
        if self._ballot.decided:
            self._decided = True
            for running in self._ballot.running:
                self._engine.drop(running)
        return [ended, self._progress()]

    def _progress(self) -> VoteProgress:
        vote = self._ballot.vote
        if not vote.votes:
            return VoteProgress(vote.ended, vote.samples)
        return VoteProgress(vote.ended, vote.samples, vote.votes[0].answer, vote.votes[0].count)

    def _result(self) -> list[Event]:
        reply = self._ballot.reply()
        tokens = reply.stats.generated_tokens if reply.stats else 0
        said: list[Event] = [ThinkingDelta(reply.thinking, tokens)] if reply.thinking else []
        return [*said, AnswerDelta(reply.answer, tokens=tokens)] if reply.answer else said


def _of_sample(sample: int, events: Sequence[Event]) -> list[Event]:
    return [OfSample(sample, event) for event in events]
