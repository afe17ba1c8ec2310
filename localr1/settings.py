"""The settings in force: where each comes from, and how it is changed while localr1 runs.

What writes config.toml is imported when something is written: most commands only read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial
from pathlib import Path

from localr1.config import Config
from localr1.config_sources import read_layers, read_value
from localr1.sampling import SamplingChoice


class Origin(Enum):
    """Where a value comes from."""

    COMMAND_LINE = "the command line"
    ENVIRONMENT = "the environment"
    FILE = "config.toml"
    DEFAULT = "default"


class Settings:
    """Reads them once, and again when one is changed in config.toml; raises ConfigError as `load_config`."""

    def __init__(
        self,
        file: Path,
        environ: Mapping[str, str] | None = None,
        overrides: Mapping[str, object] | None = None,
    ) -> None:
        self._file = file
        self._read = partial(read_layers, file, environ, overrides)
        self._look()

    @property
    def config(self) -> Config:
        """All values in force; another one after a change."""
        return self._config

    def origin(self, name: str) -> Origin:
        """Where the value of a setting comes from."""
        layers = self._layers
        places = {
            Origin.COMMAND_LINE: layers.command_line,
            Origin.ENVIRONMENT: layers.environment,
            Origin.FILE: layers.file,
        }
        return next((origin for origin, values in places.items() if name in values), Origin.DEFAULT)

    def is_held(self, name: str) -> bool:
        """The value comes from where config.toml can't change it in this run."""
        return self.origin(name) in (Origin.COMMAND_LINE, Origin.ENVIRONMENT)

    def in_file(self, name: str) -> object:
        """What config.toml says, be it in force or not; None where it says nothing."""
        return self._layers.file.get(name)

    def change(self, name: str, text: str) -> None:
        """Write a setting into config.toml; an empty text is the default.

        Raises ConfigError, with nothing changed, for what can't be used.
        """
        from localr1.config_file import set_setting, unset_setting

        value = read_value(name, text) if text else None
        if value is None:
            unset_setting(self._file, name)
        else:
            set_setting(self._file, name, value)
        self._look()

    def keep_sampling(self, model: str, sampling: SamplingChoice) -> None:
        """Remember in config.toml how a model shall be drawn from; raises as `change`."""
        from localr1.config_file import set_sampling

        set_sampling(self._file, model, sampling)
        self._look()

    def keep_chat_template(self, model: str, template: str) -> None:
        """Remember the chat template of a model in config.toml; raises as `change`."""
        from localr1.config_file import set_chat_template

        set_chat_template(self._file, model, template)
        self._look()

    def _look(self) -> None:
        self._layers = self._read()
        self._config = self._layers.config()
