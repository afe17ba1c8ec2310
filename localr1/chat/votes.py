"""Results of samples counted: which one leads, and whether that can still change (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from localr1.chat.result import Key, Result
from localr1.errors import UsageError
from localr1.message import Vote, Votes
from localr1.sampling import Sampling


@dataclass(frozen=True, slots=True)
class Poll:
    """So many replies to one question, of which the one that most agree with is kept."""

    samples: int = 1
    min_share: float = 0.0
    """Of the votes that decide; with fewer for any answer it is not sure."""


ONE = Poll()
"""A single reply."""

Cast: TypeAlias = Mapping[int, Result | None]
"""What each sample said that has ended, by its number; None for one without an answer."""


def require_variety(sampling: Sampling, poll: Poll) -> None:
    """Raises UsageError where all samples would be the same."""
    if poll.samples > 1 and sampling.temperature == 0:
        raise UsageError(
            "At temperature 0 all replies would be the same.", hint="Vote at a temperature of 0.6."
        )


def count(cast: Cast, poll: Poll) -> Vote:
    """The vote so far; of answers with as many votes, that of the sample with the lowest number leads."""
    voters: dict[Key, list[int]] = {}
    for sample in sorted(cast):
        if said := cast[sample]:
            voters.setdefault(said.key, []).append(sample)
    by_votes = sorted(voters.values(), key=len, reverse=True)
    return Vote(
        samples=poll.samples,
        ended=len(cast),
        votes=tuple(Votes(_text(cast, samples[0]), len(samples)) for samples in by_votes),
        share=len(by_votes[0]) / len(cast) if by_votes else 0.0,
        sample=by_votes[0][0] if by_votes else None,
    )


def is_decided(vote: Vote, poll: Poll) -> bool:
    """Whether the samples that have not ended can't change which answer wins, or that none is sure."""
    running = vote.samples - vote.ended
    first, second, *_ = [*(votes.count for votes in vote.votes), 0, 0]
    if (first + running) / poll.samples < poll.min_share:
        return True
    return running == 0 or (first > second + running and first / poll.samples >= poll.min_share)


def is_sure(vote: Vote | None, poll: Poll) -> bool:
    """Whether as many agree as have to."""
    return poll.min_share <= (vote.share if vote else 0.0)


def _text(cast: Cast, sample: int) -> str:
    said = cast[sample]
    return said.text if said else ""
