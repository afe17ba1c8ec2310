"""Themes: every text of every screen can be read in each of them, and one is chosen by looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color
from textual.pilot import Pilot

from localr1.tui.app import LocalR1App
from localr1.tui.screens.themes import ThemesScreen
from localr1.tui.themes import order
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, shows

AA = 4.5
"""What WCAG 2 asks of a text and its ground at level AA."""
EVERYTHING = """47 + 85 = **132**, `exactly`. [more](https://example.org)

# One
## Two
### Three
> quoted

- a point
1. a number

| a table | of two |
|---------|--------|
| one     | two    |

```python
# a comment
class Sum(int):
    '''Documented.'''
    def __init__(self): import math; return None or "text" + str(100)
```
"""


def luminance(color: Color) -> float:
    """As WCAG defines it."""
    parts = (v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in color.rgb)
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def ratio(one: Color, other: Color) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def hard_to_read(app: LocalR1App) -> Iterator[tuple[str, float]]:
    """Texts of what lies on top, with their ratios; single characters, as under the cursor, do not count."""
    boxes = list(app.screen.query(".panel"))
    region = (boxes or [app.screen])[0].region
    for strip in app.screen._compositor.render_strips()[region.y : region.bottom]:
        for text, style, _ in strip.crop(region.x, region.right):
            if sum(map(str.isalnum, text)) < 2 or style is None:
                continue
            assert style.color and style.bgcolor
            found = ratio(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
            if found < AA:
                yield text.strip(), round(found, 2)


def themes(app: LocalR1App) -> list[str]:
    """Those whose colours are known; the terminal's own are not."""
    return [name for name in app.available_themes if not name.startswith("ansi")]


async def in_each_theme(pilot: Pilot[None], app: LocalR1App) -> dict[str, list[tuple[str, float]]]:
    found = {}
    for name in themes(app):
        app.theme = name
        await pilot.pause()
        found[name] = list(hard_to_read(app))
    return {name: texts for name, texts in found.items() if texts}


async def hide_what_lies_under_it(pilot: Pilot[None]) -> None:
    """A new theme draws that again as well, and nobody looks at it."""
    for screen in pilot.app.screen_stack[:-1]:
        for child in screen.children:
            child.display = False
    await pilot.pause()


async def test_an_answer_with_everything_in_it_can_be_read_in_every_theme(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer=EVERYTHING)), home)
    async with app.run_test(size=(100, 60)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await pilot.press("ctrl+t")
        await shows(pilot, "The ones")
        assert await in_each_theme(pilot, app) == {}


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("ctrl+o", "What is"),
        ("f1", "What you can do"),
        ("f9", "Esc back"),
        ("ctrl+l", "fits well"),
        ("f2 down enter backspace x enter", "must be"),
        ("f3", "temperature"),
        ("f3 p", "translator"),
    ],
)
async def test_every_box_can_be_read_in_every_theme(home: Path, keys: str, shown: str) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await pilot.press(*keys.split())
        await shows(pilot, shown)
        await hide_what_lies_under_it(pilot)
        assert await in_each_theme(pilot, app) == {}


async def test_a_theme_is_worn_while_it_is_marked_and_esc_brings_back_the_one_before(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home, theme="nord")
    async with app.run_test() as pilot:
        await opened(pilot)
        app.push_screen(ThemesScreen())
        await shows(pilot, "rose-pine")
        await pilot.press("home")
        assert app.theme == "localr1-dark"
        await pilot.press("down")
        assert app.theme == "localr1-light"
        await pilot.press("escape")
        assert app.theme == "nord"
        assert "rose-pine" not in screen_text(app)


def test_there_are_light_and_dark_themes_our_own_first(home: Path) -> None:
    offered = scripted_app(ScriptedEngine(), home).available_themes
    ours, dark_and_light = order(offered.values())[:2], {theme.dark for theme in offered.values()}
    assert ours == ["localr1-dark", "localr1-light"]
    assert len(offered) >= 6
    assert dark_and_light == {True, False}
