"""An answer as it grows: the same as a whole one, and each frame about what is new."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.app import App
from textual.geometry import Offset
from textual.pilot import Pilot

from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.prose import Prose
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, pieces, screen_text, scripted_app, shows, until

LONG = "Seven and five make **twelve**, so `2` is written and 1 is carried to the tens.\n\n" * 3
DOCUMENTS = [
    LONG + "- the ones\n- the tens, which are\n  - 4 and 8\n  - the 1 that was carried\n\n" + LONG,
    "1. One\n2. Two\n\n   more of it\n\n# Head\n\nText [and](http://localhost) a link\n\n> quoted\n\nText\n",
    "Text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nText\n\n```python\nprint(1)\n```\n\n",
    "- a\n\n- ```\n  code\n  ```\n- b\n\n1. c\n\ntext\n",
    "A head\n---\n\nText  \nbroken\n\n---\n\n\\[ x = 1 \\]\n\nend",
]


async def shown(pilot: Pilot[None]) -> Answer:
    answer = Answer()
    await pilot.app.screen.mount(answer)
    return answer


async def grow(pilot: Pilot[None], answer: Answer, *pieces: str) -> None:
    for piece in pieces:
        answer.feed(piece)
        await answer.draw()
    await pilot.pause()


def cut(text: str, seed: int) -> list[str]:
    """A text in pieces of up to thirty characters."""
    rng, pieces = random.Random(seed), []
    while text:
        size = rng.randint(1, 30)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize("width", [80, 40])
async def test_an_answer_that_has_grown_looks_as_one_that_was_there(text: str, width: int) -> None:
    app = App[None]()
    async with app.run_test(size=(width, 60)) as pilot:
        answer = await shown(pilot)
        await grow(pilot, answer, *cut(text, width))
        grown = screen_text(app)
        await answer.settle(text + " ")
        await pilot.pause()
        assert grown == screen_text(app)


async def test_many_paragraphs_and_lists_stand_in_few_widgets_none_of_them_endless() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await shown(pilot)
        await grow(pilot, answer, *[DOCUMENTS[0]] * 20)
        assert len(answer.text) > 10_000
        assert 2 <= len(answer.query("*")) <= 4


async def test_a_frame_that_grows_is_laid_out_once() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await shown(pilot)
        await grow(pilot, answer, LONG)
        laid_out: list[object] = []
        app.screen.screen_layout_refresh_signal.subscribe(app, laid_out.append)
        await grow(pilot, answer, LONG)
        assert len(laid_out) == 1


async def test_marked_text_is_copied_over_paragraphs_and_items_as_it_stands_there() -> None:
    app = App[None]()
    async with app.run_test(size=(60, 24)) as pilot:
        answer = await shown(pilot)
        await grow(
            pilot,
            answer,
            "One paragraph.\n\nAnother one.\n\n- the ones are 12, " + "so 2 " * 12 + "\n- the tens\n",
        )
        start = answer.query_one(Prose).region.offset
        await pilot.mouse_down(offset=start + Offset(4, 0))
        await pilot.hover(offset=start + Offset(4, 5))
        await pilot.mouse_up(offset=start + Offset(4, 5))
        marked = app.screen.get_selected_text()
        assert marked
        assert marked.startswith("paragraph.\n\nAnother one.\n\n• the ones are 12, so 2 so 2")
        assert "\n" not in marked[marked.index("•") :]


@pytest.mark.parametrize("cell", ["", "| a |\n|---|\n| see "])
async def test_a_click_on_a_link_copies_where_it_leads(home: Path, cell: str) -> None:
    answer = f"{cell}[the manual](https://example.org/manual)"
    app = scripted_app(ScriptedEngine(*pieces(answer=answer)), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Where?")
        await shows(pilot, "the manual (https://example.org/manual)")
        rows = screen_text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "the manual" in row)
        await pilot.click(offset=(rows[y].index("manual"), y))
        await until(pilot, lambda: app.clipboard == "https://example.org/manual")


async def test_code_that_is_wider_than_the_screen_goes_on_below_and_is_copied_as_it_is(home: Path) -> None:
    code = f"total = {' + '.join(f'number_{number}' for number in range(20))}  # the end"
    app = scripted_app(ScriptedEngine(*pieces(answer=f"```python\n{code}\n```")), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Code?")
        await shows(pilot, "# the end")
        await pilot.press("alt+k")
        await until(pilot, lambda: app.clipboard.strip() == code)


async def test_a_heading_at_the_top_begins_at_the_left_right_below_the_thinking(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer="# Sum\n\nIt is 132.")), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Sum?")
        await shows(pilot, "It is 132.")
        rows = [row.rstrip() for row in screen_text(app).splitlines()]
        at = rows.index("  Sum")
        assert [rows[at - 2][:11], rows[at - 1], rows[at + 1]] == ["  ▸ Thought", "", ""]


async def test_no_word_of_a_table_is_cut_where_the_screen_is_narrow(home: Path) -> None:
    head, *cells = ("Algorithm", "Quicksort", "quadratically", "immeasurably")
    table = f"| {head} | at best | at worst |\n|---|---|---|\n| {' | '.join(cells)} |"
    app = scripted_app(ScriptedEngine(*pieces(answer=table)), home)
    async with app.run_test(size=(40, 24)) as pilot:
        await ask(pilot, "Table?")
        await shows(pilot, "┘")
        assert "…" not in screen_text(app)
        columns = [line.split("│")[1:-1] for line in screen_text(app).splitlines() if line.count("│") == 4]
        texts = ["".join(column).replace(" ", "") for column in zip(*columns, strict=True)]
        assert all(cell in text for cell, text in zip(cells, texts, strict=True))
