"""Documents that are made from the program, and must say what it does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from localr1 import errors
from localr1.cli.exit_codes import EXIT_CODES
from localr1.cli.main import SIGPIPE_EXIT
from localr1.cli.signals import EXIT_CODES as SIGNALS

ROOT = Path(__file__).parents[2]
TIMEOUT = 60


def write(script: str, place: Path) -> None:
    """Let a script write into a place of the test."""
    command = [sys.executable, str(ROOT / "packaging" / script), str(place)]
    subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, timeout=TIMEOUT, check=True)


def test_the_manual_page_is_that_of_these_commands(tmp_path: Path) -> None:
    write("manual.py", tmp_path / "localr1.1")
    written = (ROOT / "docs" / "man" / "localr1.1").read_text()
    assert written == (tmp_path / "localr1.1").read_text(), "python packaging/manual.py writes it anew"


@pytest.mark.parametrize("name", ["answer", "batch", "bench", "chats", "events"])
def test_the_schemas_are_those_of_what_is_printed(name: str, tmp_path: Path) -> None:
    write("schemas.py", tmp_path)
    written = (ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text()
    assert written == (tmp_path / f"{name}.schema.json").read_text(), (
        "python packaging/schemas.py writes them anew"
    )


def test_the_table_of_exit_codes_is_that_of_the_program() -> None:
    rows = [f"| {each.code} | {each.meaning} | {each.printed} |" for each in EXIT_CODES]
    table = re.findall(r"^\| \d.*$", (ROOT / "docs" / "scripting.md").read_text(), re.MULTILINE)
    assert table == rows


def test_every_exit_code_is_in_the_table() -> None:
    raised = {kind.exit_code for kind in _kinds(errors.LocalR1Error)}
    assert raised | {*SIGNALS.values(), SIGPIPE_EXIT, 0} == {each.code for each in EXIT_CODES}


def _kinds(kind: type[errors.LocalR1Error]) -> list[type[errors.LocalR1Error]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _kinds(child))]
