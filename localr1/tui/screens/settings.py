"""The settings: what each means, where its value comes from, and another one in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from localr1.about_setting import Effect
from localr1.config import TABLES
from localr1.errors import ConfigError
from localr1.library.library import Library
from localr1.settings import Origin, Settings
from localr1.tui.screens.themes import ThemesScreen
from localr1.tui.screens.values import ValuesScreen
from localr1.tui.settings.row import ValueRow, about_settings
from localr1.tui.settings.rows import checked, setting_rows
from localr1.tui.widgets.hints import Hint


class SettingsScreen(ValuesScreen[bool]):
    """Writes config.toml only when something is changed; true when the model shall be loaded again now."""

    TITLE = "Settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "back", "Back"),
        Binding("l", "load", "Load the model again"),
    ]

    def __init__(self, settings: Settings, library: Library) -> None:
        super().__init__()
        self._settings = settings
        self._library = library
        self._load_waits = False
        """Something was changed that is felt only when the model is loaded again."""

    def rows(self) -> Sequence[ValueRow]:
        """All settings."""
        return list(setting_rows(self._settings, self._library))

    def hints(self) -> Sequence[Hint]:
        """With the way to load the model where that is wanted."""
        load: Hint = ("l", "load the model with it now", "screen.load")
        return (
            ("Enter", "change", "screen.edit_marked"),
            ("x", "default", "screen.reset"),
            *((load,) if self._load_waits else ()),
            ("Esc", "back", "screen.back"),
        )

    async def edit(self, row: ValueRow) -> None:
        """Turn a yes to a no, let a theme be chosen by looking, and anything else be written."""
        if row.name in TABLES:
            raise ConfigError("This is a table of config.toml.", hint="Change it there; x empties it.")
        if row.name == "theme":
            await self._choose_theme()
        elif isinstance(getattr(self._settings.config, row.name), bool):
            await self.change(row.name, "false" if row.written == "true" else "true")
            self.show()
        else:
            await super().edit(row)

    async def change(self, name: str, text: str) -> None:
        """Write it into config.toml."""
        before = getattr(self._settings.config, name)
        self._settings.change(name, checked(name, text, self._library))
        if getattr(self._settings.config, name) == before:
            return
        if name == "theme":
            self.app.theme = self._settings.config.theme
        if about_settings()[name].effect is Effect.LOAD:
            self._load_waits = True

    def action_load(self) -> None:
        """Leave, and load the model again."""
        if self._load_waits:
            self.dismiss(True)

    def leave(self) -> None:
        """What was changed for the model is felt with the next question."""
        self.dismiss(False)

    async def _choose_theme(self) -> None:
        if theme := await self.app.push_screen_wait(ThemesScreen()):
            self._settings.change("theme", theme)
            if self._settings.config.theme != theme:
                self.notify(
                    f"{_holder(self._settings)} goes before it when localr1 starts again.", markup=False
                )
        self.show()


def _holder(settings: Settings) -> str:
    return "LOCALR1_THEME" if settings.origin("theme") is Origin.ENVIRONMENT else "The command line"
