"""What the user wrote, with the files that went with it folded."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from localr1.attachment import Attachment, unpack
from localr1.chat.room import estimate_tokens
from localr1.safe_text import safe_line, safe_text
from localr1.store.branches import Siblings
from localr1.tui.widgets.branch_mark import branch_mark
from localr1.wording import plural

SHOWN_CHARACTERS = 20_000


class UserMessage(Static):
    """A message of the user, as plain text."""

    def __init__(self, text: str, message_id: int | None = None) -> None:
        super().__init__()
        self.text = text
        self.message_id = message_id
        """None until the store is known to hold it."""
        files, self._question = unpack(text)
        self._heads = [_facts(file) for file in files]
        self._shown = [_shown(file.text) for file in files]
        self._unfolded: set[int] = set()
        self._siblings: Siblings | None = None
        self._draw()

    @property
    def has_files(self) -> bool:
        return bool(self._heads)

    def mark(self, siblings: Siblings | None) -> None:
        """Show which of several versions of the question this is."""
        self._siblings = siblings
        self._draw()

    def action_toggle_file(self, index: int) -> None:
        """Unfold a file, or fold it."""
        self._unfolded ^= {index}
        self._draw()

    def toggle_files(self) -> None:
        """Unfold all files, or fold them where one is unfolded."""
        self._unfolded = set() if self._unfolded else set(range(len(self._heads)))
        self._draw()

    def _draw(self) -> None:
        parts = [self._file(index) for index in range(len(self._heads))]
        if self._question:
            parts.append(Content(_shown(self._question)))
        if self._siblings:
            parts.append(branch_mark(self._siblings))
        self.update(Content("\n").join(parts))

    def _file(self, index: int) -> Content:
        unfolded = index in self._unfolded
        head = f"{'▾' if unfolded else '▸'} {self._heads[index]}"
        line = Content.styled(head, Style.from_meta({"@click": f"toggle_file({index})"}))
        return line + Content.styled(f"\n{self._shown[index]}", "$text-muted") if unfolded else line


def _facts(file: Attachment) -> str:
    return f"{safe_line(file.name)} · {plural(file.lines, 'line')} · {estimate_tokens(file.text).words}"


def _shown(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return safe_text(text)
    return f"{safe_text(text[:SHOWN_CHARACTERS])}\n… and {len(text) - SHOWN_CHARACTERS:,} characters more"
