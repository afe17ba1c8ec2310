"""The prompt of a command: its arguments, or standard input, made into text."""

from __future__ import annotations

import codecs
import sys
from typing import BinaryIO

import click

from localr1.errors import ContextError, UsageError

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of standard input; more does not fit any context that a laptop can hold."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _newlines(data[len(bom) :].decode(encoding, "replace"))
    if b"\0" in data or _share_of_controls(data) > 0.1:
        raise UsageError("Standard input is not text.", hint="A model reads text: convert the file first.")
    text = data.decode("utf-8", "replace")
    if "\ufffd" in text and "\ufffd".encode() not in data:
        click.echo("localr1: some bytes were not UTF-8 and were replaced.", err=True)
    return _newlines(text)


def _share_of_controls(data: bytes) -> float:
    """Share of control characters in the first bytes; text has hardly any besides white space and ESC."""
    head = data[:4096]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return controls / len(head) if head else 0.0


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n")
