"""How the next token is drawn."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal, TypeAlias

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Temperature = Annotated[float, msgspec.Meta(ge=0, le=5)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 2)]
Speculate: TypeAlias = Literal["auto", "always", "off"]
"""When tokens are guessed and evaluated ahead: where it is faster, wherever there is a guess, or never."""


class Sampling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of llama.cpp's sampler chain; the defaults are DeepSeek's for the R1 distills.

    DeepSeek names temperature and top-p only. `top_k` 40 keeps the sort short and `min_p` is off, because the
    published scores were measured without it.
    """

    temperature: Temperature = 0.6
    """0 is greedy."""
    top_p: Share = 0.95
    top_k: Count = 40
    """0 turns it off."""
    min_p: Share = 0.0
    seed: Seed | None = None
    """None draws a new one for each reply."""


class SamplingChoice(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a user has chosen of it; None leaves the choice to whoever comes next."""

    temperature: Temperature | None = None
    top_p: Share | None = None
    top_k: Count | None = None
    min_p: Share | None = None


def with_seed(sampling: Sampling) -> Sampling:
    """The same with a seed: its own, or one drawn now, so that whoever draws can say which it was."""
    if sampling.seed is not None:
        return sampling
    return msgspec.structs.replace(sampling, seed=secrets.randbits(31))
