"""Prints one turn: the output where it belongs, and beside it what people want to know meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import click

from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, Event, ThinkingDelta
from localr1.cli.output.choice import renderer_of
from localr1.cli.output.destination import Destination, OutputFile, StandardOutput
from localr1.cli.output.live_line import LiveLine
from localr1.cli.output.plan import FOR_PROGRAMS, Format, Plan, ThinkingPlace
from localr1.cli.output.stderr_thinking import StderrThinking
from localr1.cli.output.waiting import Waiting
from localr1.message import FinishReason
from localr1.safe_text import safe_line


class Printer:
    """Shows the events of a turn as its plan says; in a pipe the answer goes out exactly as it is."""

    def __init__(self, plan: Plan, loading: Callable[[], str]) -> None:
        """`loading` is what to say before anything has happened."""
        self._plan = plan
        self._renderer = renderer_of(plan)
        self._out: Destination = OutputFile(plan.file) if plan.file else StandardOutput()
        self._waiting = Waiting(loading)
        terminals = plan.terminals
        self._line = LiveLine(sys.stderr) if terminals.stderr and not terminals.dumb else None
        self._thinking = StderrThinking(plan.terminals.stderr)
        self._kept: list[str] = []
        self._answering = False

    @contextmanager
    def printing(self) -> Iterator[None]:
        """A turn is printed in this block; one that breaks off leaves what was printed in good order."""
        following = self._line.following(self._waiting.text) if self._line else nullcontext()
        with following:
            try:
                yield
            except BrokenPipeError:
                raise
            except BaseException:
                if self._plan.stream:
                    self._end()
                raise

    def show(self, event: Event) -> None:
        """Print what a settled event adds."""
        self._waiting.see(event)
        match event:
            case ThinkingDelta(text) if self._plan.thinking is ThinkingPlace.STDERR:
                self._make_room(text)
                self._thinking.put(text)
            case AnswerDelta() if self._plan.stream and not self._answering:
                self._answering = True
                self._begin_answer()
        self._put(self._renderer.show(event))

    def note(self, text: str) -> None:
        """One line to the user, beside the answer."""
        self._make_room("\n")
        click.echo(f"localr1: {safe_line(text)}", err=True)

    def finish(self, answer: Answer) -> None:
        """Print the rest; raises NoPartError, or what kept something from being written.

        What is not streamed is left out where the reply was stopped, except for programs, whom it is told.
        """
        self._end()
        if self._plan.thinking_file:
            thinking = OutputFile(self._plan.thinking_file)
            thinking.put(answer.thinking)
            thinking.close()
        told = self._plan.format in FOR_PROGRAMS and self._plan.file is None
        wanted = told or answer.finish_reason is not FinishReason.CANCELLED
        if wanted:
            self._put(self._renderer.finish(answer))
        if wanted or self._plan.stream:
            self._out.put("".join(self._kept))
            self._out.close()

    def _begin_answer(self) -> None:
        self._make_room("\n")
        self._thinking.end()
        if self._line and self._plan.format is Format.TEXT:
            self._line.stop()

    def _end(self) -> None:
        self._put(self._renderer.end())
        self._thinking.end()

    def _put(self, text: str) -> None:
        if not text:
            return
        if not self._plan.stream:
            self._kept.append(text)
            return
        if self._plan.on_terminal:
            self._make_room(text)
        self._out.put(text)

    def _make_room(self, text: str) -> None:
        """Let the live line keep away from a text; it comes back when that has ended its line."""
        if self._line:
            self._line.clear(unfinished=not text.endswith("\n"))
