"""`localr1 lock` and `unlock`, and where the other commands take the passphrase from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.sealed_key import Cost
from tests.cli.program import localr1, text
from tests.tui import terminal
from tests.tui.chatting import paths_of, store

CHEAP = Cost(n=16, r=8, p=1)
PASSPHRASE = "correct horse"
ON_A_TERMINAL = """
import fcntl, termios
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
from localr1.cli.main import run
run()
"""
CTRL_C = "\x03"

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "phrase"
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def locked(home: Path) -> Path:
    """A home with one chat, which is encrypted."""
    with store(home) as chats:
        chats.add_user_message(chats.create(title="Secrets").id, None, "What is my secret?")
    encrypt(paths_of(home).database, PASSPHRASE, cost=CHEAP)
    return home


@contextmanager
def on_a_terminal(home: Path, *arguments: str, pipe: str = "") -> Iterator[terminal.Terminal]:
    """Run a command where its user can be asked, even if one stream is a pipe."""
    with terminal.localr1(home, *arguments, program=ON_A_TERMINAL, pipe=pipe) as running:
        yield running


def test_chats_are_encrypted_get_another_passphrase_and_become_plain_again(
    home: Path, key_file: Path
) -> None:
    database = paths_of(home).database
    with store(home) as chats:
        chats.create(title="Secrets")
    database.with_name("chats.db.v1.bak").write_bytes(database.read_bytes())
    another = key_file.with_name("another")
    another.write_text("another\r\n")
    another.chmod(0o600)

    locked = localr1("lock", "--key-file", str(key_file))
    assert locked.returncode == 0, locked.stderr
    assert "are encrypted" in text(locked.stdout)
    assert "1 older backup, which was not encrypted, has been erased" in text(locked.stdout)
    changed = localr1("lock", "--change", "--key-file", str(key_file), "--new-key-file", str(another))
    assert changed.returncode == 0, changed.stderr
    read_key(database, "another")
    assert localr1("unlock", "--key-file", str(key_file)).returncode == 8
    assert localr1("lock", "--off", "--key-file", str(another)).returncode == 0
    assert not is_encrypted(database)
    assert "Secrets" in text(localr1("chats", "list").stdout)


def test_the_first_lock_makes_a_database_where_there_is_none(home: Path, key_file: Path) -> None:
    assert localr1("lock", "--key-file", str(key_file)).returncode == 0
    assert is_encrypted(paths_of(home).database)


@pytest.mark.parametrize(
    "command",
    [
        ("chats", "list"),
        ("chats", "show", "1"),
        ("chats", "export", "1"),
        ("ask", "hello"),
        ("chat", "--plain"),
        ("unlock",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("content", [None, "wrong\n", "", "\n"], ids=["none", "wrong", "empty", "a line"])
def test_without_the_passphrase_a_command_ends_with_8_and_says_what_to_do(
    locked: Path, key_file: Path, command: tuple[str, ...], content: str | None
) -> None:
    before = paths_of(locked).database.read_bytes()
    key_file.write_text(content or "")
    done = localr1(*command, *(() if content is None else ("--key-file", str(key_file))))
    assert done.returncode == 8
    assert done.stdout == b""
    assert len(text(done.stderr).splitlines()) == 2
    assert "passphrase" in text(done.stderr)
    assert paths_of(locked).database.read_bytes() == before


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_file_gives_the_passphrase_before_the_command_or_after_it(
    locked: Path, key_file: Path, order: str
) -> None:
    option, command = ("--key-file", str(key_file)), ("chats", "list")
    done = localr1(*option, *command) if order == "before" else localr1(*command, *option)
    assert "Secrets" in text(done.stdout)


def test_a_variable_names_the_file(locked: Path, key_file: Path) -> None:
    done = localr1("chats", "list", env={"LOCALR1_KEY_FILE": str(key_file)})
    assert "Secrets" in text(done.stdout)


def test_standard_input_may_hold_the_passphrase_and_no_model_ever_gets_it(locked: Path) -> None:
    done = localr1("ask", "--key-fd", "0", "--temperature", "0", "What is 1 + 1?", stdin=PASSPHRASE.encode())
    assert text(done.stdout) == "1 + 1 = 2.\n"
    with closing(
        Database.open(paths_of(locked).database, key=read_key(paths_of(locked).database, PASSPHRASE))
    ) as database:
        assert Chats(database).branch(2)[0].text == "What is 1 + 1?"


def test_the_plain_chat_opens_with_the_passphrase(locked: Path, key_file: Path) -> None:
    done = localr1("chat", "--plain", "--chat", "1", "--key-file", str(key_file), stdin=b"/quit\n")
    assert "What is my secret?" in text(done.stdout)


def test_a_descriptor_that_is_not_open_is_named(locked: Path) -> None:
    done = localr1("chats", "list", "--key-fd", "77")
    assert done.returncode == 8
    assert "File descriptor 77 can't be read" in text(done.stderr)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_may_read_is_refused(locked: Path, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    done = localr1("chats", "list", "--key-file", str(key_file))
    assert done.returncode == 8
    assert f"rights {mode:o}" in text(done.stderr)
    assert f"chmod 600 {key_file}" in text(done.stderr)


@pytest.mark.parametrize("what", ["absent", "directory", "/dev/zero", "~nobody-here/phrase"])
def test_what_is_no_file_is_refused_at_once(locked: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "directory").mkdir()
    file = what if what.startswith("~") else str(tmp_path / what)
    done = localr1("chats", "list", "--key-file", file)
    assert done.returncode == 8
    assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("locked")
def test_what_saves_nothing_never_asks() -> None:
    done = localr1("ask", "--no-save", "--temperature", "0", "What is 1 + 1?")
    assert text(done.stdout) == "1 + 1 = 2.\n"
    assert localr1("models", "list").returncode == 0


def test_the_doctor_says_whether_chats_are_encrypted(home: Path, key_file: Path) -> None:
    assert "encryption  off; `localr1 lock` turns it on" in text(localr1("doctor").stdout)
    localr1("lock", "--key-file", str(key_file))
    assert "encryption  on: the chats open with their passphrase" in text(localr1("doctor").stdout)


def test_options_that_exclude_each_other_are_refused(home: Path) -> None:
    assert localr1("lock", "--off", "--change").returncode == 2
    assert localr1("lock", "--new-key-file", "x").returncode == 2
    assert localr1("unlock").returncode == 2


def test_ask_in_a_pipe_asks_on_the_terminal_and_shows_nothing_of_it(locked: Path) -> None:
    with on_a_terminal(locked, "ask", "--temperature", "0", "What is 1 + 1?", pipe="stdout") as running:
        running.wait_for("Passphrase of the chats: ")
        running.type(f"{PASSPHRASE}\n")
        assert running.wait_for_end() == 0
        assert running.process.stdout
        assert running.process.stdout.read() == b"1 + 1 = 2.\n"
        assert PASSPHRASE.encode() not in running.drawn
        assert running.settings() == running.attributes


def test_three_wrong_passphrases_are_enough(locked: Path) -> None:
    with on_a_terminal(locked, "chats", "list") as running:
        for number in range(3):
            running.wait_for("Passphrase of the chats: ")
            running.type(f"wrong {number}\n")
        assert running.wait_for_end() == 8
        assert running.drawn.count(b"That is not the passphrase") == 3


@pytest.mark.parametrize(("keys", "code"), [(CTRL_C, 130), ("\x04", 8), ("x" * 5000 + "\n", 8)])
def test_whoever_does_not_answer_gets_the_terminal_back(locked: Path, keys: str, code: int) -> None:
    with on_a_terminal(locked, "chats", "list") as running:
        running.wait_for("Passphrase of the chats: ")
        running.type(keys)
        assert running.wait_for_end() == code
        assert running.settings() == running.attributes
        assert b"Traceback" not in running.drawn


@pytest.mark.parametrize("again", [PASSPHRASE, "something else"])
def test_a_new_passphrase_is_typed_twice(home: Path, again: str) -> None:
    with on_a_terminal(home, "lock") as running:
        running.wait_for("New passphrase: ")
        running.type(f"{PASSPHRASE}\n")
        running.wait_for("The same again: ")
        running.type(f"{again}\n")
        assert running.wait_for_end() == (0 if again == PASSPHRASE else 8)
    assert is_encrypted(paths_of(home).database) == (again == PASSPHRASE)


def test_the_chat_opens_with_the_file_that_is_given(locked: Path, key_file: Path) -> None:
    with terminal.localr1(locked, "--chat", "1", "--key-file", str(key_file)) as running:
        running.wait_for("What is my secret?")


def test_a_wrong_file_is_refused_before_the_chat_is_drawn(locked: Path, key_file: Path) -> None:
    key_file.write_text("wrong")
    with terminal.localr1(locked, "--key-file", str(key_file)) as running:
        assert running.wait_for_end() == 8
        assert b"\x1b[?1049h" not in running.drawn


def test_sigkill_is_no_way_to_read_what_a_chat_has_written(locked: Path, key_file: Path) -> None:
    with terminal.localr1(locked, "--chat", "1", "--key-file", str(key_file)) as running:
        running.wait_for("What is my secret?")
        running.type("What is xyzzy-plugh?\r")
        running.wait_for("tok/s")
        running.process.kill()
    for file in locked.rglob("*"):
        assert not file.is_file() or b"xyzzy" not in file.read_bytes(), file


def test_the_terminal_of_a_locked_chat_is_given_back(locked: Path) -> None:
    with terminal.localr1(locked) as running:
        running.wait_for("The chats are locked")
        running.type("\x1b")
        assert running.wait_for_end() == 0
        assert running.settings() == running.attributes
