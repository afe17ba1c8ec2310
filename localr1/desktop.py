"""What the user sits at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a clipboard depends on."""

    wayland: bool = False
    x11: bool = False
    wsl: bool = False
    tmux: bool = False
    remote: bool = False
    """Reached over SSH: what lies on this machine's own clipboard is out of the user's reach."""
    programs: str = ""
    """Where programs are looked for, written as in PATH."""


def find_desktop(environ: Mapping[str, str] | None = None) -> Desktop:
    """As the variables say that displays, SSH and tmux set."""
    env = dict(os.environ) if environ is None else environ
    return Desktop(
        wayland=bool(env.get("WAYLAND_DISPLAY")),
        x11=bool(env.get("DISPLAY")),
        wsl=bool(env.get("WSL_DISTRO_NAME")),
        tmux=bool(env.get("TMUX")),
        remote=bool(env.get("SSH_CONNECTION")),
        programs=env.get("PATH", ""),
    )
