"""The user's own editor on the prompt."""

from __future__ import annotations

import shlex
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest

from localr1.environment import find_editor
from localr1.errors import ConfigError
from localr1.tui.editor import LONGEST_FILE, Editor
from tests.fakes import ScriptedEngine
from tests.tui.chatting import opened, pieces, scripted_app, shows, until
from tests.tui.terminal import Terminal, localr1

PROMPT = "sk anything"
CTRL_E, CTRL_Q = "\x05", "\x11"
WAIT = "print('EDITING', flush=True); input(); path.write_text('from afar'); "


def command(program: str) -> str:
    """An editor that does this to `path`."""
    begin = "import os, sys; from pathlib import Path; path = Path(sys.argv[-1])\n"
    return shlex.join((sys.executable, "-c", begin + program, "--wait"))


def an_editor(program: str, temporary: Path | None = None) -> Editor:
    return Editor(lambda: find_editor({"EDITOR": command(program)}), nullcontext, temporary)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files of the real program lie."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setenv("TMPDIR", str(directory))
    return directory


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
async def test_the_text_comes_back_as_the_user_left_it_without_the_last_line_end(
    temporary: Path, end: str
) -> None:
    editor = an_editor(f"path.write_bytes(path.read_bytes() + {(b' ok' + end.encode())!r})", temporary)
    assert await editor.edit("47 + 85?\nsum «é»\n") == "47 + 85?\nsum «é»\n ok"
    assert list(temporary.iterdir()) == []


async def test_the_file_and_its_directory_are_private(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    look = "oct(path.stat().st_mode)[-3:] + oct(path.parent.stat().st_mode)[-3:]"
    await an_editor(f"Path({str(seen)!r}).write_text({look})").edit("secret")
    assert seen.read_text() == "600700"


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("path.write_text('half'); sys.exit(3)", "ended with 3"),
        ("path.unlink()", "There is no file"),
        ("path.unlink(); path.mkdir()", "is a directory"),
        (f"path.write_text('a' * {LONGEST_FILE + 1})", "more than any model"),
        ("os.kill(os.getpid(), 9)", "ended with -9"),
    ],
)
async def test_what_fails_is_an_error_and_leaves_no_file(temporary: Path, program: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        await an_editor(program, temporary).edit("secret")
    assert list(temporary.iterdir()) == []


async def test_an_editor_that_is_not_there_is_named(temporary: Path) -> None:
    with pytest.raises(ConfigError, match="no-such-editor -n can't be started"):
        await Editor(lambda: ("no-such-editor", "-n"), nullcontext, temporary).edit("secret")
    assert list(temporary.iterdir()) == []


async def test_ctrl_e_edits_the_prompt_and_undo_takes_it_back(home: Path) -> None:
    append = "path.write_text(path.read_text() + ' 85?\\x1b[/]\\n')"
    app = scripted_app(ScriptedEngine(*pieces()), home, editor=an_editor(append))
    async with app.run_test(size=(80, 24)) as pilot:
        prompt = (await opened(pilot)).prompt
        prompt.insert("47 +")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: prompt.text == "47 + 85?␛[/]")
        await pilot.press("ctrl+underscore")
        assert prompt.text == "47 +"


async def test_ctrl_e_goes_to_the_end_of_a_line_first(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, editor=an_editor("path.write_text('edited')"))
    async with app.run_test(size=(80, 24)) as pilot:
        prompt = (await opened(pilot)).prompt
        prompt.insert("47 + 85?\nnow")
        prompt.move_cursor((0, 2))
        await pilot.press("ctrl+e")
        assert prompt.cursor_location == (0, 8)
        await pilot.press("!", "ctrl+e")
        await until(pilot, lambda: prompt.text == "edited")
        await pilot.press("ctrl+underscore")
        assert prompt.text == "47 + 85?!\nnow"


async def test_an_editor_that_fails_is_said_on_the_status_line_and_the_text_stays(home: Path) -> None:
    editor = Editor(lambda: find_editor({"EDITOR": "no-such-editor\x1b[/]"}), nullcontext)
    async with scripted_app(ScriptedEngine(*pieces()), home, editor=editor).run_test(size=(100, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("47 +")
        await pilot.press("ctrl+e")
        await shows(pilot, "no-such-editor␛[/]' can't be started")
        assert chat.prompt.text == "47 +"


def begin_editing(terminal: Terminal) -> None:
    terminal.wait_for(PROMPT)
    terminal.type("written here")
    terminal.wait_for("written here")
    terminal.type(CTRL_E)
    terminal.wait_for("EDITING")


def test_the_editor_has_the_terminal_and_gives_it_back(home: Path, temporary: Path) -> None:
    with localr1(home, editor=command(WAIT)) as terminal:
        begin_editing(terminal)
        assert terminal.settings() == terminal.attributes
        terminal.type("\r")
        terminal.wait_for("from afar")
        assert terminal.settings() != terminal.attributes
        terminal.type(CTRL_Q)
        assert terminal.wait_for_end() == 0
    assert list(temporary.iterdir()) == []


def test_ctrl_c_inside_the_editor_is_not_for_us(home: Path) -> None:
    with localr1(home, editor=command(WAIT)) as terminal:
        begin_editing(terminal)
        terminal.signal(signal.SIGINT)
        terminal.type("\r")
        terminal.wait_for("from afar")
        terminal.type("!")
        terminal.wait_for("!")
        assert b"once more quits" not in terminal.drawn


def test_sigterm_while_the_editor_is_open_ends_both_and_leaves_no_file(home: Path, temporary: Path) -> None:
    with localr1(home, editor=command(WAIT)) as terminal:
        begin_editing(terminal)
        children = psutil.Process(terminal.process.pid).children()
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 143
        assert terminal.settings() == terminal.attributes
        assert psutil.wait_procs(children, timeout=10)[1] == []
    assert list(temporary.iterdir()) == []
