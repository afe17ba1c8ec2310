"""How long a model may think: levels of effort in tokens."""

from __future__ import annotations

from collections.abc import Mapping

from localr1.chat_options import Effort

EFFORT_TOKENS: Mapping[Effort, int] = {"off": 0, "low": 512, "medium": 2_048, "high": 8_192}
"""Tokens of thinking at each level; a trace of an R1 distill often has 500 to 5,000."""
ROOM_SHARE = 0.75
"""Of the tokens that a reply has room for, what its thinking may take at most: an answer has to follow."""


def budget_of(effort: Effort | None) -> int | None:
    """Tokens that the thinking may take; None for no bound."""
    return effort if effort is None or isinstance(effort, int) else EFFORT_TOKENS[effort]
