"""No text, whoever wrote it, crashes a widget, is taken for markup, or gives orders to the terminal."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.widget import Widget

from localr1.errors import LocalR1Error
from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.notice import ErrorNotice
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, store

ESCAPES = (
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202eevil\u2066",
    "\x00\x07\x7f",
    "&#x202E;",
    "\ud800",
)
MARKUP = ("[/]", "[a=1,b=]", "[@click=app.quit]", "[b +", "[bold", "$accent", "]]", "[link=x]y[/]")
MARKDOWN = ("<script>", "<b>hi", "```", "| a |\n|-|", "> " * 40, "- " * 40, "](x", "![a](b", "#" * 9, "\\[")
NASTY = (*ESCAPES, *MARKUP, *MARKDOWN)
FRAGMENTS = st.one_of(st.text(st.characters(), max_size=30), st.sampled_from((*NASTY, "\n", "\n\n", "    ")))
ANY_TEXT = st.lists(FRAGMENTS, max_size=8).map("".join)


def thinking(text: str) -> Widget:
    widget = Thinking(lambda: 0.0)
    widget.feed(text, 1)
    widget.settle(text, 1.0)
    widget.toggle()
    return widget


def error(text: str) -> Widget:
    return ErrorNotice(LocalR1Error(text, hint=text))


MAKERS: tuple[Callable[[str], Widget], ...] = (UserMessage, thinking, error, Answer)


def orders(text: str) -> set[str]:
    """The characters in a text that a terminal would obey."""
    bidi = {chr(code) for code in (0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)}
    return {c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cs") or c in bidi)}


async def shown(texts: list[str], makers: Sequence[Callable[[str], Widget]] = MAKERS) -> str:
    """What a terminal would get of these texts in widgets of each kind, one text after the other."""
    app = App[None]()
    seen = []
    async with app.run_test(size=(60, 60)) as pilot:
        for text in texts:
            widgets = [make(text) for make in makers]
            await app.screen.mount_all(widgets)
            await pilot.pause()
            seen.append(screen_text(app))
            await app.screen.remove_children(widgets)
    return "".join(seen)


@settings(max_examples=10)
@given(st.lists(ANY_TEXT, min_size=16, max_size=16))
def test_no_text_crashes_a_widget_or_reaches_the_terminal_raw(texts: list[str]) -> None:
    assert not orders(asyncio.run(shown(texts)))


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_it_was_written(text: str) -> None:
    for make in (UserMessage, thinking, error):
        assert text in asyncio.run(shown([text], [make]))


@pytest.mark.parametrize("text", ["<b>hi</b>", "<answer>42</answer>", "<!-- here -->", "a < b > c"])
def test_html_in_an_answer_does_not_vanish(text: str) -> None:
    assert text in asyncio.run(shown([text], [Answer]))


async def test_a_fragment_that_grows_is_as_safe_as_a_whole_answer() -> None:
    app = App[None]()
    async with app.run_test(size=(60, 20)) as pilot:
        answer = Answer()
        await app.screen.mount(answer)
        for fragment in NASTY:
            for character in fragment + "\n\n":
                answer.feed(character)
                await answer.draw()
        assert answer.source
        assert not orders(answer.source)
        await answer.settle(answer.text)
        await pilot.pause()
        assert not orders(screen_text(app) + answer.source)
        assert answer.text == "".join(fragment + "\n\n" for fragment in NASTY)


async def test_what_the_store_holds_is_shown_safely_in_every_screen(home: Path) -> None:
    nasty = " ".join((*ESCAPES, *MARKUP))
    with store(home) as chats:
        chat = chats.create(title=nasty, model=nasty)
        chats.add_user_message(chat.id, None, nasty)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat.id)
    async with app.run_test(size=(300, 30)) as pilot:
        await opened(pilot)
        for key in ("ctrl+o", "r", "escape", "d"):
            await pilot.press(key)
            await pilot.pause()
            assert "[@click=app.quit]" in screen_text(app)
            assert not orders(screen_text(app))


async def test_a_reply_made_of_escapes_is_shown_safely(home: Path) -> None:
    nasty = "\n\n".join((*ESCAPES, *MARKUP))
    app = scripted_app(ScriptedEngine(*pieces(thinking=nasty, answer=nasty)), home)
    async with app.run_test(size=(80, 60)) as pilot:
        await ask(pilot, "\x1b]52;c;aGk=\x07")
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert not orders(screen_text(app))
        assert "␛]52;c;aGk=␇" in screen_text(app)
