"""The prompt of a command: standard input and its arguments, made into text."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Sequence

import click

from localr1.errors import ContextError, UsageError
from localr1.text_file import decode_marked, looks_binary, with_newlines

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of standard input; more does not fit any context that a laptop can hold."""
_BLOCK = 64 * 1024
PATIENCE = 2.0
"""Seconds without anything on standard input after which it is said that it is waited for."""


def read_prompt(arguments: Sequence[str]) -> str:
    """What standard input brings, then the arguments; raises UsageError where neither is any text.

    The text to work on stands first and the question last, as models read long texts best. A dash alone
    asks for standard input and nothing else.
    """
    if tuple(arguments) == ("-",):
        arguments = ()
    parts = (_read_beside() if arguments else read_stdin(), argument_text(arguments))
    text = "\n\n".join(part.rstrip("\n") for part in parts if part.strip())
    if not text:
        raise UsageError("The prompt is empty.", hint='Ask something: localr1 ask "What is 47 + 85?"')
    return text


def argument_text(arguments: Sequence[str]) -> str:
    """The arguments, joined by spaces."""
    return " ".join(arguments).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_stdin() -> str:
    """All of standard input as text; raises UsageError where there is none to read."""
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("There is no prompt, and standard input is closed.", hint='localr1 ask "…"')
    if sys.stdin.isatty():
        raise UsageError("There is no prompt.", hint='Ask something: localr1 ask "What is 47 + 85?"')
    say_if_waiting()
    return decode_text(_read_limited(sys.stdin.fileno()))


def say_if_waiting(awaited: str = "the end of standard input", descriptor: int | None = None) -> None:
    """Say what is waited for, once nothing has come for a while on standard input or another descriptor."""
    source = sys.stdin if descriptor is None else descriptor
    readable, _, _ = select.select([source], [], [], PATIENCE)
    if not readable:
        click.echo(f"localr1: waiting for {awaited}.", err=True)


def _read_beside() -> str:
    """What is sent along with arguments: by a pipe, a socket or a file, not by a terminal or a device."""
    if sys.stdin is None or sys.stdin.closed or stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode):
        return ""
    say_if_waiting("the end of standard input; </dev/null leaves it out")
    return decode_text(_read_limited(sys.stdin.fileno()))


def _read_limited(descriptor: int) -> bytes:
    """All that comes; not by Python's buffer, which a thread that is left behind would keep locked."""
    data = bytearray()
    while len(data) <= SIZE_LIMIT and (block := os.read(descriptor, _BLOCK)):
        data += block
    if len(data) > SIZE_LIMIT:
        raise ContextError("Standard input is longer than 4 MiB.", hint="Send a part of it.")
    return bytes(data)


def decode_text(data: bytes) -> str:
    """UTF-8, or UTF-16 with its mark; a few bad bytes become U+FFFD with a warning, no text is refused."""
    if marked := decode_marked(data):
        return marked.text
    if looks_binary(data):
        raise UsageError("Standard input is not text.", hint="A model reads text: convert the file first.")
    text = data.decode("utf-8", "replace")
    if "\ufffd" in text and "\ufffd".encode() not in data:
        click.echo("localr1: some bytes were not UTF-8 and were replaced.", err=True)
    return with_newlines(text)
