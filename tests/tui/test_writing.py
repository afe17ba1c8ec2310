"""Writing in other scripts than Latin, and into lines that draw what others wrote."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widget import Widget

from localr1.tui.widgets.filter import Filter
from localr1.tui.widgets.instructions import Instructions
from localr1.tui.widgets.line_input import LineInput
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.writing import Writing
from tests.tui.chatting import screen_text

FAMILY = "👨\u200d👩\u200d👧"
ESCAPES = "\x1b]0;owned\x07 \x9b31m \u202e"


class Alone(App[None]):
    """One widget that has the focus."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget

    def compose(self) -> ComposeResult:
        yield self._widget

    def on_mount(self) -> None:
        self._widget.focus()


async def take(pilot: Pilot[None], event: Key | Paste) -> None:
    assert pilot.app.focused
    pilot.app.focused.post_message(event)
    await pilot.pause()


@pytest.mark.parametrize("make", [Prompt, lambda: Instructions("")], ids=["prompt", "instructions"])
@pytest.mark.parametrize("character", ["\u3000", "\u00a0", "\u200c"])
async def test_a_space_or_joiner_of_another_script_is_written(make: type[Writing], character: str) -> None:
    writing = make()
    async with Alone(writing).run_test() as pilot:
        await pilot.press("a")
        await take(pilot, Key("its_name", character))
        await pilot.press("b")
        assert writing.text == f"a{character}b"


@pytest.mark.parametrize("password", [False, True])
async def test_it_is_written_in_a_line_and_a_passphrase_too(password: bool) -> None:
    line = LineInput(password=password)
    async with Alone(line).run_test() as pilot:
        line.value = "xx"
        line.select_all()
        await take(pilot, Key("ideographic_space", "\u3000"))
        assert line.value == "\u3000"


async def test_the_cursor_stands_between_characters_as_people_see_them() -> None:
    prompt = Prompt()
    async with Alone(prompt).run_test() as pilot:
        await take(pilot, Paste(f"a{FAMILY}e\u0301"))
        places = []
        for key in ("left", "left", "left", "right", "right"):
            await pilot.press(key)
            places.append(prompt.cursor_location[1])
        assert places == [6, 1, 0, 1, 6]
        prompt.move_cursor((0, 3))
        assert prompt.cursor_location == (0, 1)


async def test_a_family_is_deleted_whole_and_of_a_letter_its_last_mark() -> None:
    prompt = Prompt()
    async with Alone(prompt).run_test() as pilot:
        await take(pilot, Paste(f"{FAMILY}🇫🇷e\u0301"))
        left = []
        for _ in range(4):
            await pilot.press("backspace")
            left.append(prompt.text)
        assert left == [f"{FAMILY}🇫🇷e", f"{FAMILY}🇫🇷", FAMILY, ""]


async def test_a_paste_takes_the_place_of_what_is_marked() -> None:
    prompt = Prompt()
    async with Alone(prompt).run_test() as pilot:
        await pilot.press("a", "b", "c", "shift+left", "shift+left")
        await take(pilot, Paste("xyz"))
        assert prompt.text == "axyz"
        assert prompt.cursor_location == (0, 4)


@pytest.mark.parametrize("make", [LineInput, lambda: Filter("find")], ids=["line", "filter"])
async def test_no_escape_that_is_pasted_into_a_line_reaches_the_terminal(make: type[LineInput]) -> None:
    line = make()
    app = Alone(line)
    async with app.run_test() as pilot:
        line.display = True
        line.focus()
        await take(pilot, Paste(f"{ESCAPES}\nsecond line"))
        drawn = screen_text(app)
        assert "␛]0;owned␇" in drawn
        assert "second" not in drawn
        assert not set("\x1b\x07\x9b\u202e") & set(drawn)


async def test_a_paste_that_is_too_long_for_a_line_comes_in_as_far_as_there_is_room() -> None:
    line = LineInput(max_length=12)
    async with Alone(line).run_test() as pilot:
        line.value = "title: "
        await take(pilot, Paste("0123456789"))
        assert line.value == "title: 01234"
