"""Several samples of one answer, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from localr1.cli.option_group import option_group
from localr1.cli.parameter_types import FiniteRange
from localr1.errors import UsageError
from localr1.safe_text import safe_line

if TYPE_CHECKING:
    from localr1.chat.votes import Poll
    from localr1.message import Vote

MOST = 64
"""Samples of one question."""
LENGTH = 40
"""Characters of an answer that is named in a line."""
NAMED = 3
"""Answers whose votes are told."""


vote_options = option_group(
    click.option(
        "--votes",
        type=click.IntRange(2, MOST),
        metavar="N",
        help="Draw N replies at once and print one of those that most agree with.",
    ),
    click.option(
        "--min-share",
        type=FiniteRange(0, 1),
        metavar="S",
        help="Share of the votes that an answer needs; with less nothing is printed, and it exits with 12.",
    ),
)
"""How many samples there are, and how many of them have to agree."""


def poll_of(votes: int | None, min_share: float | None, temperature: float | None) -> Poll:
    """What these options ask for; raises UsageError where they make no sense together."""
    from localr1.chat.votes import ONE, Poll, require_variety
    from localr1.sampling import Sampling

    if votes is None:
        if min_share is not None:
            raise UsageError("--min-share is about a vote.", hint="Ask for one with --votes 9.")
        return ONE
    poll = Poll(votes, min_share or 0.0)
    require_variety(Sampling() if temperature is None else Sampling(temperature=temperature), poll)
    return poll


def shortened(answer: str) -> str:
    """An answer in a few characters of one line."""
    line = safe_line(" ".join(answer.split()))
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1]}…"


def vote_text(vote: Vote) -> str:
    """How a vote ended, in one line."""
    if not vote.votes:
        return f"none of {vote.ended} samples came to an answer"
    first, *others = vote.votes
    parts = [f"{shortened(first.answer)} has {first.count} of {vote.ended} votes ({vote.share:.0%})"]
    parts += [f"{shortened(each.answer)} has {each.count}" for each in others[: NAMED - 1]]
    if rest := sum(each.count for each in others[NAMED - 1 :]):
        parts.append(f"others have {rest}")
    if silent := vote.ended - sum(each.count for each in vote.votes):
        parts.append(f"{silent} came to no answer")
    if running := vote.samples - vote.ended:
        parts.append(f"{running} more {'was' if running == 1 else 'were'} not needed")
    return "; ".join(parts)
