"""The texts in the folder phrases: sections under a heading `== name`, one phrase a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

FOLDER = Path(__file__).with_name("phrases")
HEADING = "== "


@cache
def read_sections(name: str) -> dict[str, list[str]]:
    """Return the phrases of a file by their section, in their order, empty lines left out."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(HEADING):
            lines = sections.setdefault(line.removeprefix(HEADING), [])
        elif line:
            lines.append(line)
    return sections


def choose(random: Random, name: str, section: str) -> str:
    """Return one phrase of a section."""
    return random.choice(read_sections(name)[section])
