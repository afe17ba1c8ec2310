"""What a reader finds in another program's file."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation."""

    conversation: Conversation
    left_out: int = 0
    """Pictures, files and calls of tools, of which only the names are kept."""
    where: str = ""
    """In which file, and which of its chats it is."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that should be a conversation, and why it is none, in a sentence."""

    where: str
    reason: str
