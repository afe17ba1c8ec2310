"""What the values of options and arguments may be."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import click
from click.shell_completion import CompletionItem

_DAY = "%Y-%m-%d"
_MINUTES = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class WholeRange(click.IntRange):
    """A range of whole numbers."""

    name = "whole number"


class FiniteRange(click.FloatRange):
    """A range of numbers; click's own lets nan through."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


class Date(click.DateTime):
    """A day, or a minute of one."""

    def __init__(self) -> None:
        super().__init__([_DAY, *_MINUTES])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no date such as 2026-01-31.", param, ctx)
        return day


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
