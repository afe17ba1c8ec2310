"""Guesses from the chat's own text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from localr1.engine.worker.lookup import LOOKED_BACK, Lookup
from localr1.engine.worker.odds import Odds

Tokens = st.lists(st.integers(0, 3), max_size=60)


def lookup_in(prompt: Sequence[int], reply: Sequence[int] = ()) -> Lookup:
    lookup = Lookup(prompt, Odds())
    for token in reply:
        lookup.add(token)
    return lookup


def test_what_followed_the_last_time_is_guessed() -> None:
    assert lookup_in([1, 2, 3, 4, 5, 9, 1, 2]).guess(4) == [3, 4, 5, 9]


def test_the_newest_place_is_taken() -> None:
    assert lookup_in([1, 2, 3, 1, 2, 4, 1, 2]).guess(1) == [4]


def test_a_place_is_kept_while_it_comes_true_and_counts_for_more() -> None:
    lookup = lookup_in([1, 2, 3, 4, 8, 3, 4, 9, 1, 2])
    lookup.add(3)
    lookup.add(4)
    assert lookup.guess(1) == [8]  # though 9 followed 3 4 the last time
    assert lookup.length == 4


def test_a_text_that_goes_round_is_guessed_to_go_round() -> None:
    assert lookup_in([7, 1, 2, 1, 2]).guess(5) == [1, 2, 1, 2, 1]


def test_nothing_is_guessed_after_a_pair_that_was_never_there() -> None:
    lookup = lookup_in([1, 2, 3, 4])
    assert lookup.guess(3) == []
    assert list(lookup.odds(3)) == []


@given(Tokens, Tokens)
def test_a_guess_is_what_followed_the_tokens_that_stand_at_the_end(
    prompt: list[int], reply: list[int]
) -> None:
    lookup = lookup_in(prompt, reply)
    text = prompt + reply
    earlier = [place for place in range(2, len(text)) if text[place - 2 : place] == text[-2:]]
    assert bool(lookup.length) == bool(earlier)
    if earlier:
        guess = lookup.guess(len(text))
        same = min(lookup.length, LOOKED_BACK)
        assert any(
            text[place - same : place] == text[-same:] and (text + guess)[place : place + len(text)] == guess
            for place in earlier
        )


@given(Tokens, Tokens)
def test_a_reply_is_followed_as_if_it_had_been_a_part_of_the_prompt(
    prompt: list[int], reply: list[int]
) -> None:
    """Whether there is a guess at all does not depend on how the text came."""
    assert bool(lookup_in(prompt, reply).length) == bool(lookup_in(prompt + reply).length)


class Counted(int):
    """A token that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return isinstance(other, int) and int(self) == int(other)

    __hash__ = int.__hash__


@settings(max_examples=30)
@given(Tokens, Tokens)
def test_a_token_takes_no_more_time_in_a_long_text(prompt: list[int], reply: list[int]) -> None:
    lookup = lookup_in([Counted(token) for token in prompt])
    for token in reply:
        Counted.compared = 0
        lookup.add(Counted(token))
        assert Counted.compared <= LOOKED_BACK


def test_matches_that_come_true_raise_the_odds_and_others_lower_them() -> None:
    odds = Odds()
    before = list(lookup_of(odds, [1, 2, 3, 1, 2]).odds(1))
    lookup_of(odds, [1, 2, 3, 1, 2]).add(3)
    risen = list(lookup_of(odds, [1, 2, 3, 1, 2]).odds(1))
    for _ in range(3):
        lookup_of(odds, [1, 2, 3, 1, 2]).add(4)
    assert list(lookup_of(odds, [1, 2, 3, 1, 2]).odds(1)) < before < risen


def test_a_long_match_is_likelier_than_a_short_one() -> None:
    odds = list(lookup_in([1, 2, 3, 1, 2]).odds(20))
    assert odds == sorted(odds)
    assert odds[0] < odds[-1] < 1


def lookup_of(odds: Odds, text: list[int]) -> Lookup:
    return Lookup(text, odds)
