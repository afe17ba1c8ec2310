"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from localr1.cache_type import CacheType
from localr1.chat_templates import NAMES
from localr1.cli.option_group import option_group
from localr1.cli.parameter_types import DurationText, FiniteRange, WholeRange
from localr1.cli.setting_option import SettingOption
from localr1.errors import UsageError

if TYPE_CHECKING:
    from localr1.chat_options import ChatOptions, Effort, EffortLevel


def refuse_two_chats(chat_id: int | None, go_on: bool) -> None:
    """Raises UsageError when both a chat and the last one are asked for."""
    if chat_id and go_on:
        raise UsageError("--chat and --continue exclude each other.", hint="--continue takes the last chat.")


engine_options = option_group(
    click.option("--context", cls=SettingOption, type=WholeRange(256, 10_000_000), metavar="TOKENS"),
    click.option("--threads", cls=SettingOption, type=WholeRange(1, 1024), metavar="N"),
    click.option("--gpu-layers", cls=SettingOption, type=WholeRange(0, 10_000), metavar="N"),
    click.option("--cache-type", cls=SettingOption, type=click.Choice(get_args(CacheType))),
    click.option("--chat-template", cls=SettingOption, type=click.Choice(NAMES)),
)
"""How the model runs: each overrides the setting of its name."""

thinking_options = option_group(
    click.option(
        "--effort",
        type=click.Choice(["off", "low", "medium", "high"]),
        help="How long to think: not at all, or 512, 2,048 or 8,192 tokens at most.",
    ),
    click.option(
        "--budget",
        type=WholeRange(0, 10_000_000),
        metavar="N",
        help="Think for N tokens at most, then answer.",
    ),
    click.option("--no-think", is_flag=True, help="Answer without thinking: --effort off."),
    click.option("--min-thinking", cls=SettingOption, type=WholeRange(0, 10_000_000), metavar="N"),
)
"""How long the model thinks; unset, as the chat or else the settings have it."""

sampling_options = option_group(
    click.option("--max-tokens", cls=SettingOption, type=WholeRange(1, 10_000_000), metavar="N"),
    click.option("--temperature", cls=SettingOption, type=FiniteRange(0, 5), metavar="T"),
    click.option("--top-p", cls=SettingOption, type=FiniteRange(0, 1), metavar="P"),
    click.option("--top-k", cls=SettingOption, type=WholeRange(0, 10_000_000), metavar="N"),
    click.option("--min-p", cls=SettingOption, type=FiniteRange(0, 1), metavar="P"),
    click.option("--seed", cls=SettingOption, type=WholeRange(0, 2**32 - 2), metavar="N"),
)
"""How the reply is drawn; unset, as the model's makers advise."""

keep_warm_option = click.option("--keep-warm", cls=SettingOption, type=DurationText(), metavar="TIME")
"""How long the engine stays in memory when it is not needed any more."""


def chosen_effort(effort: EffortLevel | None, budget: int | None, no_think: bool) -> Effort | None:
    """What these options ask for; raises UsageError for more than one of them."""
    asked: list[Effort] = [value for value in (effort, budget) if value is not None]
    asked += ["off"] if no_think else []
    if len(asked) > 1:
        raise UsageError("--effort, --budget and --no-think exclude each other.", hint="Leave one of them.")
    return asked[0] if asked else None


def chosen_options(
    effort: EffortLevel | None, budget: int | None, no_think: bool, **sampling: Any
) -> ChatOptions:
    """What a question is asked with, before the options of its chat; raises UsageError as `chosen_effort`."""
    from localr1.chat_options import ChatOptions

    return ChatOptions(effort=chosen_effort(effort, budget, no_think), **sampling)
