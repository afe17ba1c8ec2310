"""The desktop's clipboard: which program is asked, and what it is given."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from localr1.desktop import Desktop
from localr1.tui.clipboard import put

TEXT = "\ttab 🦀 \x1b[31m“quoted” $(id) `ls`\r\n\n"
TAKES = 'echo "$@" > "$0.arguments"; exec cat > "$0.text"'
REFUSES = "cat > /dev/null; exit 1"
HANGS = "exec tail -f /dev/null"
STAYS_BEHIND = 'cat > "$0.text"; tail -f /dev/null & echo $! > "$0.pid"'


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A directory that is searched before the system's."""
    directory = tmp_path / "programs"
    directory.mkdir()
    return directory


def install(programs: Path, name: str, script: str) -> Path:
    """A program of this name that does this."""
    path = programs / name
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    path.chmod(0o755)
    return path


def taken(program: Path, encoding: str = "utf-8") -> str:
    return program.with_suffix(f"{program.suffix}.text").read_bytes().decode(encoding)


def arguments(program: Path) -> str:
    return program.with_suffix(f"{program.suffix}.arguments").read_text().strip()


@pytest.mark.parametrize(
    ("name", "desktop", "options"),
    [
        ("wl-copy", {"wayland": True}, "--type text/plain"),
        ("xclip", {"x11": True}, "-selection clipboard -in"),
        ("xsel", {"x11": True}, "--clipboard --input"),
        ("pbcopy", {}, ""),
        ("tmux", {"tmux": True}, "load-buffer -w -"),
    ],
)
async def test_a_program_gets_the_text_as_it_is(
    programs: Path, name: str, desktop: dict[str, bool], options: str
) -> None:
    program = install(programs, name, TAKES)
    assert await put(TEXT, Desktop(**desktop, programs=str(programs))) == name
    assert taken(program) == TEXT
    assert arguments(program) == options


async def test_windows_gets_it_in_utf_16(programs: Path) -> None:
    program = install(programs, "clip.exe", TAKES)
    assert await put(TEXT, Desktop(wsl=True, programs=str(programs))) == "clip.exe"
    assert taken(program, "utf-16-le") == TEXT


async def test_a_program_of_another_display_is_left_alone(programs: Path) -> None:
    for name in ("wl-copy", "xclip", "xsel", "clip.exe", "tmux"):
        install(programs, name, TAKES)
    assert await put(TEXT, Desktop(programs=str(programs))) == ""
    assert not list(programs.glob("*.text"))


async def test_over_ssh_the_clipboard_of_the_machine_itself_is_left_alone(programs: Path) -> None:
    for name in ("pbcopy", "clip.exe"):
        install(programs, name, TAKES)
    assert await put(TEXT, Desktop(wsl=True, remote=True, programs=str(programs))) == ""


async def test_without_any_program_none_is_named() -> None:
    assert await put(TEXT, Desktop(wayland=True, x11=True, tmux=True)) == ""


@pytest.mark.parametrize("script", [REFUSES, HANGS, "exec no-such-program", "kill -9 $$"])
async def test_where_one_program_fails_the_next_one_is_asked(programs: Path, script: str) -> None:
    install(programs, "wl-copy", script)
    other = install(programs, "xclip", TAKES)
    desktop = Desktop(wayland=True, x11=True, programs=str(programs))
    assert await put(TEXT * 10_000, desktop, patience=1.0) == "xclip"
    assert taken(other) == TEXT * 10_000


async def test_a_file_that_can_not_run_is_no_program(programs: Path) -> None:
    (programs / "wl-copy").write_bytes(b"\x7fELF nothing")
    (programs / "wl-copy").chmod(0o755)
    assert await put(TEXT, Desktop(wayland=True, programs=str(programs))) == ""


async def test_a_program_that_stays_behind_to_serve_the_clipboard_is_not_waited_for(programs: Path) -> None:
    program = install(programs, "xclip", STAYS_BEHIND)
    assert await put(TEXT, Desktop(x11=True, programs=str(programs)), patience=30.0) == "xclip"
    server = int((programs / "xclip.pid").read_text())
    try:
        assert os.getsid(server) != os.getsid(0)
    finally:
        os.kill(server, signal.SIGKILL)
    assert taken(program) == TEXT
