"""Where other programs keep their models."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.paths import find_cache, find_home


@dataclass(frozen=True, slots=True)
class ForeignDirectories:
    """The likeliest place of each program first; most of them are not there."""

    ollama: tuple[Path, ...]
    lm_studio: tuple[Path, ...]
    """Its homes, each with a folder `models`."""
    lm_studio_pointer: Path
    """A file that names its home, where that was moved."""
    llama_cpp: tuple[Path, ...]
    hugging_face: tuple[Path, ...]


def foreign_directories(environ: Mapping[str, str] | None = None) -> ForeignDirectories:
    """As the variables of these programs say, and then where they look without any."""
    env = dict(os.environ) if environ is None else environ
    home = find_home(env)
    cache = find_cache(env, home)
    services = ("/usr/share/ollama/.ollama/models", "/var/lib/ollama/models", "/var/lib/ollama")
    hub = _named(env, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
    return ForeignDirectories(
        ollama=(*_named(env, "OLLAMA_MODELS"), home / ".ollama/models", *map(Path, services)),
        lm_studio=(home / ".lmstudio", home / ".cache/lm-studio"),
        lm_studio_pointer=home / ".lmstudio-home-pointer",
        llama_cpp=(*_named(env, "LLAMA_CACHE"), cache / "llama.cpp", home / "Library/Caches/llama.cpp"),
        hugging_face=(*hub, *(path / "hub" for path in _named(env, "HF_HOME")), cache / "huggingface/hub"),
    )


def _named(env: Mapping[str, str], *variables: str) -> tuple[Path, ...]:
    """The directories that variables name, with a tilde in front perhaps."""
    found = []
    for variable in variables:
        if value := env.get(variable):
            with suppress(RuntimeError):
                found.append(Path(value).expanduser().absolute())
    return tuple(found)
