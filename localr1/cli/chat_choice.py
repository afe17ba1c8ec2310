"""Which chats a command is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from localr1.cli.option_group import option_group
from localr1.cli.parameter_types import Date

if TYPE_CHECKING:
    from localr1.store.filters import Filter, Span

_DAY = Date()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the options of `filter_options` say."""

    tags: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.tags or self.models or self.after or self.before)

    @property
    def among(self) -> Filter:
        from localr1.store.filters import Filter
        from localr1.store.shelf import tags_of

        return Filter(tags_of(" ".join(self.tags)), tuple(model.lower() for model in self.models))

    @property
    def span(self) -> Span:
        from localr1.store.filters import ALWAYS, Span

        return Span(
            self.after.timestamp() if self.after else ALWAYS.since,
            self.before.timestamp() if self.before else ALWAYS.until,
        )


filter_options = option_group(
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="In chats with this tag."),
    click.option("--model", "models", multiple=True, metavar="NAME", help="In chats with this model."),
    click.option("--after", type=_DAY, metavar="DATE", help="On this day or later: 2026-01-31."),
    click.option("--before", type=_DAY, metavar="DATE", help="Before this day: 2026-02-01."),
)
"""Options that choose among chats; they come as `tags`, `models`, `after` and `before`."""
