"""A chat as a value of its own: all of its tree, and nothing that only one database knows."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.message import FinishReason, Role, Stats, Vote


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the tree of a conversation."""

    id: int
    """Its number in the conversation, which is greater than that of its parent."""
    parent: int | None
    role: Role
    text: str
    created_at: float
    """Seconds since the epoch, UTC."""
    thinking: str = ""
    raw: str = ""
    model: str = ""
    finish_reason: FinishReason | None = None
    stats: Stats | None = None
    vote: Vote | None = None
    """Where it is one of several replies, of which most said the same; only with statistics."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat with all of its branches."""

    title: str
    created_at: float
    """Seconds since the epoch, UTC."""
    messages: tuple[Entry, ...]
    leaf: int | None = None
    """The message whose branch is shown; None where there is none."""
    model: str = ""
    """What answers from now on, by the name under which localr1 knows it; empty for the user's choice."""
    options: ChatOptions = NO_OPTIONS
    pinned: bool = False
    tags: tuple[str, ...] = ()
    origin: str = ""
    """Where it comes from, the same however often it is brought here: "chatgpt:0b5e…"; empty for nowhere."""
