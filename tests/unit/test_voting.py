"""Replies that are counted as they end: which is kept, and when the others are stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import cast

import pytest

from localr1.chat.answering import Answering
from localr1.chat.ballot import Ballot
from localr1.chat.events import (
    AnswerDelta,
    Event,
    OfSample,
    PromptProgress,
    SampleDone,
    ThinkingBudget,
    ThinkingDelta,
    VoteProgress,
)
from localr1.chat.families import family_of
from localr1.chat.saved_reply import SavedReply
from localr1.chat.steering import Bounds, Steering, Wishes
from localr1.chat.task import Task
from localr1.chat.turn import Turn
from localr1.chat.votes import Poll
from localr1.chat.voting import Voting
from localr1.engine.client import Engine
from localr1.engine.reports import Done, EndReason, Evaluated, Paused, Piece, Rendered
from localr1.message import FinishReason, Reply, Vote, Votes
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.fakes import ScriptedEngine

R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")
UNBOUND = Bounds()


class ListeningEngine(ScriptedEngine):
    """Remembers which samples it was told to drop, and which to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[int] = []
        self.gone_on: list[int] = []

    def drop(self, sample: int = 0) -> None:
        self.dropped.append(sample)

    def go_on(self, insert: str = "", *, pause_at: int = 0, pause_before: str = "", sample: int = 0) -> None:
        self.gone_on.append(sample)


@dataclass(frozen=True)
class Booth:
    """A vote that runs, without a worker."""

    voting: Voting
    ballot: Ballot
    engine: ListeningEngine

    def say(self, sample: int, text: str, reason: EndReason = "stop", *, last: bool = False) -> list[Event]:
        """A sample says this and ends; all events of it."""
        said = self.voting.take(Piece(id=1, text=text, tokens=len(text), sample=sample))
        done = Done(
            id=1, finish_reason=reason, generated_tokens=len(text), sample=sample, last=last, prompt_tokens=9
        )
        return [*said, *self.voting.take(done)]

    @property
    def reply(self) -> Reply:
        return self.ballot.reply()


@pytest.fixture
def chats() -> Iterator[Chats]:
    with closing(Database.in_memory()) as database:
        yield Chats(database)


def booth(chats: Chats, samples: int, bounds: Bounds = UNBOUND) -> Booth:
    """A vote of so many samples that have not begun."""
    return Booth(*_voting(chats, samples, bounds))


def _voting(chats: Chats, samples: int, bounds: Bounds) -> tuple[Voting, Ballot, ListeningEngine]:
    engine, wishes = ListeningEngine(), Wishes()
    turns = [Turn(R1) for _ in range(samples)]
    ballot = Ballot(turns, Poll(samples))
    task = Task(chats.add_user_message(chats.create().id, None, "How many?"))
    saved = SavedReply(chats, task, ballot, "nano")
    answerings = [
        Answering(
            cast(Engine, engine), turn, Steering(R1, turn, bounds, wishes), saved, wishes, sample=sample
        )
        for sample, turn in enumerate(turns)
    ]
    voting = Voting(cast(Engine, engine), answerings, ballot)
    voting.begin(seen=False)
    return voting, ballot, engine


def test_the_first_reply_with_the_answer_of_most_is_kept_and_told_whole_at_the_end(chats: Chats) -> None:
    vote = booth(chats, 3)
    vote.say(0, "Hm.</think>1")
    vote.say(1, "Let me see.</think>It is 2.")
    events = vote.say(2, "Right.</think>2", last=True)
    assert events[-2:] == [ThinkingDelta("Let me see.", 27), AnswerDelta("It is 2.", tokens=27)]
    assert vote.reply.answer == "It is 2."
    assert vote.reply.finish_reason is FinishReason.STOP
    assert vote.reply.vote == Vote(
        samples=3, ended=3, votes=(Votes("2", 2), Votes("1", 1)), share=2 / 3, sample=1, tokens=54
    )


def test_the_others_are_dropped_as_soon_as_they_could_change_nothing(chats: Chats) -> None:
    vote = booth(chats, 5)
    for sample in (3, 0):
        vote.say(sample, "Hm.</think>7")
    assert vote.engine.dropped == []
    events = vote.say(4, "Hm.</think>7")
    assert vote.engine.dropped == [1, 2]
    assert events[-1] == VoteProgress(3, 5, "7", 3)


def test_what_comes_after_the_decision_is_not_counted(chats: Chats) -> None:
    vote = booth(chats, 3)
    vote.say(0, "Hm.</think>7")
    vote.say(1, "Hm.</think>7")
    events = vote.say(2, "Hm.</think>8", last=True)
    assert OfSample(2, SampleDone(FinishReason.STOP, "")) in events
    assert vote.reply.vote
    assert vote.reply.vote.votes == (Votes("7", 2),)


def test_the_end_of_the_prompt_and_of_each_sample_tell_how_the_vote_stands(chats: Chats) -> None:
    vote = booth(chats, 4)
    vote.voting.take(Rendered(id=1, prompt_tokens=9, cached_tokens=4))
    assert vote.voting.take(Evaluated(id=1, done=6, total=9)) == [PromptProgress(6, 9)]
    events = vote.voting.take(Evaluated(id=1, done=9, total=9))
    assert events == [PromptProgress(9, 9), VoteProgress(0, 4)]
    assert vote.say(0, "Hm.</think>7")[-2:] == [
        OfSample(0, SampleDone(FinishReason.STOP, "7")),
        VoteProgress(1, 4, "7", 1),
    ]


@pytest.mark.parametrize(
    ("text", "reason"), [("Hm.</think>7", "length"), ("Hm.", "length"), ("Hm.</think>", "stop")]
)
def test_a_sample_that_was_cut_or_gave_no_answer_has_no_vote(
    chats: Chats, text: str, reason: EndReason
) -> None:
    vote = booth(chats, 2)
    vote.say(0, text, reason)
    vote.say(1, "Hm.</think>8", last=True)
    assert vote.reply.vote
    assert (vote.reply.vote.votes, vote.reply.vote.share) == ((Votes("8", 1),), 0.5)
    assert vote.reply.answer == "8"


def test_without_any_vote_a_reply_with_some_answer_is_kept(chats: Chats) -> None:
    vote = booth(chats, 2)
    vote.say(0, "Hm.", "length")
    vote.say(1, "Hm.</think>It is about", "length", last=True)
    assert vote.reply.answer == "It is about"
    assert vote.reply.finish_reason is FinishReason.LENGTH


def test_a_vote_that_is_stopped_keeps_what_led_and_counts_as_cancelled(chats: Chats) -> None:
    vote = booth(chats, 3)
    vote.say(0, "Hm.", "cancelled")
    vote.say(1, "Hm.</think>7")
    assert vote.reply.finish_reason is FinishReason.CANCELLED
    vote.say(2, "Hm.</think>7", "cancelled", last=True)
    assert (vote.reply.answer, vote.reply.finish_reason) == ("7", FinishReason.CANCELLED)


def test_a_vote_that_still_runs_counts_as_interrupted_in_the_store(chats: Chats) -> None:
    vote = booth(chats, 3)
    vote.say(1, "Hm.</think>7")
    assert vote.reply.finish_reason is FinishReason.INTERRUPTED


def test_each_sample_has_its_own_budget_and_goes_on_by_itself(chats: Chats) -> None:
    vote = booth(chats, 2, Bounds(budget=20))
    rendered = Rendered(id=1, prompt_tokens=9, cached_tokens=0, pause_at=20)
    assert vote.voting.take(rendered)[0] == ThinkingBudget(20)
    for sample in (1, 0):
        vote.voting.take(Piece(id=1, text="Let me see", tokens=20, sample=sample))
        vote.voting.take(Paused(id=1, tokens=20, sample=sample))
    assert vote.engine.gone_on == [1, 0]


def test_an_answer_that_goes_round_in_circles_ends_that_sample_alone(chats: Chats) -> None:
    vote = booth(chats, 3)
    vote.voting.take(Piece(id=1, text="Hm.</think>" + "and so on " * 1000, tokens=9, sample=1))
    vote.voting.take(Paused(id=1, tokens=9, sample=1))
    assert vote.engine.dropped == [1]
    events = vote.voting.take(Done(id=1, finish_reason="cancelled", sample=1, last=False))
    assert OfSample(1, SampleDone(FinishReason.REPETITION, "")) in events
