"""The wheel, installed where nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TIMEOUT = 900
"""Seconds; pip compiles llama.cpp when it has no build of it left."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository."""
    directory = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(directory), str(ROOT))
    return next(directory.glob("*.whl"))


def test_the_wheel_carries_the_catalog_the_model_and_the_manual(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"localr1/data/models.toml", "localr1/data/nano.gguf", "localr1/tui/app.tcss"} <= set(names)
    assert [name for name in names if name.endswith("/share/man/man1/localr1.1")]
    assert [name for name in names if name.startswith(("tests", "packaging"))] == []


@pytest.mark.timeout(TIMEOUT)
def test_a_clean_environment_answers_from_another_directory(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    _run(str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = _run(
        str(environment / "bin" / "localr1"), "ask", "--temperature", "0", "What is 47 + 85?", cwd=elsewhere
    )
    assert answer == "47 + 85 = 132.\n"
    assert list(elsewhere.iterdir()) == []


def _run(*command: str, cwd: Path | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LOCALR1", "PYTHON"))}
    home = {"LOCALR1_HOME": str(cwd.parent / "home")} if cwd else {}
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=cwd,
        env={**env, **home},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
