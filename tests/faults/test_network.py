"""Nothing leaves the machine, but for what `localr1 doctor --privacy` lists."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from localr1.cli.main import localr1 as command_tree
from localr1.hub.destinations import ASKING
from localr1.paths import bundled
from tests.cli.program import COMMAND, TIMEOUT, text
from tests.hub.server import HubServer

ARGUMENTS = {
    "chat": ("--plain",),
    "ask": ("--temperature", "0", "What is 47 + 85?"),
    "ask --keep-warm 1s": ("--temperature", "0", "What is 47 + 85?"),
    "batch": ("--temperature", "0"),
    "bench": ("nano", "--prompt", "8", "--tokens", "2", "--repeat", "1"),
    "chats list": (),
    "templates list": (),
    "doctor": (),
    "doctor --privacy": (),
    "completion": ("bash",),
    "models list": (),
    "models recommend": (),
    "models use": ("nano",),
    "models show": ("nano",),
    "models show qwen-1.5b": (),
    "models find": (".",),
    "models import": (str(bundled("nano.gguf")), "--copy"),
    "models verify": (),
    "models remove": ("--partial",),
    "models du": (),
    "models path": ("nano",),
    "pull --list": ("qwen-1.5b",),
}
"""Commands that have something to do, and do it. All others are run without arguments."""
QUESTION = b'"What is 47 + 85?"\n'
"""For those that read standard input."""
SCREENS = (("ctrl+o", "tag:work"), ("ctrl+l", "qwen"), ("f1", "Ctrl"), ("f2", "effort"), ("f9", "Ctrl+R"))
"""Keys of the chat, and a word that stands on the screen that each of them opens."""
WATCH = """
import os, socket, sys

IPV6_PROBE = ("socket.bind", ("::1", 0))  # urllib3 tries so whether there is IPv6

def is_own(address):
    return isinstance(address, (str, bytes)) and os.fsdecode(address).startswith(os.environ["LOCALR1_HOME"])

def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        if not is_own(arguments[-1]) and (event, arguments[-1]) != IPV6_PROBE:
            print("REACHED OUT:", event, arguments[-1], file=sys.stderr, flush=True)

sys.addaudithook(watch)
"""
WATCHED = f"""
{WATCH}
from localr1.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
WATCHED_SESSION = f"""
{WATCH}
import asyncio
from pathlib import Path
from tests.faults.test_network import SCREENS
from tests.tui.chatting import ask, chat_of, real_app, shows, until

async def chat():
    app = real_app(Path(os.environ["LOCALR1_HOME"]))
    async with app.run_test(size=(100, 30)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        for keys, words in SCREENS:
            await pilot.press(keys)
            await shows(pilot, words)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is chat_of(app))
    print("SEEN IT ALL")

asyncio.run(chat())
"""

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def alone() -> tuple[str, ...]:
    """What runs a command where there is no network interface; nothing where that can't be made."""
    for options in (("--net",), ("--user", "--map-root-user", "--net")):
        unshare = ("unshare", *options)
        if shutil.which("unshare") and not subprocess.run([*unshare, "true"], check=False).returncode:
            return unshare
    return ()


def leaves(group: click.Group, *above: str) -> Iterator[str]:
    """The names of all commands."""
    context = click.Context(group)
    for name in group.list_commands(context):
        match group.get_command(context, name):
            case click.Group() as below:
                yield from leaves(below, *above, name)
            case _:
                yield " ".join((*above, name))


COMMANDS = {*ARGUMENTS, *leaves(command_tree)} - {each.removeprefix("localr1 ") for each in ASKING}
"""All but those that are asked to go to the hub."""


def watched(script: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*before, sys.executable, "-c", script, *arguments],
        input=QUESTION,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_command_opens_a_connection(name: str, alone: tuple[str, ...]) -> None:
    done = watched(WATCHED, *name.split(), *ARGUMENTS.get(name, ()), before=alone)
    assert done.returncode == 0 or name not in ARGUMENTS, text(done.stderr)
    assert "REACHED OUT" not in text(done.stderr)


def test_the_commands_ran_where_there_is_no_network_interface(alone: tuple[str, ...]) -> None:
    if not alone:
        pytest.skip("this machine lets no test make a network namespace")
    listed = subprocess.run(
        [*alone, "cat", "/proc/net/dev"], capture_output=True, text=True, timeout=TIMEOUT, check=True
    )
    assert [line.split(":")[0].strip() for line in listed.stdout.splitlines() if ":" in line] == ["lo"]


def test_no_screen_of_the_chat_opens_a_connection(alone: tuple[str, ...]) -> None:
    done = watched(WATCHED_SESSION, before=alone)
    assert "SEEN IT ALL" in text(done.stdout), text(done.stderr)
    assert "REACHED OUT" not in text(done.stderr)


def test_neither_the_app_nor_its_worker_makes_a_socket_of_the_network(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    strace = ("strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", str(log))
    if not shutil.which("strace") or subprocess.run([*strace, "true"], check=False).returncode:
        pytest.skip("strace is not here, or may not look at other programs")
    done = subprocess.run(
        [*strace, *COMMAND, "ask", *ARGUMENTS["ask"]], capture_output=True, timeout=TIMEOUT, check=False
    )
    assert text(done.stdout) == "47 + 85 = 132.\n"
    assert [line for line in log.read_text().splitlines() if "AF_INET" in line] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("pull", "hf:maker/Tiny-GGUF"),
        ("models", "search", "tiny"),
        ("models", "show", "hf:maker/Tiny-GGUF"),
    ],
)
def test_commands_for_the_hub_speak_to_it_and_to_where_it_sends_them(
    arguments: tuple[str, ...], hub_server: HubServer, nano: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub_server.url)
    hub_server.add("maker/Tiny-GGUF", {"Tiny-Q8_0.gguf": nano})
    done = watched(WATCHED, *arguments)
    assert done.returncode == 0, text(done.stderr)
    reached = [line for line in text(done.stderr).splitlines() if "socket.connect" in line]
    assert reached
    assert [
        line for line in reached if not line.endswith(tuple(f"{port})" for port in hub_server.ports))
    ] == []


@pytest.mark.parametrize(
    "arguments",
    [("pull", "hf:maker/Tiny-GGUF"), ("models", "search", "x"), ("models", "show", "hf:maker/Tiny-GGUF")],
)
def test_commands_for_the_hub_open_no_connection_offline(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, "LOCALR1_OFFLINE": "true"},
    )
    assert done.returncode == 6
    assert "REACHED OUT" not in text(done.stderr)


def test_the_watch_sees_a_connection() -> None:
    done = watched(f"{WATCH}\nsocket.socket().connect_ex(('127.0.0.1', 9))")
    assert "REACHED OUT" in text(done.stderr)
