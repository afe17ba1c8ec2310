"""What goes to standard output and to standard error, on a terminal and in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from localr1.chat.session import ChatSession
from localr1.cli.live_line import LiveLine
from localr1.safe_text import safe_text


class Printer:
    """Prints one reply; in a pipe the bytes of the answer go out exactly as they are."""

    def __init__(self, thinking: str) -> None:
        self._to_terminal = sys.stdout.isatty()
        on_terminal = self._to_terminal and sys.stderr.isatty()
        self._shows_thinking = thinking == "show" or (thinking == "auto" and on_terminal)
        self._line = LiveLine(sys.stderr) if sys.stderr.isatty() else None
        self._thought = ""
        self._held: list[str] = []
        self._answered = ""
        self._failure: OSError | None = None

    @contextmanager
    def live_line(self, session: ChatSession) -> Iterator[None]:
        """Show on a terminal what is being waited for, until something is printed."""
        if self._line is None:
            yield
            return
        with self._line.following(lambda: _loading(session)):
            yield

    def prompt_progress(self, done: int, total: int) -> None:
        if self._line:
            self._line.show(f"Reading the prompt… {done:,} of {total:,} tokens")

    def thinking(self, text: str) -> None:
        if self._shows_thinking:
            self._clear_line()
            click.echo(click.style(safe_text(text), dim=True), nl=False, err=True)
            self._thought = text or self._thought

    def answer(self, text: str, settled: bool) -> None:
        """Print more of the answer; text that may still turn out to be thinking waits."""
        if not settled:
            self._held.append(text)
            return
        self._write("".join(self._held) + text)
        self._held.clear()

    def answer_was_thinking(self) -> None:
        held, self._held = "".join(self._held), []
        self.thinking(held)

    def note(self, text: str) -> None:
        """One line to the user, beside the answer."""
        self._clear_line()
        click.echo(f"localr1: {text}", err=True)

    def finish(self) -> None:
        """Print what waited and end the last line; raises the OSError that kept the answer from it."""
        self._clear_line()
        self._write("".join(self._held))
        if self._answered:
            self._put("" if self._answered.endswith("\n") else "\n")
        else:
            self._end_thinking()
        if self._failure:
            raise self._failure

    def _write(self, text: str) -> None:
        if text:
            self._clear_line()
            self._end_thinking()
            self._put(safe_text(text) if self._to_terminal else text)
            self._answered = text

    def _put(self, text: str) -> None:
        """Write to standard output; a full disk is told at the end: the history can still take the answer."""
        if self._failure:
            return
        try:
            sys.stdout.buffer.write(text.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._failure = error

    def _end_thinking(self) -> None:
        """An empty line between thinking and answer."""
        if self._thought:
            click.echo("\n" if not self._thought.endswith("\n") else "", err=True)
            self._thought = ""

    def _clear_line(self) -> None:
        if self._line:
            self._line.stop()


def _loading(session: ChatSession) -> str:
    share = session.load_share
    return f"Loading {session.model.name}…" + (f" {share:.0%}" if share else "")
