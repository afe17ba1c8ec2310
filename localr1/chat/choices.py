"""What a turn is answered with: the user's choices over what the model's makers advise (pure)."""

from __future__ import annotations

from enum import Enum

import msgspec

from localr1.chat.families import Family
from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.engine.reports import ModelInfo
from localr1.sampling import Sampling, SamplingChoice, Speculate

PLAIN_SAMPLING = Sampling(temperature=0.7, top_p=0.9)
"""For models that do not think and say nothing of their own about sampling."""


class InstructionsPlace(str, Enum):
    """Where a model reads the instructions of a chat."""

    SYSTEM = "system"
    """In a system message of their own."""
    FIRST_QUESTION = "first question"
    """Before the first question: the model knows no system messages, or its template leaves them out."""


def instructions_place(family: Family, info: ModelInfo) -> InstructionsPlace:
    """Where this model wants them."""
    takes_system = family.takes_system and info.takes_system
    return InstructionsPlace.SYSTEM if takes_system else InstructionsPlace.FIRST_QUESTION


def advised_sampling(by_makers: Sampling | None, family: Family) -> Sampling:
    """What the model's makers advise; where they say nothing, what suits its family."""
    return by_makers or (Sampling() if family.tags else PLAIN_SAMPLING)


def choose_sampling(
    options: ChatOptions, config: Config, model: str, advised: Sampling | None, family: Family
) -> Sampling:
    """The chat's options go before the settings, and these before what is advised for the model.

    Of the settings, those for this model go before those for all.
    """
    advised = advised_sampling(advised, family)
    for_all = ChatOptions(
        temperature=config.temperature, top_p=config.top_p, top_k=config.top_k, min_p=config.min_p
    )
    for_model = ChatOptions(**msgspec.structs.asdict(config.sampling.get(model, SamplingChoice())))
    chosen = options.over(for_model.over(for_all))
    return Sampling(
        temperature=advised.temperature if chosen.temperature is None else chosen.temperature,
        top_p=advised.top_p if chosen.top_p is None else chosen.top_p,
        top_k=advised.top_k if chosen.top_k is None else chosen.top_k,
        min_p=advised.min_p if chosen.min_p is None else chosen.min_p,
        seed=config.seed,
    )


def choose_speculation(wanted: Speculate, sampling: Sampling) -> Speculate:
    """No guesses by themselves where the user asks for the same reply again, by a seed or temperature 0.

    What is computed together may differ in its last digits from what is computed one after the other.
    """
    again = sampling.temperature == 0 or sampling.seed is not None
    return "off" if wanted == "auto" and again else wanted
