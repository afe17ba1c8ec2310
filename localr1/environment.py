"""What the environment says beside settings."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from localr1.errors import ConfigError


def hub_token(environ: Mapping[str, str] | None = None) -> str:
    """What HF_TOKEN holds, for whoever was told to send it; empty where it is not set."""
    return (os.environ if environ is None else environ).get("HF_TOKEN", "")


def dumb_terminal(environ: Mapping[str, str] | None = None) -> str | None:
    """What TERM calls a terminal that can't move its cursor, "" among it; None for all others."""
    term = (os.environ if environ is None else environ).get("TERM", "")
    return term if term in ("", "dumb", "unknown") else None


def find_editor(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The user's editor and its arguments, as VISUAL or EDITOR say; raises ConfigError where neither does."""
    env = os.environ if environ is None else environ
    for variable in ("VISUAL", "EDITOR"):
        if value := env.get(variable, "").strip():
            try:
                return tuple(shlex.split(value))
            except ValueError:
                raise ConfigError(f"{variable} has a quote that does not end.") from None
    raise ConfigError("No editor is set: export EDITOR=nano, for example")
