"""`localr1 ask` on a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.terminal import localr1

SUM = "What is 47 + 85?"
ERASED = b"\r\x1b[K"
SLOW_TURN = """
import asyncio, sys, tty
from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, ThinkingDelta
from localr1.cli.output.plan import Terminals, make_plan
from localr1.cli.output.printer import Printer
from localr1.message import FinishReason
from localr1.sampling import Sampling

async def main():
    printer = Printer(make_plan(terminals=Terminals.find(), thinking="hide"), lambda: "Loading…")
    with printer.printing():
        printer.show(ThinkingDelta("hm", 340))
        await asyncio.to_thread(sys.stdin.readline)
        printer.show(AnswerDelta("One *block*.\\n\\nTwo\\n", tokens=350))
        await asyncio.to_thread(sys.stdin.readline)
        printer.show(AnswerDelta("blocks.", tokens=351))
        await asyncio.to_thread(sys.stdin.readline)
    printer.finish(
        Answer(text="", thinking="", finish_reason=FinishReason.STOP, model="", sha256=None,
               sampling=Sampling(), stats=None, chat=None)
    )

tty.setcbreak(0)
asyncio.run(main())
"""
"""A turn that goes on whenever Enter is pressed, which is not echoed."""
SLOW_WORK = """
import asyncio, sys, tty
from localr1.cli.output.live_line import live_line

async def main():
    with live_line(lambda: "Warming up…"):
        await asyncio.to_thread(sys.stdin.readline)
    print("done")

tty.setcbreak(0)
asyncio.run(main())
"""
"""Work that has ended when Enter is pressed, which is not echoed."""


def test_thinking_is_dim_and_the_answer_is_drawn_once_behind_it(home: Path) -> None:
    with localr1(home, "ask", SUM, temperature="0") as terminal:
        assert terminal.wait_for_end() == 0
    drawn = terminal.drawn
    assert drawn.count(b"= 132.") == 1
    assert b"\x1b[2m" in drawn[: drawn.index(b"= 132.")]


def test_hidden_thinking_is_a_line_that_goes_when_a_block_is_drawn_and_comes_back_below(home: Path) -> None:
    with localr1(home, program=SLOW_TURN) as terminal:
        terminal.wait_for("Thinking… 0 s · 340 tokens")
        terminal.type("\n")
        terminal.wait_for("block")
        terminal.wait_for("Answering… 350 tokens")
        terminal.type("\n")
        terminal.wait_for("Answering… 351 tokens")
        assert ERASED * 2 not in terminal.drawn  # text that is not drawn yet leaves the line alone
        terminal.type("\n")
        assert terminal.wait_for_end() == 0
    lines = [line.rpartition(ERASED)[2] for line in terminal.drawn.split(b"\r\n")]
    assert [line for line in lines if line] == [b"One \x1b[3mblock\x1b[0m.", b"Two blocks."]


def test_a_pipe_gets_the_bare_answer_while_the_line_is_on_the_terminal(home: Path) -> None:
    with localr1(home, "ask", SUM, pipe="stdout", temperature="0") as terminal:
        assert terminal.process.stdout
        assert terminal.process.stdout.read() == b"47 + 85 = 132.\n"
        assert terminal.wait_for_end() == 0
    assert b"132" not in terminal.drawn


def test_text_as_it_was_written_is_not_drawn(home: Path) -> None:
    with localr1(home, "ask", "--format", "text", "--thinking", "show", SUM, temperature="0") as terminal:
        assert terminal.wait_for_end() == 0
    assert terminal.drawn.endswith(b"\r\n47 + 85 = 132.\r\n")


def test_a_line_says_what_is_going_on_and_is_gone_afterwards(home: Path) -> None:
    with localr1(home, program=SLOW_WORK) as terminal:
        terminal.wait_for("Warming up…")
        terminal.type("\n")
        assert terminal.wait_for_end() == 0
    assert terminal.drawn.rpartition(ERASED)[2] == b"done\r\n"


@pytest.mark.parametrize(("command", "said"), [("list", "  qwen-1.5b"), ("recommend", "  localr1 pull")])
def test_what_is_said_of_models_stands_in_lines_that_fit_the_terminal(
    home: Path, command: str, said: str
) -> None:
    with localr1(home, "models", command) as terminal:
        assert terminal.wait_for_end() == 0
    lines = terminal.drawn.decode().splitlines()
    assert any(line.startswith(said) for line in lines)
    assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("command", [("ask", "--temperature", "0", SUM), ("models", "list")], ids=" ".join)
def test_a_terminal_that_only_prints_lines_gets_no_escapes(home: Path, command: tuple[str, ...]) -> None:
    with localr1(home, *command, term="dumb") as terminal:
        assert terminal.wait_for_end() == 0
    assert b"132" in terminal.drawn or b"nano" in terminal.drawn
    assert b"\x1b" not in terminal.drawn
