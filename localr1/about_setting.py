"""What a setting says of itself, where it is declared: documentation, help and screens all read it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import msgspec

from localr1.validation import allowed


class Effect(str, Enum):
    """When a change is felt."""

    NOW = "at once"
    REPLY = "from the next reply on"
    LOAD = "when the model is loaded again"
    CHATS = "in new chats"


@dataclass(frozen=True, slots=True)
class AboutSetting:
    """A setting and its meaning."""

    name: str
    description: str
    """What stands before the first semicolon also stands for itself."""
    effect: Effect
    unset: str
    """What holds where nothing is set and the default says nothing, in words."""
    default: object
    allowed: str
    """What the value may be: "a whole number from 0 to 1,024"."""

    @property
    def summary(self) -> str:
        """The description, cut to one clause."""
        return self.description.partition(";")[0].rstrip(".") + "."


def about(description: str, effect: Effect, unset: str = "") -> msgspec.Meta:
    """What the annotation of a setting holds beside its type."""
    return msgspec.Meta(description=description, extra={"effect": effect, "unset": unset})


def all_about(struct: type[msgspec.Struct]) -> Iterator[AboutSetting]:
    """Every setting of a struct, in its order."""
    for field in msgspec.structs.fields(struct):
        kind = msgspec.inspect.type_info(field.type)
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        match kind:
            case msgspec.inspect.Metadata(
                extra_json_schema={"description": description}, extra={"effect": effect, "unset": unset}
            ):
                yield AboutSetting(field.name, description, effect, unset, default, allowed(field.type))
