"""What is advised where llama.cpp's bindings are broken."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from localr1.engine.failure import death_error

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_bindings_are_named_in_the_version_that_the_project_wants() -> None:
    wanted = re.search(r'"(llama-cpp-python[^"]*)"', PROJECT.read_text(encoding="utf-8"))
    assert wanted
    for code in (-signal.SIGILL, 1):
        assert death_error(code, "loading").hint.endswith(f" {wanted[1]}")
