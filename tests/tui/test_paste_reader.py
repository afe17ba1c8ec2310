"""Pastes among the keys that a terminal sends."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message

from localr1.tui.paste_reader import BURST, END, START, PasteReader

INPUT = f"a\x1b[A{START}one\x1b[31m\rtwo\x1b{END}\x1b[Zb{START}{END}c{START}{START}{END}\x1b[1;5C"
EXPECTED = ["a", "up", "one\x1b[31m\rtwo\x1b|", "shift+tab", "b", "|", "c", f"{START}|", "ctrl+right"]


def names(events: list[Message]) -> list[str]:
    """Keys by their name, pastes by their text and a bar."""
    return [
        event.key if isinstance(event, Key) else f"{event.text}|"
        for event in events
        if isinstance(event, Key) or (isinstance(event, Paste) and event.text is not None)
    ]


def read(*pieces: str) -> list[str]:
    reader = PasteReader(XTermParser())
    return names([event for piece in pieces for event in reader.feed(piece)])


@pytest.mark.parametrize("cut", range(len(INPUT) + 1))
def test_pastes_and_keys_come_in_their_order_wherever_the_input_is_cut(cut: int) -> None:
    assert read(INPUT[:cut], INPUT[cut:]) == EXPECTED


def test_pastes_and_keys_come_in_their_order_one_character_at_a_time() -> None:
    assert read(*INPUT) == EXPECTED


def test_a_key_that_could_begin_a_paste_comes_when_nothing_follows() -> None:
    reader = PasteReader(XTermParser())
    assert names(list(reader.feed("\x1b["))) == []
    list(reader.tick())
    assert names(list(reader.feed("A"))) == ["up"]


def test_nul_is_never_pasted() -> None:
    assert read(f"{START}a\0b{END}") == ["ab|"]


def test_text_that_nobody_types_so_fast_is_a_paste_to_its_end() -> None:
    text = "line\r" * BURST
    reader = PasteReader(XTermParser())
    assert names(list(reader.feed(text))) == [f"{text}|"]
    assert names(list(reader.feed("rest\r"))) == ["rest\r|"]
    list(reader.tick())
    assert names(list(reader.feed("x\r"))) == ["x", "enter"]


@pytest.mark.parametrize("before", ["", "\x1b["])
def test_keys_are_keys_however_many_come_at_once(before: str) -> None:
    reader = PasteReader(XTermParser())
    list(reader.feed(before))
    assert names(list(reader.feed("B" + "\x1b[A" * BURST)))[-1] == "up"
    assert names(list(reader.feed("x" * (BURST - 1)))) == ["x"] * (BURST - 1)
