"""What the status line says at each width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from localr1.tui.status_line import Reading, Vitals, status_line

ANSWERING = Vitals(
    model="qwen-1.5b",
    quant="Q4_K_M",
    state="answering",
    rate=31.0,
    used=3_031,
    context=8_192,
    memory=1_300_000_000,
    device="2 threads",
    offline=True,
    temporary=True,
)
READING = replace(ANSWERING, state="reading", reading=Reading(1_234, 5_678, 38.0), temporary=False)


def at(vitals: Vitals, width: int) -> str:
    return status_line(vitals, width).plain


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            200,
            "qwen-1.5b · Q4_K_M · temporary · answering · 31 tok/s · ▰▰▰▱▱▱▱▱ 37 % of 8,192"
            " · 1.30 GB · 2 threads · offline",
        ),
        (
            100,
            "qwen-1.5b · Q4_K_M · temporary · answering · 31 tok/s · ▰▰▰▱▱▱▱▱ 37 % · 1.30 GB · offline",
        ),
        (80, "qwen-1.5b · Q4_K_M · temporary · answering · 31 tok/s · ▰▰▰▱▱▱▱▱ 37 % · offline"),
        (60, "qwen-1.5b · temporary · answering · 31 tok/s · ▰▰▰▱▱▱▱▱ 37 %"),
        (55, "qwen-1.5b · temporary · answering · 31 tok/s · ▰▱▱ 37 %"),
        (50, "qwen-1.5b · temporary · answering · ▰▱▱ 37 %"),
        (42, "qwen-1.5b · temporary · answering · ▱ 37 %"),
        (40, "temporary · answering · ▱ 37 %"),
        (20, "temporary · ▱ 37 %"),
        (10, "temporary"),
    ],
)
def test_what_is_nice_to_know_gives_way_to_what_matters(width: int, line: str) -> None:
    assert at(ANSWERING, width) == line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            200,
            "qwen-1.5b · Q4_K_M · reading 1,234 of 5,678 · 21 % · 40 s left · 1.30 GB · 2 threads · offline",
        ),
        (80, "qwen-1.5b · Q4_K_M · reading 1,234 of 5,678 · 21 % · 40 s left · offline"),
        (60, "qwen-1.5b · reading 1,234 of 5,678 · 21 % · 40 s left"),
        (48, "reading 1,234 of 5,678 · 21 % · 40 s left"),
        (40, "reading 21 % · 40 s left"),
        (20, "21 % · 40 s left"),
    ],
)
def test_of_a_prompt_that_is_read_the_share_and_the_time_left_stay(width: int, line: str) -> None:
    assert at(READING, width) == line


def test_at_rest_the_speed_gives_way_before_the_quant() -> None:
    at_rest = replace(ANSWERING, state="", temporary=False, offline=False, device="", memory=0)
    assert at(at_rest, 60) == "qwen-1.5b · Q4_K_M · 31 tok/s · ▰▰▰▱▱▱▱▱ 37 % of 8,192"
    assert at(at_rest, 40) == "qwen-1.5b · Q4_K_M · ▰▰▰▱▱▱▱▱ 37 %"
    assert at(at_rest, 33) == "qwen-1.5b · ▰▰▰▱▱▱▱▱ 37 %"


@pytest.mark.parametrize("vitals", [ANSWERING, READING, replace(ANSWERING, model="m" * 200), Vitals()])
def test_no_line_is_wider_than_its_room(vitals: Vitals) -> None:
    for width in range(1, 201):
        assert status_line(vitals, width).cell_length <= width


def test_what_is_not_known_is_not_said() -> None:
    assert at(Vitals(), 80) == ""
    assert at(Vitals(model="nano", state="loading 40 %"), 80) == "nano · loading 40 %"


def test_a_name_that_has_the_quant_in_it_does_not_get_it_twice() -> None:
    assert at(Vitals(model="Tiny-q8_0", quant="Q8_0"), 80) == "Tiny-q8_0"


@pytest.mark.parametrize(
    ("used", "bar"),
    [
        (0, "▱▱▱▱▱▱▱▱ 0 %"),
        (500, "▰▰▰▰▱▱▱▱ 50 %"),
        (1_000, "▰▰▰▰▰▰▰▰ 100 %"),
        (1_200, "▰▰▰▰▰▰▰▰ 100 %"),
    ],
)
def test_the_bar_is_as_full_as_the_context(used: int, bar: str) -> None:
    assert at(Vitals(used=used, context=1_000), 20) == bar


@pytest.mark.parametrize(("used", "warns"), [(799, False), (800, True)])
def test_a_context_that_is_nearly_full_is_shown_as_a_warning(used: int, warns: bool) -> None:
    line = status_line(Vitals(used=used, context=1_000), 80)
    assert ("$text-warning" in [span.style for span in line.spans]) is warns


def test_markup_in_a_name_is_only_text() -> None:
    assert at(Vitals(model="[red]x[b +"), 80) == "[red]x[b +"
