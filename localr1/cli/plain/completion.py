"""What a line that begins with a slash could become, for readline's Tab."""

from __future__ import annotations

from localr1.cli.plain.actions import COMMANDS
from localr1.commands import Choices
from localr1.errors import LocalR1Error
from localr1.library.library import Library


class Completion:
    """Completes the names of commands, and the models and other words that follow them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def candidates(self, line: str) -> list[str]:
        """All that this line could become, whole."""
        name, space, _ = line.partition(" ")
        command = COMMANDS.get(name.removeprefix("/"))
        if not line.startswith("/") or (space and command is None):
            return []
        if space and command:
            words = self._words(command.argument.choices if command.argument else ())
        else:
            words = [
                f"{command.slash} " if command.argument else command.slash
                for command in dict.fromkeys(COMMANDS.values())
            ]
        lines = [f"{name} {word}" if space else f"/{word}" for word in words]
        return [whole for whole in lines if whole.startswith(line)]

    def _words(self, choices: tuple[str, ...] | Choices) -> list[str]:
        match choices:
            case Choices.MODELS:
                try:
                    return [model.name for model in self._library.models()]
                except LocalR1Error:
                    return []
            case Choices():
                return []
            case words:
                return list(words)
