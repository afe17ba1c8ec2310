"""Options that several commands share, and what their values may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from localr1.cache_type import CacheType
from localr1.chat_templates import NAMES
from localr1.cli.setting_option import SettingOption
from localr1.errors import UsageError

if TYPE_CHECKING:
    from localr1.chat_options import ChatOptions, Effort, EffortLevel

Function = TypeVar("Function", bound=Callable[..., Any])


class FiniteRange(click.FloatRange):
    """A range of numbers; click's own lets nan through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


class ModelName(click.ParamType[str]):
    """A model's name or a path; completes both."""

    name = "model"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from localr1.library.library import Library
        from localr1.paths import find_paths

        names = [model.name for model in Library.open(find_paths()).models()]
        items = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return [*items, CompletionItem(incomplete, type="file")]


class DurationText(click.ParamType[str]):
    """A time such as 30s, 5m or 1h."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        import msgspec

        from localr1.duration import Duration

        try:
            return str(msgspec.convert(value, Duration))
        except msgspec.ValidationError:
            self.fail(f"{value} is no time such as 30s, 5m or 1h.", param, ctx)


class CatalogName(click.ParamType[str]):
    """A model that can be fetched; completes those of the catalog, and their quants after a colon."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from localr1.library.library import Library
        from localr1.paths import find_paths

        entries = [entry for entry in Library.open(find_paths()).catalog.entries if not entry.bundled]
        names = [entry.name for entry in entries]
        if ":" in incomplete:
            names = [f"{entry.name}:{file.quant}" for entry in entries for file in entry.files]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class PresetName(click.ParamType[str]):
    """A preset's name; completes those that there are."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from localr1.paths import find_paths
        from localr1.presets import Presets

        names = [preset.name for preset in Presets(find_paths().presets_file).all()]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def refuse_two_chats(chat_id: int | None, go_on: bool) -> None:
    """Raises UsageError when both a chat and the last one are asked for."""
    if chat_id and go_on:
        raise UsageError("--chat and --continue exclude each other.", hint="--continue takes the last chat.")


def engine_options(function: Function) -> Function:
    """How the model runs: each overrides the setting of its name."""
    for option in reversed(
        (
            click.option(
                "--context",
                cls=SettingOption,
                type=click.IntRange(256, 10_000_000),
                metavar="TOKENS",
            ),
            click.option(
                "--threads",
                cls=SettingOption,
                type=click.IntRange(1, 1024),
                metavar="N",
            ),
            click.option(
                "--gpu-layers",
                cls=SettingOption,
                type=click.IntRange(0, 10_000),
                metavar="N",
            ),
            click.option(
                "--cache-type",
                cls=SettingOption,
                type=click.Choice(get_args(CacheType)),
            ),
            click.option(
                "--chat-template",
                cls=SettingOption,
                type=click.Choice(NAMES),
            ),
        )
    ):
        function = option(function)
    return function


def thinking_options(function: Function) -> Function:
    """How long the model thinks; unset, as the chat or else the settings have it."""
    for option in reversed(
        (
            click.option(
                "--effort",
                type=click.Choice(["off", "low", "medium", "high"]),
                help="How long to think: not at all, or 512, 2,048 or 8,192 tokens at most.",
            ),
            click.option(
                "--budget",
                type=click.IntRange(0, 10_000_000),
                metavar="N",
                help="Think for N tokens at most, then answer.",
            ),
            click.option("--no-think", is_flag=True, help="Answer without thinking: --effort off."),
            click.option(
                "--min-thinking",
                cls=SettingOption,
                type=click.IntRange(0, 10_000_000),
                metavar="N",
            ),
        )
    ):
        function = option(function)
    return function


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


def sampling_options(function: Function) -> Function:
    """How the reply is drawn; unset, as the model's makers advise."""
    for option in reversed(
        (
            click.option(
                "--max-tokens",
                cls=SettingOption,
                type=click.IntRange(1, 10_000_000),
                metavar="N",
            ),
            click.option(
                "--temperature",
                cls=SettingOption,
                type=FiniteRange(0, 5),
                metavar="T",
            ),
            click.option(
                "--top-p",
                cls=SettingOption,
                type=FiniteRange(0, 1),
                metavar="P",
            ),
            click.option("--top-k", cls=SettingOption, type=click.IntRange(0, 10_000_000), metavar="N"),
            click.option("--min-p", cls=SettingOption, type=FiniteRange(0, 1), metavar="P"),
            click.option(
                "--seed",
                cls=SettingOption,
                type=click.IntRange(0, 2**32 - 2),
                metavar="N",
            ),
        )
    ):
        function = option(function)
    return function
