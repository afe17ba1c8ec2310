"""Where the cursor can stand in a line: between characters as people see them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from textual.events import Key

from localr1.tui.graphemes import begins, left_of, right_of
from localr1.tui.typed import typed

CHARACTERS = {
    "letters": ["a", "b", "ß"],
    "combining marks": ["e\u0301\u0323", "x"],
    "wide letters": ["日", "本"],
    "a family": ["a", "👨\u200d👩\u200d👧\u200d👦", "b"],
    "flags": ["🇫🇷", "🇩🇪", "x", "🇯🇵"],
    "half a flag": ["🇫🇷", "🇩"],
    "a shade of skin": ["👍🏽", "!"],
    "a heart in colour": ["❤\ufe0f", "x"],
    "tabs": ["a", "\t", "\t", "b"],
    "Persian": ["م", "ی\u200c", "ر"],
}


@pytest.mark.parametrize("characters", CHARACTERS.values(), ids=CHARACTERS.keys())
def test_a_character_is_what_people_see_as_one(characters: list[str]) -> None:
    line = "".join(characters)
    places = [len("".join(characters[:count])) for count in range(len(characters) + 1)]
    assert [column for column in range(len(line) + 1) if begins(line, column)] == places
    for left, right in pairwise(places):
        assert left_of(line, right) == left
        assert right_of(line, left) == right


@pytest.mark.parametrize("character", ["\u3000", "\u00a0", "\u202f", "\u200c", "\u200d"])
def test_spaces_and_joiners_of_other_scripts_can_be_typed(character: str) -> None:
    assert typed(Key("some_key", character)) == character


@pytest.mark.parametrize("character", ["a", " ", "\x1b", "\x9b", "\t", "\u202e", "\U000e0041", None])
def test_no_other_key_writes_anything_more_than_before(character: str | None) -> None:
    assert typed(Key("some_key", character)) == ""
