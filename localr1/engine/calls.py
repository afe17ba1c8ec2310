"""The first line that goes over a connection to a worker that is kept warm, and what it answers."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from localr1.engine.line import Line


class Attach(Line, frozen=True, tag="attach"):
    """Have the worker until the connection ends.

    `protocol.Ready` follows, or the end at once where somebody else has it.
    """

    keep_seconds: float = 0.0
    """How long it stays without a question from then on; 0 leaves that as it was."""
    forget: bool = False
    """What it has evaluated is forgotten when the connection ends."""


class Inquire(Line, frozen=True, tag="inquire"):
    """Tell how things stand; `Standing` follows, also while somebody has the worker."""


class End(Line, frozen=True, tag="end"):
    """End at once, whatever is being computed; the connection ends with the process."""


Call: TypeAlias = Attach | Inquire | End


class Standing(msgspec.Struct, frozen=True):
    """How things stand with a worker that is kept warm."""

    pid: int
    path: bytes
    """The file of the model that it holds; empty without one."""
    busy: bool
    """Somebody has it at the moment."""
    up_seconds: float
    left_seconds: float
    """Until it ends by itself, when nobody asks."""


CALL_LIMIT = 4096
"""Bytes of the longest of these lines."""

_encoder = msgspec.json.Encoder()
_calls = msgspec.json.Decoder(Call)
_standings = msgspec.json.Decoder(Standing)


def encode_call(line: Call | Standing) -> bytes:
    """One line, its newline included."""
    return _encoder.encode(line) + b"\n"


def decode_call(line: bytes) -> Call:
    """The call on a line; raises msgspec.DecodeError."""
    call: Call = _calls.decode(line)
    return call


def decode_standing(line: bytes) -> Standing:
    """The answer on a line; raises msgspec.DecodeError."""
    return _standings.decode(line)
