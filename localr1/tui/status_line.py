"""What the status line says at each width: one order on the line, and one order of giving way (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from textual.content import Content

from localr1.tui.eta import left_text
from localr1.units import size_text, speed_text
from localr1.wording import model_name

BETWEEN = " · "
BARS = (8, 3, 1)
"""Cells of the context's bar, where there is more or less room."""
SHORT_NAME = 14
"""Characters of a model's name where there is little room."""
NEARLY_FULL = 0.8
"""Share of the context from which on it is worth a warning."""


class Part(Enum):
    """What there is to say, in the order in which it is said."""

    MODEL = auto()
    QUANT = auto()
    TEMPORARY = auto()
    STATE = auto()
    RATE = auto()
    CONTEXT = auto()
    MEMORY = auto()
    DEVICE = auto()
    OFFLINE = auto()


GIVING_WAY = (
    Part.CONTEXT,
    Part.DEVICE,
    Part.MEMORY,
    Part.QUANT,
    Part.OFFLINE,
    Part.MODEL,
    Part.CONTEXT,
    Part.RATE,
    Part.CONTEXT,
    Part.MODEL,
    Part.STATE,
    Part.STATE,
    Part.CONTEXT,
    Part.TEMPORARY,
)
"""Which part is shortened or left out next, as long as the line is too long."""
AT_REST = (Part.CONTEXT, Part.RATE, *GIVING_WAY[1:])
"""The same while nothing happens: the newest reply says its speed itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a long prompt has been read, in tokens, and the seconds that are left."""

    done: int
    total: int
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How things stand; what is not known is empty, 0 or None."""

    model: str = ""
    quant: str = ""
    state: str = ""
    """What happens now: "loading", "thinking"."""
    reading: Reading | None = None
    """In place of the state and all that it changes, while a long prompt is being read."""
    standing: tuple[str, ...] = ()
    """How a vote stands, in ever fewer words; in place of the state while one runs."""
    rate: float = 0.0
    """Tokens a second."""
    used: int = 0
    """Tokens in the context, which has room for `context`."""
    context: int = 0
    memory: int = 0
    """Bytes."""
    device: str = ""
    offline: bool = False
    temporary: bool = False


Forms: TypeAlias = tuple[Content, ...]
"""Ways of saying one thing, the longest first; after the last one it is left out."""


def status_line(vitals: Vitals, width: int) -> Content:
    """As much as so many cells have room for; the very last words are cut."""
    forms = _forms(vitals)
    said = _said(forms)
    for part in GIVING_WAY if vitals.state else AT_REST:
        if _width(said) <= width:
            break
        forms[part] = forms[part][1:]
        said = _said(forms)
    return Content(BETWEEN).join(said).truncate(width, ellipsis=True)


def _said(forms: dict[Part, Forms]) -> list[Content]:
    return [forms[part][0] for part in Part if forms[part]]


def _width(said: list[Content]) -> int:
    return sum(words.cell_length + len(BETWEEN) for words in said) - len(BETWEEN)


def _forms(vitals: Vitals) -> dict[Part, Forms]:
    reading = vitals.reading
    name = model_name(vitals.model)
    named = vitals.quant.lower() in name.lower()
    return {
        Part.MODEL: _plain(name, model_name(vitals.model, SHORT_NAME)),
        Part.QUANT: _plain("" if named else vitals.quant),
        Part.TEMPORARY: _bright("temporary" if vitals.temporary else ""),
        Part.STATE: _bright(*(_reading(reading) if reading else vitals.standing or (vitals.state,))),
        Part.RATE: _plain(speed_text(vitals.rate) if vitals.rate and not reading else ""),
        Part.CONTEXT: () if reading else _context(vitals.used, vitals.context),
        Part.MEMORY: _plain(size_text(vitals.memory) if vitals.memory else ""),
        Part.DEVICE: _plain(vitals.device),
        Part.OFFLINE: _plain("offline" if vitals.offline else ""),
    }


def _plain(*words: str) -> Forms:
    return tuple(Content(word) for word in words if word)


def _bright(*words: str) -> Forms:
    return tuple(Content.styled(word, "$foreground") for word in words if word)


def _reading(reading: Reading) -> tuple[str, str, str]:
    rest = f"{100 * reading.done // reading.total} % · {left_text(reading.left)}"
    return f"reading {reading.done:,} of {reading.total:,} · {rest}", f"reading {rest}", rest


def _context(used: int, size: int) -> Forms:
    """How full it is, as a bar and in per cent; a bar tells without any colour too."""
    if not size:
        return ()
    share = min(1.0, used / size)
    style = "$text-warning" if share >= NEARLY_FULL else ""
    long, short, shortest = (f"{_bar(share, cells)} {round(100 * share)} %" for cells in BARS)
    return tuple(Content.styled(word, style) for word in (f"{long} of {size:,}", long, short, shortest))


def _bar(share: float, cells: int) -> str:
    full = round(share * cells)
    return "▰" * full + "▱" * (cells - full)
