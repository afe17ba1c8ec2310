"""An answer drawn from its Markdown, for a terminal and for a pipe."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings

from localr1.chat.events import AnswerDelta, ThinkingDelta
from localr1.cli.output.choice import renderer_of
from localr1.cli.output.plan import Terminals, make_plan
from localr1.cli.output.renderers import Renderer
from tests.tui.test_safety import ANY_TEXT

NOWHERE = Terminals(stdout=False, stderr=False)
ANSWER = """# The sum

It is $n^2$, see [the proof](https://example.org/p).

1. First
1. Second

   with \\(\\frac{1}{2}\\)
1. Third

```python
def f():

    return "a line of code that is longer than the eighty columns that a pipe is given, and stays whole"
```

| n | sum |
|---|----:|
| 2 | 4 |

\\boxed{n^2}
"""
DRAWN = """The sum

It is n², see the proof (https://example.org/p).

 1 First
 2 Second
   with 1/2
 3 Third

  def f():

      return "a line of code that is longer than the eighty columns that a pipe is given, and stays whole"

 n  sum
 ──────
 2    4

▕n²▏
"""


def drawing(thinking: str = "hide") -> Renderer:
    return renderer_of(make_plan(terminals=NOWHERE, output_format="markdown", thinking=thinking))


def draw(*pieces: str) -> str:
    renderer = drawing()
    return "".join(renderer.show(AnswerDelta(piece)) for piece in pieces) + renderer.end()


def test_markdown_is_drawn_as_text_that_can_be_read_and_copied() -> None:
    assert draw(ANSWER) == DRAWN


@pytest.mark.parametrize("length", [1, 2, 7, 50])
def test_it_is_drawn_alike_in_whatever_pieces_it_comes(length: int) -> None:
    pieces = [ANSWER[start : start + length] for start in range(0, len(ANSWER), length)]
    assert draw(*pieces) == DRAWN


def test_a_block_is_drawn_once_and_before_the_next_one_ends() -> None:
    renderer = drawing()
    assert renderer.show(AnswerDelta("One.\n\nTwo")) == ""
    assert renderer.show(AnswerDelta(" is\n")) == "One.\n"
    assert renderer.show(AnswerDelta("longer.")) == ""
    assert renderer.end() == "\nTwo is longer.\n"


def test_thinking_that_is_asked_for_stands_before_the_drawing() -> None:
    renderer = drawing("show")
    written = renderer.show(ThinkingDelta("a *b*")) + renderer.show(AnswerDelta("*c*"))
    assert written + renderer.end() == "a *b*\n\nc\n"


def test_html_and_links_of_the_answer_stay_visible() -> None:
    assert draw("<b>x</b> https://example.org [y](https://example.org/z)") == (
        "<b>x</b> https://example.org y (https://example.org/z)\n"
    )


@given(ANY_TEXT)
@settings(max_examples=200)
def test_no_text_crashes_the_drawing_or_gives_orders_to_the_terminal(text: str) -> None:
    drawn = draw(text)
    assert {char for char in drawn if unicodedata.category(char) in ("Cc", "Cs")} <= {"\n"}


def test_a_plan_for_a_file_draws_nothing(tmp_path: Path) -> None:
    on_terminal = Terminals(stdout=True, stderr=True)
    renderer = renderer_of(make_plan(terminals=on_terminal, file=tmp_path / "answer.md"))
    assert renderer.show(AnswerDelta("*a*")) + renderer.end() == "*a*\n"


def test_text_that_is_nested_deeply_is_not_left_out_of_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    renderer = renderer_of(make_plan(terminals=Terminals(stdout=True, stderr=True), thinking="hide"))
    assert "word" in renderer.show(AnswerDelta("> " * 9 + "word")) + renderer.end()
