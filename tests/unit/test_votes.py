"""Votes counted, and the moment from which nothing can change them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat.result import Result
from localr1.chat.votes import ONE, Cast, Poll, count, is_decided, is_sure, require_variety
from localr1.errors import UsageError
from localr1.message import Votes
from localr1.sampling import Sampling

SAID = st.one_of(st.none(), st.sampled_from("abc"))


def cast(*said: str | None) -> Cast:
    """What the first samples said; the text of each tells which one it was."""
    return {
        sample: Result(("text", each), f"{each}{sample}") if each else None
        for sample, each in enumerate(said)
    }


def test_the_answer_of_most_leads_in_the_words_of_the_first_who_gave_it() -> None:
    vote = count(cast("a", "b", "b", None), Poll(9))
    assert vote.votes == (Votes("b1", 2), Votes("a0", 1))
    assert (vote.sample, vote.ended, vote.samples, vote.share) == (1, 4, 9, 0.5)


def test_of_as_many_votes_those_of_the_lowest_number_lead_whoever_ended_first() -> None:
    ended_backwards = dict(reversed([*cast("a", "b", "b", "a").items()]))
    assert count(ended_backwards, Poll(4)).sample == 0


def test_without_any_answer_nothing_leads() -> None:
    vote = count(cast(None, None), Poll(2))
    assert (vote.votes, vote.sample, vote.share) == ((), None, 0.0)
    assert is_decided(vote, Poll(2))


@pytest.mark.parametrize(
    ("said", "decided"),
    [("aaaa", False), ("aaaaa", True), ("aaaab", False), ("aaaaba", True), ("ababababa", True), ("", False)],
)
def test_nine_are_decided_when_the_others_could_not_catch_up(said: str, decided: bool) -> None:
    poll = Poll(9)
    assert is_decided(count(cast(*said), poll), poll) is decided


def test_a_share_that_is_asked_for_is_waited_for_or_given_up() -> None:
    poll = Poll(10, min_share=0.7)
    assert not is_decided(count(cast(*"aaaaaa"), poll), poll)
    assert is_decided(count(cast(*"aaaaaaa"), poll), poll)
    assert not is_decided(count(cast(*"aaaabbb"), poll), poll)
    hopeless = count(cast(*"aaabbbb"), poll)
    assert is_decided(count(cast(*"aabbccab"), poll), poll)
    assert not is_sure(hopeless, poll)


@given(st.lists(SAID, min_size=2, max_size=7), st.sampled_from([0.0, 0.34, 0.5, 0.7, 1.0]), st.data())
def test_what_is_decided_stays_so_whatever_the_others_say(
    said: list[str | None], share: float, data: st.DataObject
) -> None:
    more = data.draw(st.integers(0, 3))
    poll = Poll(len(said) + more, share)
    vote = count(cast(*said), poll)
    if not is_decided(vote, poll):
        return
    for others in itertools.product(["a", "b", "c", None], repeat=more):
        whole = count(cast(*said, *others), poll)
        assert is_sure(whole, poll) is is_sure(vote, poll)
        assert whole.sample == vote.sample or not is_sure(vote, poll)


def test_a_reply_without_a_vote_is_sure_where_none_was_asked_for() -> None:
    assert is_sure(None, ONE)


def test_at_temperature_0_no_vote_is_held() -> None:
    require_variety(Sampling(temperature=0), ONE)
    with pytest.raises(UsageError, match="same"):
        require_variety(Sampling(temperature=0), Poll(2))
