"""localr1 bench, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localr1.cli.bench import Begun
from tests.cli.program import localr1, text

pytestmark = pytest.mark.usefixtures("home")
SHORT = ("--prompt", "40", "--tokens", "24", "--repeat", "1")


def test_a_table_and_a_plot_say_how_fast_the_model_is(home: Path) -> None:
    done = localr1("bench", "nano", "--compare", *SHORT)
    assert done.returncode == 0
    lines = text(done.stdout).splitlines()
    assert lines[0].startswith("nano · Q8_0")
    assert [line.split("  ")[0] for line in lines[3:10]] == [
        "load",
        "prompt",
        "first token",
        "reply",
        "bare prompt",
        "bare reply",
        "memory",
    ]
    assert "tok/s as the reply grows" in lines
    assert any("█" in line for line in lines)
    assert lines[-1].endswith("24 tokens")
    assert done.stderr == b""
    assert not list(home.rglob("*.db"))


def test_the_line_on_a_terminal_says_which_run_it_is() -> None:
    begun = Begun(repeat=3)
    said = [begun.text()]
    for number in range(4):
        begun.run(number)
        said.append(begun.text())
    assert said == ["Loading the model…", "Warming up…", "Run 1 of 3…", "Run 2 of 3…", "Run 3 of 3…"]


def test_programs_get_every_run() -> None:
    done = localr1("bench", "--json", *SHORT)
    measured = json.loads(done.stdout)
    assert measured["model"] == "nano"
    assert measured["limit"] is None
    [run] = measured["runs"]
    assert run["tokens"] == 24
    assert run["arrivals"][-1][0] == 24


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("bench", "no-such-model"), 3, "no-such-model"),
        (("bench", "--tokens", "1"), 2, "2<=x"),
        (("bench", "--prompt", "999999"), 2, "do not fit a context"),
    ],
)
def test_what_can_not_be_measured_is_said(arguments: tuple[str, ...], code: int, part: str) -> None:
    done = localr1(*arguments)
    assert done.returncode == code
    assert part in text(done.stderr)
    assert done.stdout == b""
