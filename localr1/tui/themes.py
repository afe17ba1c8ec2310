"""The colours of the chat: Textual's themes and two of our own, with every text readable on its ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.color import Color
from textual.theme import Theme

CONTRAST = 4.6
"""Least ratio of a text to its ground; WCAG's level AA asks for 4.5, and colours are rounded afterwards."""
FAINT = 0.4
"""How far a muted text goes towards the background, where it can still be read there."""
STEPS = 20
"""In which a colour goes all the way to black or white."""

OWN_THEMES = (
    Theme(
        name="localr1-dark",
        dark=True,
        background="#14171C",
        surface="#1D2128",
        panel="#272C35",
        foreground="#E7E9EC",
        primary="#8FB4E3",
        secondary="#BBA8DC",
        accent="#7CC4AE",
        success="#8FCE9E",
        warning="#E5BA73",
        error="#EC928B",
    ),
    Theme(
        name="localr1-light",
        dark=False,
        background="#FBFAF7",
        surface="#F2F0EA",
        panel="#E7E4DB",
        foreground="#20242A",
        primary="#2B5A99",
        secondary="#654A9B",
        accent="#1B705D",
        success="#22703A",
        warning="#7D5200",
        error="#AC302A",
    ),
)

_OPACITY = {
    "foreground": 1.0,
    "text-primary": 1.0,
    "text-secondary": 1.0,
    "text-accent": 1.0,
    "text-warning": 0.95,
    "text-error": 0.95,
    "text-success": 0.8,
    **{f"markdown-h{level}-color": 1.0 for level in range(1, 7)},
}
"""Colours that texts are written in, and how faint Textual's highlighting of code makes them at most."""


def order(themes: Iterable[Theme]) -> list[str]:
    """Their names as they are offered: ours first, then dark ones, then light ones."""
    own = {theme.name for theme in OWN_THEMES}
    ordered = sorted(themes, key=lambda theme: (theme.name not in own, not theme.dark, theme.name))
    return [theme.name for theme in ordered]


def readable(colors: Mapping[str, str]) -> dict[str, str]:
    """The colours of a theme, those of texts stronger where they would be hard to read.

    The terminal's own colours, which nobody knows here, stay as they are.
    """
    if Color.parse(colors["background"]).ansi is not None:
        return dict(colors)
    grounds = _grounds(colors)
    stronger = {
        name: _strengthen(Color.parse(colors[name]), opacity, grounds).hex
        for name, opacity in _OPACITY.items()
    }
    return {**colors, **stronger, "text-muted": _muted(colors, grounds).hex}


def contrast(one: Color, other: Color) -> float:
    """WCAG 2's ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _grounds(colors: Mapping[str, str]) -> list[Color]:
    """Everything that texts stand on: the chat, boxes, and the line that is marked."""
    background, surface, accent = (Color.parse(colors[name]) for name in ("background", "surface", "accent"))
    return [background, surface, surface.blend(accent, 0.2)]


def _muted(colors: Mapping[str, str], grounds: Sequence[Color]) -> Color:
    """As faint as a text may be; Textual's own depends on its ground, and is not faint within a line."""
    foreground, background = Color.parse(colors["foreground"]), Color.parse(colors["background"])
    return _strengthen(foreground.blend(background, FAINT), 1.0, grounds)


def _strengthen(color: Color, opacity: float, grounds: Sequence[Color]) -> Color:
    """The nearest colour on the way to black or white that stands out from all grounds."""
    ink = grounds[0].get_contrast_text(1.0)
    candidates = (color.blend(ink, step / STEPS) for step in range(STEPS + 1))
    return next((each for each in candidates if _stands_out(each, opacity, grounds)), ink)


def _stands_out(color: Color, opacity: float, grounds: Iterable[Color]) -> bool:
    return all(contrast(ground.blend(color, opacity), ground) >= CONTRAST for ground in grounds)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
