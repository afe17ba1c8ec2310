"""A draft model that follows a chat, reckoned."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from localr1.engine.worker.draft import FIRST_PATIENCE, HOPED, Draft

END = 99


@dataclass
class CountingModel:
    """Says that each token is followed by the next number, and remembers what it evaluates."""

    context_size: int = 100
    memory: int = 10_000
    """Tokens that there is memory for."""
    seconds: float = 0.001
    now: float = 0.0
    seen: list[int] = field(default_factory=list)
    evaluated: list[int] = field(default_factory=list)
    """Tokens of each evaluation."""

    def has_room(self, tokens: int) -> bool:
        if tokens > self.memory:
            self.context_size = self.memory
        return tokens <= self.context_size

    def follow(self, text: list[int], known: int) -> int:
        assert self.seen[:known] == text[:known]
        fresh = len(text) - known
        self.seen = list(text)
        self._evaluate(fresh)
        return fresh

    def next(self) -> int:
        return self.seen[-1] + 1

    def extend(self, token: int) -> None:
        self.seen.append(token)
        self._evaluate(1)

    def _evaluate(self, tokens: int) -> None:
        self.evaluated.append(tokens)
        self.now += tokens * self.seconds


def draft_of(model: CountingModel, *prompt: int) -> Draft:
    draft = Draft(model, lambda token: token == END, clock=lambda: model.now)
    draft.begin(prompt)
    return draft


def share_of(draft: Draft) -> float:
    return next(draft.odds(1))


def test_nothing_is_evaluated_before_a_guess_is_asked_for() -> None:
    model = CountingModel()
    draft = draft_of(model, 1, 2)
    draft.add(3)
    list(draft.odds(15))
    assert model.evaluated == []
    assert draft.guess(3) == [4, 5, 6]


def test_the_model_evaluates_only_what_is_new() -> None:
    model = CountingModel()
    draft = draft_of(model, *range(20))
    draft.add(20)
    draft.guess(3)
    assert model.evaluated == [21, 1, 1]
    for token in (21, 22, 30):
        draft.add(token)
    model.evaluated.clear()
    assert draft.guess(2) == [31, 32]
    assert model.evaluated == [3, 1]


def test_no_guess_goes_beyond_the_end_of_a_reply() -> None:
    draft = draft_of(CountingModel(), 96)
    draft.add(97)
    assert draft.guess(5) == [98]
    draft.add(98)
    assert draft.guess(5) == []


def test_the_context_of_the_model_is_not_run_over() -> None:
    model = CountingModel(context_size=6)
    draft = draft_of(model, 1, 2, 3)
    draft.add(4)
    assert len(list(draft.odds(15))) == 2
    draft.add(5)
    draft.add(6)
    assert list(draft.odds(15)) == []


def test_where_memory_is_short_the_model_guesses_no_more() -> None:
    model = CountingModel(memory=6)
    draft = draft_of(model, 1, 2, 3)
    draft.add(4)
    assert draft.guess(3) == []
    assert model.evaluated == []
    assert len(list(draft.odds(15))) == 2
    assert draft.guess(2) == [5, 6]


def test_guesses_that_come_true_raise_its_odds_and_others_lower_them() -> None:
    draft = draft_of(CountingModel(), 1)
    draft.add(2)
    draft.guess(2)
    draft.add(3)
    risen = share_of(draft)
    assert risen > HOPED
    draft.add(50)
    assert share_of(draft) < risen
    before = share_of(draft)
    draft.add(51)  # nothing was guessed any more
    assert share_of(draft) == before


def test_after_a_while_without_guesses_it_is_hoped_to_do_better_ever_more_rarely() -> None:
    draft = draft_of(CountingModel(context_size=10_000), 1)
    hopes = []
    for number in range(8 * FIRST_PATIENCE):
        draft.add(2)
        share = share_of(draft)
        if share == HOPED:
            draft.guess(1)
            hopes.append(number)
    assert hopes[0] == 0
    pauses = [later - earlier for earlier, later in pairwise(hopes[1:])]
    assert pauses[0] > FIRST_PATIENCE
    assert pauses == sorted(pauses)


def test_the_time_of_a_guess_does_not_hold_that_of_a_prompt() -> None:
    draft = draft_of(CountingModel(), *range(50))
    draft.add(50)
    draft.guess(4)
    assert draft.seconds < 0.001
    draft.add(51)
    draft.guess(4)
    assert 0 < draft.seconds <= 0.001
