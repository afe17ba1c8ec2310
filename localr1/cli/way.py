"""How a question is asked, as the options of the command line say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from localr1.cli.form import form_of
from localr1.cli.options import chosen_options
from localr1.cli.vote import poll_of

if TYPE_CHECKING:
    from localr1.chat.votes import Poll
    from localr1.chat_options import ChatOptions, EffortLevel
    from localr1.grammar.form import AnswerForm

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """How one question is asked, or each of many."""

    model: str | None
    """None for the one of the chat, or else of the settings."""
    options: ChatOptions
    """They go before those of the chat."""
    timeout: float | None
    """Seconds that a reply may take, loading the model included."""
    form: AnswerForm | None
    """What the answer has to look like."""
    poll: Poll


def asked_in_a_way(command: Callable[..., T]) -> Callable[..., T]:
    """Gives a command its `way` in the place of the options that say it; raises UsageError as these do."""

    @wraps(command)
    def with_way(
        *,
        model: str | None,
        timeout: float | None,
        effort: EffortLevel | None,
        budget: int | None,
        no_think: bool,
        temperature: float | None,
        top_p: float | None,
        top_k: int | None,
        min_p: float | None,
        votes: int | None,
        min_share: float | None,
        schema: str | None,
        choices: str | None,
        grammar: Path | None,
        **others: Any,
    ) -> T:
        options = chosen_options(
            *(effort, budget, no_think), temperature=temperature, top_p=top_p, top_k=top_k, min_p=min_p
        )
        poll = poll_of(votes, min_share, temperature)
        way = Way(model, options, timeout, form_of(schema, choices, grammar), poll)
        return command(way=way, **others)

    return with_way
