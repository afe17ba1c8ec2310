"""What a chat is set to, in words: each value with what it is now and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator

from localr1.chat.choices import InstructionsPlace
from localr1.chat.session import ChatSession
from localr1.settings import Origin, Settings
from localr1.tui.settings.row import ValueRow, about_settings, sentence, words_for

SAMPLING = ("temperature", "top_p", "top_k", "min_p")
NAMES = ("effort", *SAMPLING)
"""What a chat can have of its own beside its instructions."""
EFFORTS = ("off", "low", "medium", "high")


def chat_rows(session: ChatSession, settings: Settings) -> Iterator[ValueRow]:
    """A row for each."""
    options, about = session.options, about_settings()
    for name in NAMES:
        own = getattr(options, name)
        value, origin = _in_force(name, own, session, settings)
        yield ValueRow(
            name=name,
            value=words_for(value, about[name].unset),
            origin=origin,
            about=f"{sentence(about[name].description)}\n{sentence(about[name].allowed)}",
            written=words_for(own),
            choices=EFFORTS if name == "effort" else (),
        )


def place_words(session: ChatSession) -> str:
    """Where the instructions go; empty until the model is loaded."""
    match session.instructions_place:
        case InstructionsPlace.FIRST_QUESTION if session.family and not session.family.takes_system:
            return "They go into your first message, as R1's makers advise."
        case InstructionsPlace.FIRST_QUESTION:
            return "They go into your first message: this model's format has no place of its own for them."
        case InstructionsPlace.SYSTEM:
            return "They go into a system message before everything else."
        case None:
            return ""


def _in_force(name: str, own: object, session: ChatSession, settings: Settings) -> tuple[object, str]:
    if own is not None:
        return own, "this chat"
    for_model = settings.config.sampling.get(session.model.name)
    if name in SAMPLING and for_model and (value := getattr(for_model, name)) is not None:
        return value, "this model"
    if name in SAMPLING and (origin := settings.origin(name)) is not Origin.DEFAULT:
        return getattr(settings.config, name), origin.value
    if name in SAMPLING and session.advised:
        return getattr(session.advised, name), "the model's makers"
    return None, "default"
