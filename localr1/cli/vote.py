"""Several samples of one answer, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from localr1.cli.option_group import option_group
from localr1.cli.parameter_types import FiniteRange, WholeRange
from localr1.errors import UsageError
from localr1.message import SAMPLES

if TYPE_CHECKING:
    from localr1.chat.votes import Poll


vote_options = option_group(
    click.option(
        "--votes",
        type=WholeRange(SAMPLES.start, SAMPLES.stop - 1),
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
