"""Values that the user can look at and change, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localr1.about_setting import AboutSetting, all_about
from localr1.config import Config


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value, and all that is said of it."""

    name: str
    value: str
    """As it is shown."""
    origin: str
    """Where it comes from."""
    about: str
    """What it means, what it may be, and when a change is felt."""
    written: str = ""
    """What stands in the line where it is changed."""
    choices: tuple[str, ...] = ()
    """What may be written there, as far as that can be counted."""


def words_for(value: object, unset: str = "") -> str:
    """A value as people read it; what is not set in the words for that."""
    match value:
        case None | "":
            return unset
        case bool():
            return "true" if value else "false"
        case Mapping():
            return ", ".join(map(str, value)) or unset
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def sentence(words: str) -> str:
    """Words with a capital in front and a full stop behind; marks of code around names go."""
    plain = words.replace("`", "")
    return f"{plain[:1].upper()}{plain[1:].rstrip('.')}."


def about_settings() -> dict[str, AboutSetting]:
    """What every setting says of itself, by its name."""
    return {about.name: about for about in all_about(Config)}
