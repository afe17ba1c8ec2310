"""What an empty chat shows."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widgets import Static

from localr1.tui.widgets.hints import hint_content
from localr1.wording import model_name

EXAMPLES = ("What is 47 + 85?", "How many r are in strawberry?")
TEMPORARY = "A temporary chat: never on the disk, gone when you leave it."


class Welcome(Static):
    """The name, the promise, and how to begin."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key"}
    _temporary = False

    def show(self, model: str, *, only_bundled: bool = False, temporary: bool = False) -> None:
        """Say which model will answer, and how to get a real one where there is `only_bundled` one."""
        self._temporary = temporary
        promise = TEMPORARY if temporary else "Everything stays on this machine."
        lines = [
            Content.styled("localr1", "bold $text-accent"),
            Content.styled(promise, "$foreground"),
            Content(""),
            Content.assemble("Ask ", (model_name(model), "bold"), " something:"),
            *(Content.styled(f"“{example}”", "italic") for example in EXAMPLES),
        ]
        if only_bundled:
            toy = Content(f"{model_name(model)} is a toy that shows how this works.")
            lines += [Content(""), toy, hint_content("^L", "chooses a real model", "screen.models")]
        self.update(Content("\n").join(lines))

    def change_model(self, model: str) -> None:
        """Another model will answer; that a chat is temporary stays true."""
        self.show(model, temporary=self._temporary)
