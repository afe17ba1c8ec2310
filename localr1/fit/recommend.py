"""Which model to take on this machine, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localr1.catalog_entry import CatalogEntry, Scores
from localr1.fit.machine import Machine
from localr1.fit.offers import Offer
from localr1.fit.verdict import Fit, Verdict
from localr1.units import size_text

USABLE = 8.0
"""Tokens a second; below that, the thousand tokens of a short reasoning take more than two minutes."""
COMFORTABLE = 10.0
"""Tokens a second from which a better quant is worth more than more speed."""
MOST_LAYERS = 0.75
"""Share of the layers that a GPU has to take so that the processor's part is not what is waited for."""
GOOD_QUANTS = ("Q4_K_M", "Q5_K_M", "Q6_K")
"""Below these a small model loses much of what it can do; above them there is hardly more to be had."""
REPACKED_QUANTS = ("Q4_0", "IQ4_NL")
"""What llama.cpp arranges anew for ARM's matrix instructions."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A choice, and two lines that explain it."""

    offer: Offer
    reason: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An offer of which everything is known that the choice depends on."""

    offer: Offer
    entry: CatalogEntry
    fit: Fit

    @property
    def rank(self) -> tuple[float, float, int]:
        """What its makers measured, the hardest test first; then size, for what nobody measured."""
        scores = self.entry.scores or Scores()
        return scores.aime24 or 0.0, scores.math500 or 0.0, self.fit.need.weights

    @property
    def good(self) -> bool:
        """Whether its quant leaves the model most of what it can do."""
        return self.offer.quant in (*GOOD_QUANTS, *REPACKED_QUANTS)

    @property
    def usable(self) -> bool:
        """Whether it is fast enough, as far as that is known."""
        fit = self.fit
        if fit.tokens_per_second is not None:
            return fit.tokens_per_second >= USABLE
        return fit.gpu_layers < 0 or fit.gpu_layers >= MOST_LAYERS * fit.need.layers


def recommend(offers: Sequence[Offer], machine: Machine) -> Recommendation:
    """The model that solves most of those that fit and are fast enough; nano when nothing else fits."""
    candidates = [
        _Candidate(offer, offer.entry, offer.fit)
        for offer in offers
        if offer.entry and offer.fit and offer.entry.thinks and not offer.entry.bundled
    ]
    fitting = _fitting(candidates)
    if not fitting:
        return _without_choice(offers, candidates, machine)
    best = max(fitting, key=_value)
    chosen = _best_quant([candidate for candidate in fitting if candidate.entry is best.entry], machine)
    return Recommendation(chosen.offer, f"{_cost(chosen, machine)}\n{_worth(chosen, candidates)}")


def _value(candidate: _Candidate) -> tuple[float, ...]:
    """What it can do; where all are too slow, how fast it is."""
    return candidate.rank if candidate.usable else (candidate.fit.tokens_per_second or 0.0, *candidate.rank)


def _fitting(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that fit well and are fast enough; without any, the tight ones, then those too slow."""
    tests: tuple[Callable[[_Candidate], bool], ...] = (
        lambda candidate: candidate.fit.verdict is Verdict.FITS and candidate.usable,
        lambda candidate: candidate.fit.verdict is Verdict.TIGHT and candidate.usable,
        lambda candidate: candidate.fit.verdict is not Verdict.TOO_BIG,
    )
    for test in tests:
        found = [candidate for candidate in candidates if test(candidate)]
        good = [one for one in found if one.good]
        if found:
            return good or found
    return []


def _best_quant(quants: Sequence[_Candidate], machine: Machine) -> _Candidate:
    """Of one model: what is here already; on ARM what is repacked; the largest that stays comfortable."""
    here = [candidate for candidate in quants if candidate.offer.local]
    repacked = [candidate for candidate in quants if candidate.offer.quant in REPACKED_QUANTS]
    others = [candidate for candidate in quants if candidate not in repacked]
    suited = (repacked or others) if machine.arm else (others or repacked)
    by_size = sorted(here or suited, key=lambda candidate: candidate.fit.need.weights)
    comfortable = [
        candidate for candidate in by_size if (candidate.fit.tokens_per_second or COMFORTABLE) >= COMFORTABLE
    ]
    return comfortable[-1] if comfortable else by_size[0]


def _cost(chosen: _Candidate, machine: Machine) -> str:
    fit = chosen.fit
    memory = f"{size_text(fit.memory)} of the {size_text(machine.memory_free)} of memory that are free"
    if machine.gpus and fit.gpu_layers != 0:
        memory = f"{size_text(fit.need.total)}, {'all' if fit.gpu_layers < 0 else 'in part'} on the GPU"
    speed = f", and makes about {fit.tokens_per_second:.0f} tokens a second" if fit.tokens_per_second else ""
    return f"{chosen.offer.label} needs {memory}{speed}."


def _worth(chosen: _Candidate, candidates: Sequence[_Candidate]) -> str:
    """What it can do, and what stands in the way of the best that can do more."""
    scores = _scores(chosen.entry.scores or Scores())
    if not chosen.usable:
        return "That is slow for a model that thinks first; the others that fit would be slower still."
    if not scores:
        return "Of the models that fit it is the largest that thinks; its makers published no scores for it."
    better = [one for one in candidates if one.good and one.rank[:2] > chosen.rank[:2]]
    if not better:
        return f"It solves {scores}: nothing in the catalog solves more."
    next_one = min(better, key=lambda candidate: candidate.fit.need.total)
    hindrance = f"{next_one.offer.label} {_hindrance(next_one.fit)}"
    return f"It solves {scores}, the most of what runs well here; {hindrance}."


def _scores(scores: Scores) -> str:
    known = (("AIME 2024", scores.aime24), ("MATH-500", scores.math500))
    return " and ".join(f"{value:g} % of {name}" for name, value in known if value is not None)


def _hindrance(fit: Fit) -> str:
    speed = fit.tokens_per_second
    if fit.verdict is Verdict.FITS and speed:
        return f"would make only about {speed:.1f} tokens a second"
    return f"would need {size_text(fit.memory)}"


def _without_choice(
    offers: Sequence[Offer], candidates: Sequence[_Candidate], machine: Machine
) -> Recommendation:
    """Nano, which runs anywhere; where even that is missing, the smallest that there is."""
    bundled = [offer for offer in offers if offer.entry and offer.entry.bundled]
    smallest = min(candidates, key=lambda candidate: candidate.fit.memory, default=None)
    offer = (bundled or [smallest.offer if smallest else offers[0]])[0]
    if smallest is None:
        return Recommendation(offer, "There is nothing else to choose from.\nIt only does sums and letters.")
    return Recommendation(
        offer,
        f"Nothing larger fits: even {smallest.offer.label} needs {size_text(smallest.fit.memory)}, "
        f"{size_text(machine.memory_free)} are free.\n"
        f"{offer.label} only does sums and the letters of words; close other programs to make room for more.",
    )
