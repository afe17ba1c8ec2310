"""Finding a word in a chat."""

from __future__ import annotations

import pytest

from localr1.message import Message, Role
from localr1.tui.find import Match, occurrences, search

ASKED = Message(1, 1, None, Role.USER, "Where is Paris?", 0.0)
SAID = Message(2, 1, 1, Role.ASSISTANT, "Paris is in France. Paris!", 0.0, thinking="paris, paris")


@pytest.mark.parametrize(
    ("term", "text", "places"),
    [
        ("a", "banana", [1, 3, 5]),
        ("ana", "banana", [1]),
        ("paris", "Paris PARIS", [0, 6]),
        ("Paris", "Paris PARIS", [0]),
        ("x", "İx", [1]),
        ("", "banana", []),
    ],
)
def test_a_term_is_found_wherever_it_stands(term: str, text: str, places: list[int]) -> None:
    assert list(occurrences(term, text)) == places


def test_matches_come_in_the_order_of_the_chat_thinking_before_its_answer() -> None:
    assert search("paris", [ASKED, SAID]).matches == [
        Match(1, False, 0),
        Match(2, True, 0),
        Match(2, True, 1),
        Match(2, False, 0),
        Match(2, False, 1),
    ]


def test_the_first_match_is_the_one_after_what_is_being_read() -> None:
    found = search("paris", [ASKED, SAID], since=2)
    assert (found.count, found.match) == ("2/5", Match(2, True, 0))


def test_after_the_last_match_comes_the_first() -> None:
    found = search("france", [ASKED, SAID])
    assert found.step(1).match == found.step(-1).match == found.match
    assert search("paris", [ASKED, SAID]).step(-1).count == "5/5"


def test_nothing_is_found_without_an_error() -> None:
    found = search("zebra", [ASKED, SAID])
    assert (found.count, found.match, found.step(1)) == ("not found", None, found)
    assert search("", [ASKED]).count == ""
