"""An option that stands for a setting."""

from __future__ import annotations

import click


class SettingOption(click.Option):
    """Its help is what the setting of its name says of itself, read only when somebody asks for help."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        from localr1.about_setting import all_about
        from localr1.config import Config

        [self.help] = (about.summary for about in all_about(Config) if about.name == self.name)
        return super().get_help_record(ctx)
