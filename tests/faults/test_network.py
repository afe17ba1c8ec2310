"""Nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.cli.program import COMMAND, TIMEOUT, text

COMMANDS = {
    "ask": ("ask", "--temperature", "0", "What is 47 + 85?"),
    "chats": ("chats", "list"),
    "models": ("models", "list"),
    "doctor": ("doctor",),
}
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
