"""The theme that the app wears: the one of the settings, until the user takes another."""

from __future__ import annotations

from textual.app import App

from localr1.errors import ConfigError
from localr1.safe_text import safe_line
from localr1.settings import Settings
from localr1.tui.themes import OWN_THEMES
from localr1.tui.widgets.status import Status


class WornTheme:
    """Has the app wear a theme, and keeps which one in the settings."""

    def __init__(self, app: App[None], settings: Settings) -> None:
        """Raises ConfigError for a theme of the settings that there is not."""
        self._app = app
        self._settings = settings
        for own in OWN_THEMES:
            app.register_theme(own)
        theme = settings.config.theme
        if theme not in app.available_themes:
            themes = ", ".join(app.available_themes)
            raise ConfigError(f"There is no theme {theme!r}.", hint=f"Choose one of {themes}.")
        app.theme = theme

    def change(self, name: str, status: Status) -> None:
        """Wear another theme, in later runs too; the status says where that can't be."""
        if name not in self._app.available_themes:
            status.flash(f"there is no theme {safe_line(name)}")
            return
        self._app.theme = name
        with status.saying_errors():
            self._settings.change("theme", name)
