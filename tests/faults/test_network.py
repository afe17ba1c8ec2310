"""Nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from localr1.paths import bundled
from tests.cli.program import COMMAND, TIMEOUT, text

COMMANDS = {
    "ask": ("ask", "--temperature", "0", "What is 47 + 85?"),
    "chats": ("chats", "list"),
    "doctor": ("doctor",),
    "models list": ("models", "list"),
    "models recommend": ("models", "recommend"),
    "models use": ("models", "use", "nano"),
    "models show": ("models", "show", "nano"),
    "models show, of the catalog": ("models", "show", "qwen-1.5b"),
    "models find": ("models", "find", "."),
    "models import": ("models", "import", str(bundled("nano.gguf")), "--copy"),
    "models verify": ("models", "verify"),
    "models remove": ("models", "remove", "--partial"),
    "models du": ("models", "du"),
    "models path": ("models", "path", "nano"),
    "the quants of the catalog": ("pull", "--list", "qwen-1.5b"),
}
"""All but those that are asked to go to the hub."""
WATCHED = """
import sys
from localr1.cli.main import main

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        print("REACHED OUT:", event, arguments[1:], file=sys.stderr)

sys.addaudithook(watch)
sys.exit(main(sys.argv[1:]))
"""

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
def test_no_command_opens_a_connection(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments], capture_output=True, timeout=TIMEOUT, check=False
    )
    assert done.returncode == 0
    assert "REACHED OUT" not in text(done.stderr)


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
    code = WATCHED.replace(
        "sys.exit(main(sys.argv[1:]))", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TIMEOUT, check=False)
    assert "REACHED OUT" in text(done.stderr)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root to make a namespace")
def test_a_question_is_answered_without_any_network_interface() -> None:
    done = subprocess.run(
        ["unshare", "--net", *COMMAND, *COMMANDS["ask"]], capture_output=True, timeout=TIMEOUT, check=False
    )
    assert text(done.stdout) == "47 + 85 = 132.\n"
