"""The wish to copy a block of code."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class CodeWanted(Message):
    """The user wants to copy this code."""

    source: str
