"""Keys: what they do in the chat, and how people write them."""

from __future__ import annotations

from textual.binding import Binding

from localr1.commands import COMMANDS

_NAMES = {"escape": "Esc", "pageup": "Page Up", "pagedown": "Page Down", "underscore": "_"}


def bindings() -> list[Binding]:
    """The keys of the chat screen."""
    return [
        Binding(command.key, command.action, command.does, priority=command.priority)
        for command in COMMANDS
        if command.key and command.action
    ]


def key_text(keys: str) -> str:
    """Keys as people write them: "ctrl+j,pageup" is "Ctrl+J, Page Up"; those with a space are written so."""
    if " " in keys or len(keys) == 1:
        return keys
    return ", ".join(
        "+".join(_NAMES.get(part, part.title()) for part in key.split("+")) for key in keys.split(",")
    )
