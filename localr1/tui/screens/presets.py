"""Presets: take one for this chat, keep this chat as one, remove one."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.chat_options import ChatOptions
from localr1.presets import NAME_LENGTH, Preset, Presets
from localr1.safe_text import safe_line
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.panel import Panel
from localr1.tui.screens.preset_name import PresetNameScreen
from localr1.tui.settings.chat_rows import NAMES
from localr1.tui.settings.row import words_for
from localr1.tui.widgets.hints import Hints


class PresetsScreen(Panel[Preset | None]):
    """Gives the preset that this chat shall be set to; None to leave it as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("s", "save", "Save this chat as a preset"),
        Binding("d,delete", "remove", "Remove"),
    ]

    _list = getters.query_one(OptionList)

    def __init__(self, presets: Presets, options: ChatOptions) -> None:
        super().__init__()
        self._presets = presets
        self._options = options
        self._shown: list[Preset] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(Content("Presets"), classes="title")
            yield OptionList(markup=False, compact=True)
            yield Hints(
                ("Enter", "use here", "screen.take"),
                ("Esc", "back", "screen.leave"),
                ("s", "save this chat as one", "screen.save"),
                ("d", "remove", "screen.remove"),
            )

    def on_mount(self) -> None:
        self._list.focus()
        self._refresh()

    def on_resize(self) -> None:
        self._refresh()

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Set the chat to the one that is marked."""
        self.dismiss(self._marked())

    def action_leave(self) -> None:
        """Leave the chat as it is."""
        self.dismiss(None)

    @work(group="change", exclusive=True)
    async def action_save(self) -> None:
        """Keep what this chat is set to under a name; asks for it."""
        if name := await self.app.push_screen_wait(PresetNameScreen()):
            with self.saying_errors():
                self._presets.save(name, self._options)
            self._refresh(name)

    @work(group="change", exclusive=True)
    async def action_remove(self) -> None:
        """Remove the one that is marked; asks first."""
        marked = self._marked()
        if marked is None:
            return
        if marked.bundled:
            self.notify("This one comes with localr1 and stays.", markup=False)
            return
        question = f"Remove the preset “{safe_line(marked.name)}”?"
        if await self.app.push_screen_wait(
            ConfirmScreen(question, "Chats keep what they took from it.", "remove it")
        ):
            with self.saying_errors():
                self._presets.remove(marked.name)
            self._refresh()

    def _marked(self) -> Preset | None:
        index = self._list.highlighted
        return None if index is None else self._shown[index]

    def _refresh(self, wanted: str = "") -> None:
        before = self._list.highlighted or 0
        with self.saying_errors():
            self._shown = self._presets.all()
        width = self._list.content_size.width or 60
        self._list.set_options(Option(_row(preset, width)) for preset in self._shown)
        names = [preset.name for preset in self._shown]
        self._list.highlighted = names.index(wanted) if wanted in names else min(before, len(names) - 1)


def _row(preset: Preset, width: int) -> Content:
    """The name, and what it sets."""
    options = preset.options
    values = [f"{name} {words_for(value)}" for name in NAMES if (value := getattr(options, name)) is not None]
    sets = " · ".join([*values, *([safe_line(options.instructions)] if options.instructions else [])])
    name = safe_line(preset.name)[:NAME_LENGTH].ljust(16)
    return Content.assemble((name, "bold"), ("  " + sets, "$text-muted")).truncate(width, ellipsis=True)
