"""An area to write in, in which the cursor stands between characters as people see them."""

from __future__ import annotations

from textual.document._document import Location
from textual.events import Key
from textual.widgets import TextArea

from localr1.tui.graphemes import begins, has_marks, left_of, right_of
from localr1.tui.typed import typed


class Writing(TextArea):
    """No key leads into the middle of a letter with marks or of an emoji, and none leaves half of one."""

    async def on_key(self, event: Key) -> None:
        """Take what Textual would drop."""
        if text := typed(event):
            event.stop()
            event.prevent_default()
            self.write(text)

    def write(self, text: str) -> None:
        """Write at the cursor, in place of what is marked."""
        self.replace(text, *self.selection, maintain_selection_offset=False)

    def clamp_visitable(self, location: Location) -> Location:
        """The place itself, or where the character around it begins."""
        row, column = super().clamp_visitable(location)
        line = self.document.get_line(row)
        return row, column if begins(line, column) else left_of(line, column)

    def get_cursor_left_location(self) -> Location:
        """Before the character on the left."""
        row, column = self.cursor_location
        if not column:
            return super().get_cursor_left_location()
        return row, left_of(self.document.get_line(row), column)

    def get_cursor_right_location(self) -> Location:
        """Behind the character on the right."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        return (row, right_of(line, column)) if column < len(line) else super().get_cursor_right_location()

    def action_delete_left(self) -> None:
        """Delete what is marked, or the character on the left; of a letter with marks the last mark alone."""
        row, column = self.cursor_location
        if self.selection.is_empty and has_marks(self.document.get_line(row), column):
            self.delete((row, column - 1), (row, column))
        else:
            super().action_delete_left()
