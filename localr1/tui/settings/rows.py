"""The settings in words: each with its value, where that comes from, and when a change is felt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from localr1.about_setting import AboutSetting
from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.chat_templates import NAMES, template_named
from localr1.config import TABLES
from localr1.config_sources import variables_of
from localr1.hub.endpoint import endpoint_of
from localr1.library.library import Library
from localr1.sampling import Speculate
from localr1.settings import Origin, Settings
from localr1.tui.settings.chat_rows import EFFORTS
from localr1.tui.settings.row import ValueRow, about_settings, sentence, words_for

_WORDS: Mapping[str, tuple[str, ...]] = {
    "cache_type": get_args(CacheType),
    "chat_template": NAMES,
    "effort": EFFORTS,
    "flash_attention": get_args(FlashAttention),
    "speculation": get_args(Speculate),
    "thinking": ("fold", "open", "hidden"),
}
"""What may be written for a setting, where that is one of a few words."""


def setting_rows(settings: Settings, library: Library) -> Iterator[ValueRow]:
    """A row for every setting."""
    for about in about_settings().values():
        value, in_file = getattr(settings.config, about.name), settings.in_file(about.name)
        yield ValueRow(
            name=about.name,
            value=words_for(value, about.unset),
            origin=settings.origin(about.name).value,
            about=f"{sentence(about.description)}\n{_terms(about)}{_obstacle(settings, about)}",
            written=words_for(in_file if settings.is_held(about.name) else value),
            choices=_choices(about.name, library),
        )


def checked(name: str, text: str, library: Library) -> str:
    """What to write for a text of the right kind; raises LocalR1Error for one that leads nowhere."""
    match name:
        case "model" | "draft_model" if text:
            return library.find(text).name
        case "chat_template" if text:
            template_named(text)
        case "endpoint" if text:
            endpoint_of(text)
    return text


def _terms(about: AboutSetting) -> str:
    felt = f"a change is felt {about.effect.value}"
    told = about.allowed == "a text" or about.name in TABLES
    return sentence(felt if told else f"{about.allowed}; {felt}")


def _obstacle(settings: Settings, about: AboutSetting) -> str:
    """What keeps a change of the file from being felt in this run."""
    match settings.origin(about.name):
        case Origin.ENVIRONMENT:
            holder = f"{' or '.join(variables_of(about.name))} holds"
        case Origin.COMMAND_LINE:
            holder = "The command line holds"
        case _:
            return ""
    in_file = words_for(settings.in_file(about.name))
    return f"\n{holder} in this run; config.toml says {in_file or 'nothing'}."


def _choices(name: str, library: Library) -> tuple[str, ...]:
    if name in ("model", "draft_model"):
        return tuple(model.name for model in library.models())
    return _WORDS.get(name, ())
