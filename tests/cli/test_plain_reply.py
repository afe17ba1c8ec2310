"""A turn as lines of text, event by event."""

from __future__ import annotations

from io import StringIO

import pytest

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Event,
    HistoryTrimmed,
    LoopBroken,
    OfSample,
    PromptProgress,
    ThinkingDelta,
    TurnDone,
    VoteProgress,
)
from localr1.cli.plain.reply import Reply
from localr1.message import FinishReason, Message, Role, Vote, Votes


def done(text: str, reason: FinishReason = FinishReason.STOP) -> TurnDone:
    return TurnDone(Message(2, 1, 1, Role.ASSISTANT, text, 0.0, finish_reason=reason))


def written(*events: Event) -> str:
    """What these events write, each of them six seconds after the one before."""
    output, seconds = StringIO(), iter(range(0, 600, 6))
    reply = Reply(output, clock=lambda: float(next(seconds)))
    for event in events:
        reply.show(event)
    reply.close()
    return output.getvalue()


def test_thinking_is_one_line_and_the_answer_comes_as_it_is_written() -> None:
    events = (ThinkingDelta("Let me", 2), ThinkingDelta(" see", 340), AnswerDelta("a\x1b["), AnswerDelta("b"))
    said = "Thinking… Thought for 6 s, 340 tokens.\nlocalr1: a␛[b\n"
    assert written(*events, done("ab")) == said


def test_a_vote_is_a_line_for_each_reply_and_ends_with_how_many_agree() -> None:
    vote = Vote(samples=3, ended=2, votes=(Votes("132", 2),), share=1.0)
    events = (
        VoteProgress(0, 3),
        OfSample(1, ThinkingDelta("Hm", 40)),
        VoteProgress(1, 3, "1\x1b2", 1),
        VoteProgress(2, 3, "132", 2),
        ThinkingDelta("Hm", 40),
        AnswerDelta("It is 132."),
    )
    message = Message(2, 1, 1, Role.ASSISTANT, "132", 0.0, finish_reason=FinishReason.STOP, vote=vote)
    assert written(*events, TurnDone(message)).splitlines() == [
        "Waiting for 3 replies.",
        "1 of 3 answered · 1␛2 leads with 1.",
        "2 of 3 answered · 132 leads with 2.",
        "localr1: It is 132.",
        "(2 of 2 say 132 (100%); 1 more was not needed)",
    ]


def test_what_turns_out_to_be_thinking_was_never_written_as_an_answer() -> None:
    events = (AnswerDelta("so I", settled=False), AnswerWasThinking(), AnswerDelta("42\n"))
    assert written(*events, done("42")) == "Thinking… Thought for 6 s, 0 tokens.\nlocalr1: 42\n"
    assert written(AnswerDelta("Hi", settled=False), done("Hi")) == "localr1: Hi\n"


def test_a_long_prompt_says_how_much_of_it_is_read_and_a_short_one_nothing() -> None:
    steps = (PromptProgress(count, 4000) for count in (0, 500, 1000, 1500, 2000, 2100, 4000))
    assert written(*steps) == "Reading 4,000 tokens…\n25 % read.\n50 % read.\n"
    assert written(PromptProgress(0, 40), PromptProgress(20, 40), PromptProgress(40, 40)) == ""


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (done("", FinishReason.LENGTH), "(cut at its limit of tokens while thinking, before any answer)\n"),
        (done("4", FinishReason.LENGTH), "(cut at its limit of tokens)\n"),
        (done("4", FinishReason.CANCELLED), "(stopped)\n"),
        (done(""), "(no answer)\n"),
        (HistoryTrimmed(3), "(The 3 oldest messages no longer fit and are left out.)\n"),
    ],
)
def test_an_end_that_is_not_plain_to_see_is_said(event: Event, said: str) -> None:
    assert written(event) == said


def test_a_loop_is_said_after_the_line_of_the_thinking() -> None:
    said = written(ThinkingDelta("a a a", 9), LoopBroken(in_thinking=True), AnswerDelta("4"), done("4"))
    assert said.splitlines()[1:] == ["(The thinking went round in circles and was closed.)", "localr1: 4"]
