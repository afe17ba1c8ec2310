"""What kinds of files localr1 has or may have, where they lie, and what is in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from localr1.paths import Paths
from localr1.store.files import real_path


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one use."""

    name: str
    root: Path
    patterns: tuple[str, ...]
    """As `Path.match` reads them, relative to the root; the first kind that fits a file is its own."""
    holds: str

    @property
    def place(self) -> Path:
        """Where the first of them would lie."""
        return self.root / self.patterns[0]

    def has(self, path: Path) -> bool:
        """Whether a file is one of these."""
        return self.root in path.parents and any(
            path.relative_to(self.root).match(pattern) for pattern in self.patterns
        )

    def files(self) -> Iterator[Path]:
        """Those that are there."""
        for pattern in self.patterns:
            yield from self.root.glob(pattern)


def kinds(paths: Paths) -> tuple[Kind, ...]:
    """All of them."""
    return (*_settings(paths.config), *chats(paths), *_others(paths))


def chats(paths: Paths) -> tuple[Kind, ...]:
    """Those of the chats, which lie where a link leads that has been put in their place."""
    if not paths.database.is_symlink():
        return _chats(paths.data, paths.database.name)
    real = real_path(paths.database)
    link = Kind("link", paths.data, (paths.database.name,), "no chats, only where they lie")
    return (link, *_chats(real.parent, escape(real.name)))


def passing() -> Kind:
    """What lies in the system's directory for such files, and only for a moment."""
    return Kind(
        "open prompt",
        Path(tempfile.gettempdir()),
        ("localr1-*", "localr1-*/*"),
        "the prompt, while it is open in your editor",
    )


def _settings(config: Path) -> tuple[Kind, ...]:
    return (
        Kind("settings", config, ("config.toml", ".config.toml.*"), "what you have set"),
        Kind("catalog", config, ("models.toml",), "models that you have added"),
        Kind("presets", config, ("presets.toml", ".presets.toml.*"), "your presets, with instructions"),
        Kind("templates", config, ("templates/*",), "your own prompts"),
    )


def _chats(data: Path, name: str) -> tuple[Kind, ...]:
    return (
        Kind("chats", data, (name,), "chats, thinking, titles, tags, drafts and the index of the search"),
        Kind(
            "log of changes",
            data,
            (f"{name}-wal", f"{name}-journal", f"{name}-shm"),
            "the last changes of the chats",
        ),
        Kind("key", data, (f"{name}.key", f".{name}.key.*"), "the key of encrypted chats, sealed"),
        Kind("backups", data, (f"{name}.*.bak", f"{name}.*.bak-*"), "whole copies of the chats"),
        Kind("reserve", data, (f"{name}.reserve",), "random bytes: room to delete on a full disk"),
        Kind("unfinished", data, (f"{name}.copy*", f"{name}.*.new*"), "chats, while a copy is being made"),
        Kind("damaged", data, (f"{name}.damaged*",), "chats that you moved out of the way"),
    )


def _others(paths: Paths) -> tuple[Kind, ...]:
    machine, paces, log = paths.machine_file.name, paths.paces_file.name, paths.engine_log.name
    return (
        Kind("records", paths.models, ("records/*",), "where each model came from"),
        Kind("models", paths.models, ("*",), "models, no text of chats"),
        Kind("states", paths.saved_states, ("*",), "what was evaluated of chats: their text in another form"),
        Kind(
            "measurements",
            paths.cache,
            (machine, paces, f".{machine}.*", f".{paces}.*"),
            "how fast this machine is, and models on it",
        ),
        Kind("engine log", paths.state, (log,), "what llama.cpp printed, no text of chats"),
    )
