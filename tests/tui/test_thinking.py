"""What becomes of thinking on the screen: folded, left open, or never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.config import Config
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, send, shows, until
from tests.tui.long_chat import fill

QUESTION = "What is 47 + 85?"


async def test_thinking_stays_open_where_the_user_wants_it(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, config=Config(thinking="open"))
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, QUESTION)
        await shows(pilot, "The tens: 4 + 8 + 1 = 13.")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "The tens" not in screen_text(app))


async def test_earlier_thinking_is_open_as_well(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home, chat_id=fill(home, 1), config=Config(thinking="open"))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "Let me see 0.")


async def test_hidden_thinking_is_not_seen_while_it_runs_or_afterwards(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=5)
    app = scripted_app(engine, home, config=Config(thinking="hidden"))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, QUESTION)
        await until(pilot, lambda: chat.status.state == "thinking")
        assert "Thinking" not in screen_text(app)
        engine.hold = None
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        await shows(pilot, "132")
        assert "Thought" not in screen_text(app)


@pytest.mark.parametrize("key", ["alt+h", "ctrl+t", "alt+t"])
async def test_hidden_thinking_comes_back_by_every_key_of_thinking(home: Path, key: str) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, QUESTION)
        await shows(pilot, "Thought")
        await pilot.press("alt+h")
        await until(pilot, lambda: "Thought" not in screen_text(app))
        await pilot.press(key)
        await shows(pilot, "Thought")


async def test_a_search_passes_hidden_thinking_by(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home, chat_id=fill(home, 1))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("alt+h", "tab", "slash", *"Let me")
        await shows(pilot, "not found")
