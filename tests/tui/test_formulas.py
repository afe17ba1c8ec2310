"""Formulas in answers: read on the screen as text, copied as they were written."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, pieces, screen_text, scripted_app, shows

ANSWER = "So \\(x^2 = 4\\), and\n\\[\nx\n= \\boxed{2}\n\\]"


async def test_a_formula_is_read_as_text_and_copied_as_it_was_written(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer=ANSWER)), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "x²?")
        assert "So x² = 4, and" in screen_text(app)
        assert "x = ▕2▏" in screen_text(app)
        await pilot.press("alt+y")
        await shows(pilot, "copied")
        assert app.clipboard.strip() == ANSWER
