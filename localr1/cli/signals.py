"""The signals that end a command, and the exit code that each stands for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from localr1.cli.streams import forget_stdout
from localr1.errors import StoppedError

if TYPE_CHECKING:
    import asyncio
    from sys import UnraisableHookArgs

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
AGAIN = 0.05
"""Seconds after which a signal comes once more that met a finalizer."""
UNHEARD = 2.0
"""Seconds; a loop that does nothing for so long waits for somebody to read what it writes."""
Handler: TypeAlias = Callable[[int, FrameType | None], object]


@contextmanager
def handling(handler: Handler) -> Iterator[None]:
    """Let a handler have the signals during the block; those that nohup or a shell has us ignore stay so."""
    before = {number: signal.getsignal(number) for number in EXIT_CODES}
    heard = {number: each for number, each in before.items() if each not in (signal.SIG_IGN, None)}
    try:
        for number in heard:
            signal.signal(number, handler)
        yield
    finally:
        for number, each in heard.items():
            signal.signal(number, each)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a signal end the block wherever it meets the program, by what `interruption` gives.

    One that meets a finalizer, where Python drops what is raised, comes once more.
    """
    before, sys.unraisablehook = sys.unraisablehook, _come_again
    try:
        with handling(_end):
            yield
    finally:
        relent()
        sys.unraisablehook = before


@contextmanager
def late_signals() -> Iterator[None]:
    """Let a block that ends soon do so before a signal ends the program; a third one ends it at once."""
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 2:
            raise interruption(number)

    with handling(hear):
        yield
    if heard:
        raise interruption(heard[0])


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let a signal raise StoppedError in the block, so that whatever it drew or began is taken back."""
    with handling(_stop):
        yield


def insist(number: int, loop: asyncio.AbstractEventLoop) -> None:
    """Let a signal end the program once its loop does nothing for so long, until `relent`."""
    alive: list[bool] = []

    def look(alarm: int, frame: FrameType | None) -> None:
        if not alive:
            forget_stdout()
            raise interruption(number)
        alive.clear()
        ask()

    def ask() -> None:
        loop.call_soon_threadsafe(alive.append, True)
        signal.setitimer(signal.ITIMER_REAL, UNHEARD)

    signal.signal(signal.SIGALRM, look)
    ask()


def relent() -> None:
    """What a signal asked for has come about."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def interruption(number: int) -> BaseException:
    """What ends a command that a signal has met: no error, as there is nothing to tell."""
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(EXIT_CODES[signal.Signals(number)])


def _end(number: int, frame: FrameType | None) -> None:
    raise interruption(number)


def _stop(number: int, frame: FrameType | None) -> None:
    raise StoppedError("Stopped.", exit_code=EXIT_CODES[signal.Signals(number)])


def _come_again(dropped: UnraisableHookArgs) -> None:
    """Have the signal that raised this raise it in another place; what no signal raised is shown."""
    match dropped.exc_value:
        case KeyboardInterrupt():
            code: object = EXIT_CODES[signal.SIGINT]
        case SystemExit(code=code) | StoppedError(exit_code=code):
            pass
        case _:
            code = None
    numbers = [number for number, each in EXIT_CODES.items() if each == code]
    if not numbers:
        sys.__unraisablehook__(dropped)
        return
    signal.signal(signal.SIGALRM, partial(_raise, numbers[0]))
    signal.setitimer(signal.ITIMER_REAL, AGAIN)


def _raise(number: signal.Signals, alarm: int, frame: FrameType | None) -> None:
    signal.raise_signal(number)
