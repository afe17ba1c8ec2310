"""The formats of an answer, and what a plan makes of the options."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, PromptProgress, ThinkingDelta
from localr1.cli.output.choice import renderer_of
from localr1.cli.output.plan import Format, Part, Plan, Terminals, ThinkingPlace, make_plan
from localr1.cli.output.waiting import Waiting
from localr1.errors import NoPartError
from localr1.message import FinishReason
from localr1.sampling import Sampling, with_seed

PIPE = Terminals(stdout=False, stderr=False)
TERMINAL = Terminals(stdout=True, stderr=True)
CODE = "First\n\n```sh\necho 1\n```\n\nthen\n\n~~~python\nif x:\n\tprint('\x1b[2J')\n\n~~~\nDone."


def answer(text: str) -> Answer:
    return Answer(
        text=text,
        thinking="",
        finish_reason=FinishReason.STOP,
        model="nano",
        sha256=None,
        sampling=Sampling(),
        stats=None,
        chat=None,
    )


def part(which: Part, text: str, terminals: Terminals = PIPE) -> str:
    return renderer_of(make_plan(terminals=terminals, part=which)).finish(answer(text))


def test_the_last_code_is_printed_as_it_was_written() -> None:
    assert part(Part.LAST_CODE, CODE) == "if x:\n\tprint('\x1b[2J')\n\n"


def test_a_terminal_gets_no_orders_from_code() -> None:
    assert part(Part.LAST_CODE, CODE, TERMINAL) == "if x:\n\tprint('␛[2J')\n\n"


def test_the_last_box_is_printed_on_a_line_of_its_own() -> None:
    assert part(Part.BOXED, "So \\boxed{\\frac{1}{2}}.") == "\\frac{1}{2}\n"


def test_a_part_that_is_not_there_is_an_error_and_none_of_no_answer() -> None:
    with pytest.raises(NoPartError):
        part(Part.BOXED, "132")
    assert part(Part.BOXED, "") == ""


def chosen(plan: Plan) -> tuple[Format, ThinkingPlace]:
    return plan.format, plan.thinking


def test_people_see_the_thinking_and_a_drawn_answer_and_programs_the_answer_as_it_is() -> None:
    assert chosen(make_plan(terminals=TERMINAL)) == (Format.MARKDOWN, ThinkingPlace.STDERR)
    assert chosen(make_plan(terminals=PIPE)) == (Format.TEXT, ThinkingPlace.HIDE)
    assert chosen(make_plan(terminals=PIPE, output_format="json")) == (Format.JSON, ThinkingPlace.SHOW)


def test_thinking_is_not_mixed_into_what_is_printed_at_the_end_or_elsewhere(tmp_path: Path) -> None:
    for plan in (
        make_plan(terminals=TERMINAL, stream=False),
        make_plan(terminals=TERMINAL, file=tmp_path / "x"),
        make_plan(terminals=TERMINAL, part=Part.BOXED),
        make_plan(terminals=Terminals(stdout=True, stderr=False)),
        make_plan(terminals=Terminals(stdout=False, stderr=True)),
    ):
        assert plan.thinking is ThinkingPlace.HIDE


def test_a_seed_is_drawn_anew_where_none_was_asked_for() -> None:
    assert with_seed(Sampling(seed=7)).seed == 7
    assert len({with_seed(Sampling()).seed for _ in range(20)}) > 10


def test_the_live_line_says_what_is_going_on() -> None:
    seconds = iter((10.0, 22.0))
    waiting = Waiting(lambda: "Loading nano…", clock=lambda: next(seconds))
    assert waiting.text() == "Loading nano…"
    waiting.see(PromptProgress(1024, 4096))
    assert waiting.text() == "Reading the prompt… 1,024 of 4,096 tokens"
    waiting.see(ThinkingDelta("hm", tokens=1340))
    assert waiting.text() == "Thinking… 12 s · 1,340 tokens"
    waiting.see(AnswerDelta("so", tokens=1400))
    assert waiting.text() == "Answering… 1,400 tokens"
