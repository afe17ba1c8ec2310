"""Events for who can take nothing back."""

from __future__ import annotations

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Event,
    OfSample,
    PromptProgress,
    SampleDone,
    ThinkingDelta,
    TurnDone,
)
from localr1.chat.settled import Settler
from localr1.message import FinishReason, Message, Role

DONE = TurnDone(Message(1, 1, None, Role.ASSISTANT, "ab", 0.0))


def settled(*events: Event) -> list[Event]:
    settler = Settler()
    return [each for event in events for each in settler.feed(event)]


def test_what_is_settled_passes_as_it_comes() -> None:
    events = (PromptProgress(1, 2), ThinkingDelta("a", 1), AnswerDelta("b", tokens=2), DONE)
    assert settled(*events) == list(events)


def test_text_that_turns_out_to_be_thinking_comes_as_thinking() -> None:
    events = (AnswerDelta("a", settled=False, tokens=1), AnswerWasThinking(), AnswerDelta("b", tokens=2))
    assert settled(*events) == [ThinkingDelta("a", 1), AnswerDelta("b", tokens=2)]


def test_unsettled_text_is_answer_when_the_answer_goes_on_or_the_turn_ends() -> None:
    held = AnswerDelta("a", settled=False, tokens=1)
    assert settled(held) == []
    assert settled(held, AnswerDelta("b")) == [AnswerDelta("a", tokens=1), AnswerDelta("b")]
    assert settled(held, DONE) == [AnswerDelta("a", tokens=1), DONE]


def test_samples_are_settled_each_by_itself() -> None:
    held, end = AnswerDelta("a", settled=False, tokens=1), SampleDone(FinishReason.STOP, "a")
    assert settled(OfSample(0, held), OfSample(1, AnswerWasThinking()), OfSample(1, end)) == [
        OfSample(1, end)
    ]
    assert settled(OfSample(0, held), OfSample(0, end)) == [
        OfSample(0, AnswerDelta("a", tokens=1)),
        OfSample(0, end),
    ]
