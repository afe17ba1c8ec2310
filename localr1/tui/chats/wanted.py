"""What the user wants to see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be on the screen: a chat, at one of its messages perhaps, or a new one."""

    chat_id: int | None = None
    message_id: int | None = None
    temporary: bool = False
    """Of a new chat nothing shall ever be on the disk."""
