"""Lines that hang below their own beginning."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions

from localr1.tui.hanging import Hanging, Line

MARKED = Style(reverse=True)
SEVEN_AND_FIVE = Line(Content("• "), Content("seven and five make twelve"))
ABOVE = Line(Content(), Content("above"))


def hanging(*lines: Line) -> Hanging:
    made = Hanging()
    made.lines = lines
    return made


def strips(visual: Hanging, width: int, selection: Selection | None = None) -> list[Strip]:
    options = RenderOptions(lambda style: Style.parse(str(style)), {}, selection, MARKED)
    return visual.render_strips(width, None, Style(), options)


def test_what_goes_on_below_hangs_under_its_own_beginning() -> None:
    visual = hanging(ABOVE, SEVEN_AND_FIVE)
    rows = [strip.text.rstrip() for strip in strips(visual, 12)]
    assert rows == ["above", "• seven and", "  five make", "  twelve"]
    assert visual.get_height({}, 12) == len(rows)


def test_there_is_room_for_a_letter_however_narrow_it_gets() -> None:
    assert [strip.text.rstrip() for strip in strips(hanging(Line(Content("• "), Content("ab"))), 1)] == [
        "• a",
        "  b",
    ]


def test_the_mouse_finds_each_letter_in_the_text_that_is_copied() -> None:
    found = [
        (segment.text, segment.style.meta["offset"])
        for strip in strips(hanging(ABOVE, SEVEN_AND_FIVE), 12)
        for segment in strip
        if segment.style and "offset" in segment.style.meta
    ]
    assert found == [
        ("above", (0, 0)),
        ("• ", (0, 1)),
        ("seven and", (2, 1)),
        ("five make", (12, 1)),
        ("twelve", (22, 1)),
    ]


def test_what_is_marked_is_drawn_so_and_as_before_afterwards() -> None:
    visual = hanging(ABOVE, SEVEN_AND_FIVE)
    selection = Selection(Offset(8, 1), Offset(16, 1))
    assert reversed_text(strips(visual, 12, selection)) == ["and", "five"]
    assert reversed_text(strips(visual, 12)) == []


def reversed_text(drawn: list[Strip]) -> list[str]:
    return [segment.text for strip in drawn for segment in strip if segment.style and segment.style.reverse]


def test_a_line_that_stays_is_drawn_once_while_others_come() -> None:
    visual = hanging(ABOVE, SEVEN_AND_FIVE)
    before = strips(visual, 12)
    visual.lines = (ABOVE, Line(Content(), Content("another")))
    after = strips(visual, 12)
    assert after[0] is before[0]
    assert after[1].text == "another"


def test_a_new_width_and_new_colours_have_all_drawn_anew() -> None:
    visual = hanging(ABOVE)
    first = strips(visual, 12)[0]
    assert strips(visual, 13)[0] is not first
    again = strips(visual, 13)[0]
    visual.forget()
    assert strips(visual, 13)[0] is not again


def test_the_row_of_a_letter_counts_those_above_it() -> None:
    visual = hanging(SEVEN_AND_FIVE, ABOVE)
    assert [visual.row_of(0, place, 12) for place in (0, 2, 12, 22)] == [0, 0, 1, 2]
    assert visual.row_of(1, 0, 12) == 3
