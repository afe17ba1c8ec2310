"""Progress where no bar can be drawn."""

from __future__ import annotations

import pytest

from localr1.cli.progress.plain_lines import PlainLines
from localr1.cli.progress.step import Step
from localr1.cli.progress.tally import Tally


def test_a_line_comes_at_the_beginning_and_with_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    lines = PlainLines()
    for done in range(0, 1002, 7):
        lines.show(Step(done, 1001))
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(" %")[0] for line in said] == [
        *("0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"),
    ]


def test_another_piece_of_work_begins_with_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = PlainLines()
    lines.show(Step(1, 1000, "checking"))
    lines.show(Step(2, 1000))
    assert capsys.readouterr().err == "checking · 0 % · 1 bytes of 1.00 kB\n0 % · 2 bytes of 1.00 kB\n"


def test_of_a_stream_nobody_knows_the_end() -> None:
    assert Tally(12, None, 1, 3.2).text == "12 done · 1 failed · 3.2 s each"
    assert Tally(12, 100, 1, 3.2).text == "12 of 100 · 1 failed · 3.2 s each · 5 min left"


def test_foreign_words_are_no_orders_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    lines = PlainLines()
    lines.wait("retrying: \x1b[2J gone")
    assert "\x1b" not in capsys.readouterr().err
