"""The only place that names a directory; LOCALR1_HOME moves all of them."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import ConfigError
from localr1.here import Here

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Paths:
    """Where localr1 keeps things; nothing is created before it is needed."""

    config: Path
    data: Path
    cache: Path
    state: Path
    runtime: Path
    """Sockets of this user's processes; gone with the session, where the system sees to that."""

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def catalog_file(self) -> Path:
        """The user's own models, beside those that ship with localr1."""
        return self.config / "models.toml"

    @property
    def templates(self) -> Path:
        """The user's own prompts."""
        return self.config / "templates"

    @property
    def presets_file(self) -> Path:
        """The user's own presets, beside those that ship with localr1."""
        return self.config / "presets.toml"

    @property
    def database(self) -> Path:
        return self.data / "chats.db"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def paces_file(self) -> Path:
        """How fast models are with how many threads."""
        return self.cache / "paces.json"

    @property
    def machine_file(self) -> Path:
        """What was measured of this machine."""
        return self.cache / "machine.json"

    @property
    def saved_states(self) -> Path:
        """What was evaluated of chats: plain text in another form."""
        return self.cache / "states"

    @property
    def engine_log(self) -> Path:
        return self.state / "engine.log"


def find_paths(environ: dict[str, str] | None = None) -> Paths:
    """LOCALR1_HOME, or the XDG directories (on macOS Library's); raises ConfigError without any home."""
    env = dict(os.environ) if environ is None else environ
    if home := env.get("LOCALR1_HOME"):
        root = _expand(home)
        return Paths(
            config=root / "config",
            data=root / "data",
            cache=root / "cache",
            state=root / "state",
            runtime=root / "run",
        )
    return _platform_paths(env)


def find_here(environ: Mapping[str, str] | None = None) -> Here:
    """The directory that the program was started in; home where that is gone. Without a home it is `/`."""
    home = Path("/")
    with suppress(ConfigError):
        home = find_home(os.environ if environ is None else environ)
    try:
        return Here(Path.cwd(), home)
    except OSError:
        return Here(home, home)


def find_cache(env: Mapping[str, str], home: Path) -> Path:
    """Where programs of this user keep what they can do without."""
    value = env.get("XDG_CACHE_HOME", "")
    return Path(value) if Path(value).is_absolute() else home / ".cache"


def _runtime(env: Mapping[str, str], home: Path) -> Path:
    """Not every Linux has a directory of the session."""
    value = Path(env.get("XDG_RUNTIME_DIR", ""))
    return value / "localr1" if value.is_absolute() else find_cache(env, home) / "localr1" / "run"


def _platform_paths(env: dict[str, str]) -> Paths:
    home = find_home(env)
    if sys.platform == "darwin":
        support = home / "Library" / "Application Support" / "localr1"
        return Paths(
            config=support,
            data=support,
            cache=home / "Library/Caches/localr1",
            state=home / "Library/Logs/localr1",
            runtime=home / "Library/Caches/localr1/run",
        )
    return Paths(
        config=_xdg(env, "XDG_CONFIG_HOME", home / ".config"),
        data=_xdg(env, "XDG_DATA_HOME", home / ".local/share"),
        cache=_xdg(env, "XDG_CACHE_HOME", home / ".cache"),
        state=_xdg(env, "XDG_STATE_HOME", home / ".local/state"),
        runtime=_runtime(env, home),
    )


def _expand(home: str) -> Path:
    try:
        return Path(home).expanduser().absolute()
    except RuntimeError:
        raise ConfigError(
            f"LOCALR1_HOME is {home}, in a home directory that does not exist.", hint="Write the whole path."
        ) from None


def find_home(env: Mapping[str, str]) -> Path:
    """The user's home directory; raises ConfigError where there is none."""
    if home := env.get("HOME"):
        return Path(home).absolute()
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        raise ConfigError(
            "There is no home directory to keep chats in.", hint="Set LOCALR1_HOME to a directory of yours."
        ) from None


def _xdg(env: dict[str, str], name: str, default: Path) -> Path:
    """The XDG specification ignores relative values."""
    value = env.get(name, "")
    return (Path(value) if Path(value).is_absolute() else default) / "localr1"


def bundled(name: str) -> Path:
    """A file that ships inside the package."""
    return Path(__file__).parent / "data" / name


def make_private_directory(path: Path) -> None:
    """Create it and what is missing above it, readable by its owner only, whatever the umask says."""
    missing = [parent for parent in (path, *path.parents) if not parent.exists()]
    for directory in reversed(missing):
        directory.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
        directory.chmod(PRIVATE_DIRECTORY)
