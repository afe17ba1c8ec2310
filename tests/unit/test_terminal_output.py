"""What is on its way to a terminal: in its order, whole, and without keeping anybody waiting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from localr1.tui.terminal_output import FAR, TerminalOutput

WAIT_SECONDS = 30.0
FRAMES = "".join(f"frame {number}\n" for number in range(FAR // 8))
"""More than a terminal can be behind."""


@contextmanager
def terminal(caught_up: Event) -> Iterator[tuple[int, TerminalOutput]]:
    """Where a terminal reads, and what is written to it."""
    reading, writing = os.pipe()
    output = TerminalOutput(writing, caught_up.set)
    try:
        yield reading, output
    finally:
        os.close(reading)
        output.end(WAIT_SECONDS)
        os.close(writing)


def read(descriptor: int, size: int) -> str:
    data = b""
    while len(data) < size:
        data += os.read(descriptor, size - len(data))
    return data.decode()


def test_a_terminal_that_reads_nothing_keeps_nobody_waiting_and_gets_no_more_frames() -> None:
    with terminal(Event()) as (_, output):
        assert output.takes_frame()
        output.write(FRAMES)
        assert not output.takes_frame()
        output.end(0)


def test_all_comes_in_its_order_and_frames_are_drawn_again_once_it_has_been_read() -> None:
    caught_up = Event()
    with terminal(caught_up) as (reading, output):
        output.write(FRAMES)
        assert not output.takes_frame()
        output.write("the end")
        assert read(reading, len(FRAMES) + 7) == f"{FRAMES}the end"
        assert caught_up.wait(WAIT_SECONDS)
        assert output.takes_frame()


def test_who_keeps_up_is_never_told_to_draw_anew() -> None:
    caught_up = Event()
    with terminal(caught_up) as (reading, output):
        assert output.takes_frame()
        output.write("a frame")
        assert read(reading, 7) == "a frame"
        output.end(WAIT_SECONDS)
    assert not caught_up.is_set()


def test_what_waits_at_the_end_is_still_written() -> None:
    with terminal(Event()) as (reading, output):
        output.write("farewell")
        output.end(WAIT_SECONDS)
        assert read(reading, 8) == "farewell"


def test_a_terminal_that_is_gone_gets_nothing_and_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    output = TerminalOutput(writing, Event().set)
    output.write(FRAMES)
    output.end(WAIT_SECONDS)
    output.write("more")
    assert output.takes_frame()
    os.close(writing)
