"""The keys that are named under the prompt, and how they share the room with the status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, send, shows, until


@pytest.mark.parametrize(
    ("size", "hints"),
    [
        ((40, 10), "^R retry   F1 help"),
        ((60, 24), "^R retry   F1 help"),
        ((80, 24), "^R retry   Alt+E edit   ^N new   F1 help"),
        ((80, 40), "^R retry   Alt+E edit   ^N new   ^O chats   ^L models   F1 help"),
        ((120, 40), "^R retry   Alt+E edit   ^N new   ^O chats   ^L models   Alt+C copy   F1 help"),
    ],
)
async def test_hints_are_whole_and_help_is_always_among_them(
    home: Path, size: tuple[int, int], hints: str
) -> None:
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=size) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await shows(pilot, hints)
        (last, *before) = reversed([line.strip() for line in screen_text(pilot.app).splitlines()])
        assert last.endswith(hints)
        assert ("nano" in before[0]) == (size[1] >= 30)


async def test_a_remark_is_shown_whole_and_the_hints_come_back_after_it(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=3), home)
    remark = "a remark that takes more room than is left beside the hints"
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "First?")
        await until(pilot, lambda: chat.status.state == "thinking")
        chat.status.flash(remark, seconds=0.5)
        await shows(pilot, f"{remark}     Esc stop")
        await until(pilot, lambda: not chat.status.flashed)
        await shows(pilot, "Esc stop   Alt+A answer now")


async def test_on_the_smallest_screen_it_says_what_happens_and_how_to_stop_it(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=3), home)
    async with app.run_test(size=(40, 10)) as pilot:
        await opened(pilot)
        await send(pilot, "First?")
        await shows(pilot, "    thinking · ▱ 1 %        Esc stop")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (60, 40)])
async def test_a_remark_that_is_too_long_for_a_line_goes_on_below(home: Path, size: tuple[int, int]) -> None:
    remark = "words that are read to their end although no line of this screen has room for all of them"
    async with scripted_app(ScriptedEngine(), home).run_test(size=size) as pilot:
        chat = await opened(pilot)
        chat.status.flash(remark, seconds=0.5)
        await shows(pilot, "them")
        assert remark in " ".join(screen_text(pilot.app).split())
        await until(pilot, lambda: not chat.status.flashed)
        await shows(pilot, "F1 help")
        assert screen_text(pilot.app).splitlines()[-1].strip().endswith("F1 help")


async def test_where_a_remark_leaves_too_little_room_no_hint_is_cut(home: Path) -> None:
    async with scripted_app(ScriptedEngine(), home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.status.flash("w" * 66)
        await shows(pilot, "w" * 66)
        assert screen_text(pilot.app).splitlines()[-1].strip() == "w" * 66


async def test_what_goes_wrong_is_said_with_what_to_do_about_it(home: Path) -> None:
    async with scripted_app(ScriptedEngine(), home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await send(pilot, "/effort silly")
        await shows(pilot, "There is no effort 'silly'. It is off, low, medium, high, or a number of")
        await shows(pilot, "tokens.")


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_whoever_reads_by_keys_is_told_the_way_back(home: Path, size: tuple[int, int]) -> None:
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=size) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await pilot.press("tab")
        await shows(pilot, "Esc write")
