"""What it takes to draw an answer that grows, beside Textual's own Markdown.

.venv/bin/pytest -m bench -s tests/bench/test_drawing.py
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Markdown

from localr1.tui.widgets.answer import FRAME_CHARACTERS, Answer
from tests.bench.streaming import PARAGRAPH

ROUNDS = 3
CHARACTERS = 18_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one answer took: seconds of the processor for all of it and for its last frame, and widgets."""

    seconds: float
    last: float
    widgets: int


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_print_what_an_answer_takes_that_grows() -> None:
    """Medians of some rounds, each way in turn within a round."""
    rounds = [(asyncio.run(_draw(_ours)), asyncio.run(_draw(_theirs))) for _ in range(ROUNDS)]
    print(
        f"\n{CHARACTERS:,} characters, {FRAME_CHARACTERS} a frame{'localr1':>12}{'Textual':>10}{'ratio':>7}"
    )
    for name, unit in (("seconds", "s"), ("last", "s"), ("widgets", "")):
        ours, theirs = (statistics.median(getattr(each[i], name) for each in rounds) for i in (0, 1))
        print(f"{name:33}{ours:12.3f}{theirs:10.3f}{ours / theirs:7.2f}  {unit}")


async def _draw(made: Callable[[], tuple[Markdown, Callable[[str], Awaitable[None]]]]) -> Drawn:
    """Let an answer grow on a screen, frame by frame."""
    text = (PARAGRAPH * (CHARACTERS // len(PARAGRAPH) + 1))[:CHARACTERS]
    frames = [text[at : at + FRAME_CHARACTERS] for at in range(0, len(text), FRAME_CHARACTERS)]
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        scroll = VerticalScroll()
        await app.screen.mount(scroll)
        scroll.anchor()
        answer, draw = made()
        await scroll.mount(answer)
        seconds = [await _frame(pilot, draw, frame) for frame in frames]
        return Drawn(sum(seconds), seconds[-1], len(answer.query("*")))


async def _frame(pilot: Pilot[None], draw: Callable[[str], Awaitable[None]], text: str) -> float:
    before = time.process_time()
    await draw(text)
    await pilot.pause()
    return time.process_time() - before


def _ours() -> tuple[Markdown, Callable[[str], Awaitable[None]]]:
    answer = Answer()

    async def draw(text: str) -> None:
        answer.feed(text)
        await answer.draw()

    return answer, draw


def _theirs() -> tuple[Markdown, Callable[[str], Awaitable[None]]]:
    markdown = Markdown()

    async def draw(text: str) -> None:
        await markdown.append(text)

    return markdown, draw
