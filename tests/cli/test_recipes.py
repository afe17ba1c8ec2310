"""The recipes of docs/scripting.md, run as they stand there, with the bundled model."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import COMMAND

DOCUMENT = Path(__file__).parents[2] / "docs" / "scripting.md"
RECIPES: dict[str, str] = dict(
    re.findall(
        r"^### ([^\n]+)\n\n```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
)
TIMEOUT = 100
FILES = {
    "server.log": "INFO all is well\nERROR 47 + 85 went wrong\nERROR no space left\n",
    "answers.csv": "47 + 85,132\n9 + 9,19\n",
    "report.txt": "Sales went up.\n",
    "questions.jsonl": '"What is 47 + 85?"\n{"prompt": "What is 12 + 30?", "id": "b"}\n',
    "notes/a.txt": "What is 1 + 1?\n",
    "notes/b b.txt": "What is 2 + 2?\n",
    "review.txt": "Review this $language, please:\n\n$input\n",
    "main.c": "int main(void) { return 0; }\n",
}

Check = Callable[[Path, str], bool]


def message(folder: Path, printed: str) -> bool:
    """The newest commit says what the model wrote."""
    return (
        _git(folder, "log", "-1", "--format=%B").strip() == (folder / "message.txt").read_text().strip() != ""
    )


def hook(folder: Path, printed: str) -> bool:
    """A commit without a message gets one of the model's."""
    _git(folder, "commit", "--quiet", env={"GIT_EDITOR": "true"})
    return bool(_git(folder, "log", "-1", "--format=%B").strip())


def titles(folder: Path, printed: str) -> bool:
    return all((folder / "notes" / f"{name}.title").read_text().strip() for name in ("a", "b b"))


CHECKS: dict[str, Check] = {
    "A yes or a no to act on": lambda folder, printed: printed in ("right\n", "wrong\n"),
    "A word about each line of a log": lambda folder, printed: (
        [word in ("urgent", "later") for word in printed.splitlines()] == [True, True]
    ),
    "A table of what texts say": lambda folder, printed: bool(re.fullmatch(r"1\t-?\d+\n2\t-?\d+\n", printed)),
    "Data for other programs": lambda folder, printed: printed == "int\n",
    "A file of questions": lambda folder, printed: printed == "47 + 85 = 132.\n12 + 30 = 42.\n",
    "An answer in a variable": lambda folder, printed: printed == "The model says: 47 + 85 = 132.\n",
    "A commit message": message,
    "A hook that proposes commit messages": hook,
    "Triage of log lines": lambda folder, printed: (
        [line.split("\t")[-1] for line in printed.splitlines()]
        == ["ERROR 47 + 85 went wrong", "ERROR no space left"]
    ),
    "Grading answers": lambda folder, printed: (
        printed.splitlines() == ["47 + 85: right", "9 + 9: wrong, 9 + 9 = 18."]
    ),
    "A rule of a Makefile": lambda folder, printed: bool((folder / "report.summary").read_text().strip()),
    "Two questions at a time": lambda folder, printed: (
        printed.splitlines() == [f"{number} + 1 = {number + 1}." for number in range(10, 16)]
    ),
    "Question after question, with one engine": lambda folder, printed: (
        printed.splitlines()[:3] == [f"{number} + 10 = {number + 10}." for number in (1, 2, 3)]
    ),
    "Something about every file": titles,
    "How fast was it?": lambda folder, printed: bool(re.fullmatch(r"[1-9]\d* tokens a second\n", printed)),
    "Watching a reply from another program": lambda folder, printed: printed.endswith("ended: stop\n"),
    "The answer that most of nine agree with": lambda folder, printed: (
        printed in ("4711 + 8512 = 13223.\n", "The model is not sure.\n")
    ),
    "The same answer again": lambda folder, printed: bool(printed.strip()),
    "More tokens when all went into thinking": lambda folder, printed: printed == "47 + 85 = 132.\n",
    "At most so many seconds": lambda folder, printed: printed == "47 + 85 = 132.\n",
    "A prompt that is used again and again": lambda folder, printed: bool(printed.strip()),
    "A result without the words around it": lambda folder, printed: printed == "no result in a box\n",
    "The code of an answer, and what the model thought": lambda folder, printed: (
        "no code" in printed and bool((folder / "why.txt").read_text())
    ),
    "The chats that are about something": lambda folder, printed: (
        len(json.loads((folder / "spiders.json").read_text())) == 1
    ),
    "A conversation": lambda folder, printed: "137" in printed,
}

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a staged change, and the files that the recipes are about."""
    folder = tmp_path / "work"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    _git(folder, "init", "--quiet")
    _git(folder, "add", "main.c")
    programs = folder / "bin"
    programs.mkdir()
    (programs / "localr1").write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    (programs / "localr1").chmod(0o700)
    return folder


def _git(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    environment = {**_environment(folder), **(env or {})}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, timeout=TIMEOUT, check=True
    )
    return done.stdout.decode()


def _environment(folder: Path) -> dict[str, str]:
    """With localr1 on the path, its answers always the same, and none of the developer's settings of Git."""
    who = {
        f"GIT_{role}_{what}": "me@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **who, **quiet, "PATH": path, "PYTHONPATH": str(DOCUMENT.parents[1])}


def test_every_recipe_has_a_check() -> None:
    assert {name for name in RECIPES if name != "Templates"} == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_recipe_works(name: str, folder: Path) -> None:
    if name == "A rule of a Makefile" and not shutil.which("make"):
        pytest.skip("there is no make")
    done = subprocess.run(
        ["sh", "-eu", "-c", RECIPES[name]],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert CHECKS[name](folder, done.stdout.decode()), (done.stdout.decode(), done.stderr.decode())
