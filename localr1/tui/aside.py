"""What a turn may replace in a conversation: out of sight until it has ended."""

from __future__ import annotations

from collections.abc import Container, Sequence

from textual.widget import Widget

from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.user_message import UserMessage


class Aside:
    """Holds what stands at the end of a conversation and is hidden."""

    def __init__(self) -> None:
        self._widgets: Sequence[Widget] = ()

    def __contains__(self, widget: Widget) -> bool:
        return widget in self._widgets

    def put(self, widgets: Sequence[Widget]) -> None:
        """Hide these, in the place of what was held before."""
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.display = False

    def forget(self) -> None:
        """Hold nothing: another chat is shown."""
        self._widgets = ()

    async def settle(self, stay: Container[int | None]) -> None:
        """Show the messages again whose ids `stay`, and remove all else."""
        for widget in self._widgets:
            if isinstance(widget, UserMessage | AssistantMessage) and widget.message_id in stay:
                widget.display = True
            else:
                await widget.remove()
        self.forget()
