"""Tables keep to the room that there is."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from localr1.cli.table import LEAST, table_lines

HEADER = ("ID", "SIZE", "MODEL", "TITLE")
ROWS = [
    ("1", "2.20 MB", "nano", "What is 47 + 85?"),
    ("12", "19.9 GB", "qwen-32b", "日本語の題名" * 9),
]


def test_columns_are_aligned_by_what_a_terminal_draws() -> None:
    assert table_lines(HEADER[:3], [row[:3] for row in ROWS], right=(0,)) == [
        "ID  SIZE     MODEL",
        " 1  2.20 MB  nano",
        "12  19.9 GB  qwen-32b",
    ]


@pytest.mark.parametrize("room", range(20, 160, 7))
def test_a_table_is_never_wider_than_its_room_and_nothing_goes_without_need(room: int) -> None:
    lines = table_lines(HEADER, ROWS, right=(0,), room=room, spare=(1, 2))
    assert max(map(cell_len, lines)) <= room
    assert ("MODEL" in lines[0]) == (room >= len("12  qwen-32b  ") + LEAST)
    assert ("SIZE" in lines[0]) == (room >= len("12  19.9 GB  qwen-32b  ") + LEAST)
    assert "What is 47" in lines[1]


def test_a_column_to_spare_goes_whole_though_it_is_the_last() -> None:
    assert table_lines(HEADER, ROWS[:1], room=30, spare=(3, 1)) == ["ID  SIZE     MODEL", "1   2.20 MB  nano"]


def test_without_a_terminal_nothing_is_left_out() -> None:
    assert ROWS[1][3] in table_lines(HEADER, ROWS, spare=(1, 2))[2]
