"""What keys write that Textual takes for no text: the spaces and joiners of other scripts (pure)."""

from __future__ import annotations

from textual.events import Key

from localr1.safe_text import safe_text

CONTROLS = 0xA0
"""Below it lie control characters and what is printable anyway."""


def typed(event: Key) -> str:
    """The character that a key writes where Textual would drop it; empty for all others.

    Among them are the wide space of Japanese, the one that keeps two words together, and the joiners that
    Persian and the scripts of India are written with.
    """
    character = event.character or ""
    dropped = bool(character) and not character.isprintable() and ord(character[0]) >= CONTROLS
    return character if dropped and safe_text(character) == character else ""
