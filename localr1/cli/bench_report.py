"""What a bench has measured, as lines of text for people."""

from __future__ import annotations

from collections.abc import Iterator

from localr1.bench.bench import Bench
from localr1.bench.plot import plot_lines, speeds_of
from localr1.cli.table import table_lines
from localr1.safe_text import safe_line
from localr1.units import size_text, speed_text
from localr1.wording import model_name, plural

PLOT_WIDTH, PLOT_HEIGHT = 56, 4
"""Columns and lines."""


def report_lines(measured: Bench) -> Iterator[str]:
    """What was measured of which model, and a plot of its last reply."""
    yield safe_line(_headline(measured))
    yield ""
    yield from table_lines(("", "median", "range", ""), _rows(measured), right=(1,))
    yield from _plot(measured)


def _headline(measured: Bench) -> str:
    parts = (
        model_name(measured.model),
        f"{measured.quant} {size_text(measured.size)}".strip(),
        plural(measured.threads, "thread"),
        measured.device,
        f"llama.cpp {measured.llama_cpp}",
    )
    return " · ".join(parts)


def _rows(measured: Bench) -> list[tuple[str, str, str, str]]:
    runs = measured.runs
    rows = [
        ("load", f"{measured.load_seconds:.2f} s", "", ""),
        (
            "prompt",
            speed_text(measured.prompt_speed),
            _range([run.prompt_speed for run in runs], 0),
            f"{runs[-1].prompt_tokens:,} tokens",
        ),
        (
            "first token",
            f"{measured.first_token_seconds:.2f} s",
            _range([run.first_token_seconds for run in runs], 2),
            "",
        ),
        (
            "reply",
            speed_text(measured.speed),
            _range([run.speed for run in runs], 0 if measured.speed >= 10 else 1),
            f"{runs[-1].tokens:,} tokens",
        ),
    ]
    if limit := measured.limit:
        rows += [
            (
                "bare prompt",
                speed_text(limit.prompt_speed),
                "",
                _share(measured.prompt_speed, limit.prompt_speed),
            ),
            ("bare reply", speed_text(limit.speed), "", _share(measured.speed, limit.speed)),
        ]
    rows.append(
        ("memory", size_text(measured.engine_memory), "", f"and {size_text(measured.app_memory)} for localr1")
    )
    return rows


def _range(values: list[float], digits: int) -> str:
    return f"{min(values):,.{digits}f} – {max(values):,.{digits}f}"


def _share(own: float, bare: float) -> str:
    return f"localr1 reaches {own / bare:.2f} of it"


def _plot(measured: Bench) -> Iterator[str]:
    """How the speed of the last reply changed as it grew."""
    run = measured.runs[-1]
    speeds = speeds_of(run.arrivals, PLOT_WIDTH)
    if not speeds:
        return
    yield from ("", "tok/s as the reply grows")
    labels = [f"{max(speeds):,.0f}", *[""] * (PLOT_HEIGHT - 2), "0"]
    width = max(map(len, labels))
    for label, line in zip(labels, plot_lines(speeds, PLOT_HEIGHT), strict=True):
        yield f"{label:>{width}} ┤{line}".rstrip()
    yield f"{'':{width}}  0{f'{run.tokens:,} tokens':>{max(len(speeds) - 1, 12)}}"
