"""What an empty chat shows."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from localr1.tui.wording import model_name

EXAMPLES = ("What is 47 + 85?", "How many r are in strawberry?")


class Welcome(Static):
    """The name, the promise, and how to begin."""

    def show(self, model: str) -> None:
        """Say which model will answer."""
        lines = [
            Content.styled("localr1", "bold $accent"),
            Content.styled("Everything stays on this machine.", "$foreground"),
            Content(""),
            Content.assemble("Ask ", (model_name(model), "bold"), " something:"),
            *(Content.styled(f"“{example}”", "italic") for example in EXAMPLES),
        ]
        self.update(Content("\n").join(lines))
