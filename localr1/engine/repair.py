"""How to get llama.cpp's bindings anew, in the version that this localr1 was made for."""

from __future__ import annotations

from shlex import quote

BINDINGS = "llama-cpp-python"


def repair_advice() -> str:
    """What to type."""
    return f"Reinstall it: pip install --force-reinstall --no-cache-dir {quote(_requirement())}"


def _requirement() -> str:
    """The bindings as localr1's metadata require them; by their name alone where there are none."""
    from importlib.metadata import PackageNotFoundError, requires  # only what has failed needs it

    try:
        required = requires("localr1") or []
    except PackageNotFoundError:
        required = []
    return next((each.partition(";")[0].strip() for each in required if each.startswith(BINDINGS)), BINDINGS)
