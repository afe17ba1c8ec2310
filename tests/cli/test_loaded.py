"""What a command imports: each module is paid for at every start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.program import TIMEOUT, text

HEAVY = frozenset(
    {"asyncio", "concurrent", "ctypes", "curses", "decimal", "difflib", "email", "http", "json", "logging"}
    | {"multiprocessing", "pickle", "sqlite3", "ssl", "subprocess", "tempfile", "unittest", "xml"}
)
"""Of the standard library, what takes a millisecond or more."""
ANYWHERE = frozenset({"_distutils_hack", "tomli", "typing_extensions"})
"""What other packages import where it happens to be installed, and what Python 3.10 has not of its own."""
ENGINE = "asyncio concurrent decimal difflib json logging ssl subprocess tempfile"
COMMANDS = {
    "--version": ("click", ""),
    "chats list": ("click msgspec sqlcipher3", "decimal json tempfile"),
    "engine status": ("click msgspec rich", "decimal"),
    "ask --no-save Hi": ("click msgspec rich sqlcipher3", ENGINE),
}
"""A command → all that it loads of other makers, and what it may load of the above."""
WORKER = ("jinja2 llama_cpp markupsafe msgspec", "ctypes decimal json pickle tempfile")
RUN = "from localr1.cli.main import main; main({!r}.split())"
TELL = """
import sys
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""

pytestmark = pytest.mark.usefixtures("home")


def loaded_by(code: str) -> frozenset[str]:
    """Packages and modules that are there when the code has run."""
    done = subprocess.run(
        [sys.executable, "-c", code + TELL], capture_output=True, timeout=TIMEOUT, check=True
    )
    return frozenset(text(done.stderr).splitlines()[-1].split())


def of_others(modules: frozenset[str]) -> frozenset[str]:
    return modules - sys.stdlib_module_names - ANYWHERE - {"localr1", "__main__"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loads_what_it_needs_and_nothing_else(command: str) -> None:
    theirs, heavy = COMMANDS[command]
    modules = loaded_by(RUN.format(command))
    assert of_others(modules) == set(theirs.split())
    assert modules & HEAVY <= set(heavy.split())


def test_the_worker_loads_what_it_needs_and_nothing_else() -> None:
    theirs, heavy = WORKER
    modules = loaded_by("import localr1.engine.worker.main, localr1.engine.worker.service")
    assert of_others(modules) == set(theirs.split())
    assert modules & HEAVY <= set(heavy.split())


def test_the_first_frame_of_the_chat_waits_for_no_markdown_and_no_toml_to_write() -> None:
    modules = loaded_by("import localr1.cli.main, localr1.cli.open, localr1.tui.launch")
    assert of_others(modules) & {"markdown_it", "pygments", "tomlkit", "textual"} == {"textual"}
