"""The prompt of a command: its arguments, or standard input, made into text."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from localr1.errors import ContextError, UsageError
from localr1.text_file import decode_marked, looks_binary, with_newlines

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of standard input; more does not fit any context that a laptop can hold."""


def read_prompt(arguments: tuple[str, ...]) -> str:
    """The arguments joined by spaces, or else standard input; raises UsageError where there is no text."""
    if arguments:
        text = " ".join(arguments).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    else:
        text = _read_stdin()
    if not text.strip():
        raise UsageError("The prompt is empty.", hint='Ask something: localr1 ask "What is 47 + 85?"')
    return text


def _read_stdin() -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("There is no prompt, and standard input is closed.", hint='localr1 ask "…"')
    if sys.stdin.isatty():
        raise UsageError("There is no prompt.", hint='Ask something: localr1 ask "What is 47 + 85?"')
    return decode_text(_read_limited(sys.stdin.buffer))


def _read_limited(stream: BinaryIO) -> bytes:
    data = stream.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise ContextError("Standard input is longer than 4 MiB.", hint="Send a part of it.")
    return data


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
