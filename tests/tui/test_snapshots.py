"""The chat as a picture, in each of its states; `pytest --snapshot-update` accepts a new look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from localr1.errors import EngineError
from localr1.here import Here
from localr1.tui.screens.themes import ThemesScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    Clock,
    ask,
    chat_of,
    opened,
    pictured,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    still,
    store,
    until,
)
from tests.tui.fetching import ScriptedFetch, progress
from tests.tui.voting_engine import VotingEngine

LOOKS = pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), "textual-dark"), ((120, 40), "textual-dark"), ((200, 60), "localr1-light")],
    ids=["80x24", "120x40", "200x60-light"],
)
QUESTION = "What is 47 + 85?"
ANSWER = """47 + 85 = **132**.

1. Add the ones: 7 + 5 = 12, so write 2 and carry 1.
2. Add the tens: 4 + 8 + 1 = 13.

```python
def add(a: int, b: int) -> int:
    return a + b
```
"""
TITLES = ("How many r are in strawberry?", "Welche Zahl ist größer, 9.11 oder 9.9?", "9.11 和 9.9 哪个更大？")
ENGINE_DIED = EngineError(
    "The engine died (SIGKILL) while answering.", hint="Probably the memory ran out: try a smaller model."
)

Before = Callable[[Pilot[None]], Awaitable[None]]


async def drawn(pilot: Pilot[None]) -> None:
    """The chat is open and drawn: what lies below another screen stays as it was."""
    await opened(pilot)
    await still(pilot)


async def welcomed(pilot: Pilot[None]) -> None:
    await opened(pilot)


async def thinking(pilot: Pilot[None]) -> None:
    chat = await opened(pilot)
    await send(pilot, QUESTION)
    await until(pilot, lambda: chat.status.state == "thinking" and chat.status.reply_tokens == 8)


async def answered(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    await pilot.pause()


async def unfolded(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    await pilot.press("ctrl+t")
    await pilot.pause()


async def branched(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    await pilot.press("ctrl+r")
    await shows(pilot, "◀ 2/2 ▶")


async def editing(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    await pilot.press("alt+e")
    await shows(pilot, "Editing")


async def listing(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("ctrl+o")
    await pilot.pause()


async def deleting(pilot: Pilot[None]) -> None:
    await listing(pilot)
    await pilot.press("d")
    await pilot.pause()


async def helping(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("f1")
    await pilot.pause()


async def commanding(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("slash")
    await shows(pilot, "get another reply")


async def looking(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("alt+x")
    await shows(pilot, "What do you want to do?")
    await until(pilot, lambda: pilot.app.focused and "Ctrl+E" in screen_text(pilot.app))
    await pilot.pause()


async def choosing(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("ctrl+l")
    await shows(pilot, "fits well")


async def fetching(pilot: Pilot[None]) -> None:
    await choosing(pilot)
    await pilot.press("slash", *"qwen-1.5b", "enter", "enter", "escape")
    await shows(pilot, "42 %")


async def chatting_meanwhile(pilot: Pilot[None]) -> None:
    await fetching(pilot)
    await pilot.press("escape")
    await pilot.pause()


@LOOKS
@pytest.mark.parametrize(
    "before",
    [
        welcomed,
        thinking,
        answered,
        unfolded,
        branched,
        editing,
        listing,
        deleting,
        helping,
        commanding,
        looking,
    ],
)
def test_the_chat_looks_as_it_was_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str, before: Before
) -> None:
    hold = 8 if before is thinking else None
    app = scripted_app(ScriptedEngine(*pieces(answer=ANSWER), hold=hold), home, theme=theme, clock=Clock())
    if before in (listing, deleting):
        fill(home)
    assert snap_compare(app, terminal_size=size, run_before=pictured(before))


async def attaching(pilot: Pilot[None]) -> None:
    await ask(pilot, "Compare @report.md with @notes.txt, please.")
    chat_of(pilot.app).prompt.insert("Now look at @report.md, @./old.md and @")
    await shows(pilot, "drafts/")
    await shows(pilot, "There is no file")
    await shows(pilot, " 1,216 tokens ─")


@LOOKS
def test_files_look_as_they_were_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str
) -> None:
    (home / "drafts").mkdir(parents=True)
    (home / "report.md").write_text("The sum is 132.\n" * 300)
    (home / "notes.txt").write_text("The sum is 131.\n" * 20)
    app = scripted_app(
        ScriptedEngine(*pieces(answer=ANSWER)),
        home,
        theme=theme,
        clock=Clock(),
        here=Here(home, Path("/nowhere")),
    )
    assert snap_compare(app, terminal_size=size, run_before=pictured(attaching))


@LOOKS
@pytest.mark.parametrize("before", [choosing, fetching, chatting_meanwhile])
def test_the_models_look_as_they_were_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str, before: Before
) -> None:
    fetch = ScriptedFetch()
    fetch.say("qwen-1.5b", progress(42))
    app = scripted_app(ScriptedEngine(*pieces(answer=ANSWER)), home, theme=theme, clock=Clock(), fetch=fetch)
    assert snap_compare(app, terminal_size=size, run_before=pictured(before))


async def setting(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("f2", "down")
    await shows(pilot, "Tokens that a chat can hold")


async def refused(pilot: Pilot[None]) -> None:
    await setting(pilot)
    await pilot.press("enter", "x", "enter")
    await shows(pilot, "must be")


async def instructing(pilot: Pilot[None]) -> None:
    await drawn(pilot)
    await pilot.press("f3")
    await shows(pilot, "temperature")


async def choosing_preset(pilot: Pilot[None]) -> None:
    await instructing(pilot)
    await pilot.press("p")
    await shows(pilot, "translator")


async def choosing_theme(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    pilot.app.push_screen(ThemesScreen())
    await shows(pilot, "Theme")


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), "textual-dark"), ((40, 10), "textual-dark"), ((120, 40), "localr1-light")],
    ids=["80x24", "40x10", "120x40-light"],
)
@pytest.mark.parametrize("before", [setting, refused, instructing, choosing_preset, choosing_theme])
def test_the_settings_look_as_they_were_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str, before: Before
) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer=ANSWER)), home, theme=theme, clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=pictured(before))


async def voting(pilot: Pilot[None]) -> None:
    """Under a vote that has ended."""
    await ask(pilot, f"/votes 3 {QUESTION}")
    await send(pilot, "/votes 9 Now add 5.")
    await shows(pilot, "3 of 9 answered · 132 leads with 2")


@LOOKS
def test_votes_look_as_they_were_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str
) -> None:
    engine = VotingEngine("131.", "47 + 85 = **132**.", "132.", "", hold=3)
    assert snap_compare(
        scripted_app(engine, home, theme=theme, clock=Clock()),
        terminal_size=size,
        run_before=pictured(voting),
    )


@LOOKS
def test_an_error_looks_as_it_was_accepted(
    snap_compare: Any, home: Path, size: tuple[int, int], theme: str
) -> None:
    app = scripted_app(
        ScriptedEngine("Let ", "me ", "see", error=ENGINE_DIED), home, theme=theme, clock=Clock()
    )
    assert snap_compare(app, terminal_size=size, run_before=pictured(answered))


@pytest.mark.parametrize("theme", ["textual-light", "nord", "gruvbox", "localr1-dark", "localr1-light"])
def test_every_theme_looks_as_it_was_accepted(snap_compare: Any, home: Path, theme: str) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer=ANSWER)), home, theme=theme, clock=Clock())
    assert snap_compare(app, terminal_size=(80, 24), run_before=pictured(unfolded))


def fill(home: Path) -> None:
    with store(home) as chats:
        for title in TITLES:
            chat = chats.create(title=title, model="nano")
            chats.add_user_message(chat.id, None, title)
