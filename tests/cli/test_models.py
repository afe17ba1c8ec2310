"""`localr1 models`: what it says, and what it does to the files."""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import closing
from pathlib import Path

import pytest

from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.cli.program import localr1, text
from tests.hub.faults import flipped
from tests.hub.server import HubServer
from tests.tui.terminal import localr1 as on_terminal

REPO = "maker/Tiny-GGUF"
TINY = f"hf:{REPO}:Q8_0"
CLIPBOARD = "\x1b]52;c;AAAA\x07"
"""An order to the terminal to fill the clipboard."""


@pytest.fixture
def hub(hub_server: HubServer, home: Path, nano: Path, monkeypatch: pytest.MonkeyPatch) -> HubServer:
    """A hub with one model."""
    monkeypatch.setenv("HF_ENDPOINT", hub_server.url)
    hub_server.add(REPO, {"Tiny-Q8_0.gguf": nano})
    return hub_server


@pytest.fixture
def models(home: Path) -> Path:
    """The models directory."""
    directory = home / "data" / "models"
    directory.mkdir(parents=True)
    return directory


@pytest.fixture
def mine(models: Path, nano: Path) -> Path:
    """A model that was put there by hand."""
    return Path(shutil.copy(nano, models / "mine.gguf"))


def chat_with(home: Path, model: str) -> None:
    with closing(Database.open(home / "data" / "chats.db")) as database:
        Chats(database).create(model=model)


# ---- list


def test_the_list_says_what_fits_and_which_chats_use_it(home: Path, mine: Path) -> None:
    chat_with(home, "mine")
    chat_with(home, "mine")
    here, _, available = text(localr1("models", "list").stdout).partition("To be had")
    [row] = [line.split() for line in here.splitlines() if line.startswith("  mine")]
    assert row[:6] == ["mine", "–", "2.20", "MB", "fits", "well"]
    assert "  2  " in next(line for line in here.splitlines() if "mine" in line)
    assert "qwen-1.5b" in available
    assert "83.9  MIT" in available


def test_either_half_of_the_list_can_be_left_out(mine: Path) -> None:
    here = text(localr1("models", "list", "--here").stdout)
    available = text(localr1("models", "list", "--available").stdout)
    assert "mine" in here
    assert "qwen-7b" not in here
    assert "mine" not in available
    assert "qwen-7b" in available


def test_programs_get_every_quant_of_the_list(home: Path, mine: Path) -> None:
    chat_with(home, "mine")
    rows = {
        row["name"]: row for row in map(json.loads, localr1("models", "list", "--json").stdout.splitlines())
    }
    assert rows["mine"]["here"]
    assert rows["mine"]["chats"] == 1
    assert rows["mine"]["path"] == str(mine)
    assert rows["qwen-7b:Q3_K_M"]["memory"] > rows["qwen-7b:Q2_K"]["memory"]
    assert not rows["qwen-7b:Q2_K"]["here"]


def test_a_history_that_can_not_be_read_does_not_hide_the_models(home: Path, mine: Path) -> None:
    (home / "data" / "chats.db").write_bytes(b"this is no database" * 1000)
    done = localr1("models", "list")
    assert done.returncode == 0
    assert "mine" in text(done.stdout)
    assert "the chats can't be counted" in text(done.stderr)


def test_names_of_files_are_never_orders_to_the_terminal(home: Path, models: Path, nano: Path) -> None:
    shutil.copy(nano, models / f"evil{CLIPBOARD}.gguf")
    for command in (("list",), ("du",), ("verify",), ("list", "--json")):
        with on_terminal(home, "models", *command) as terminal:
            terminal.wait_for_end()
        assert b"evil" in terminal.drawn
        assert b"\x1b]52" not in terminal.drawn


# ---- show


def test_a_model_on_disk_is_shown_by_name_and_by_path(mine: Path) -> None:
    facts = (str(mine), "qwen2: 6 layers", "2.05M", "Q8_0 100 %", "4,096 tokens", "<think>", "fits well: ")
    for name in ("mine", str(mine)):
        said = text(localr1("models", "show", name).stdout)
        assert [fact for fact in facts if fact not in said] == []


def test_a_model_of_the_catalog_is_shown_without_the_hub(hub: HubServer) -> None:
    said = text(localr1("models", "show", "qwen-1.5b").stdout)
    assert "AIME 2024 28.9 %" in said
    assert "localr1 pull qwen-1.5b:Q8_0" in said
    assert hub.asked() == []


def test_a_model_on_the_hub_is_shown_by_its_header_alone(hub: HubServer, home: Path, smollm2: Path) -> None:
    hub.add("maker/Smol-GGUF", {"Smol-Q4_1.gguf": smollm2})
    done = localr1("models", "show", "hf:maker/Smol-GGUF", "--json")
    shown = json.loads(done.stdout)
    assert (shown["layers"], shown["vocabulary"], shown["quant"]) == (30, 49152, "Q4_1")
    assert shown["fit"]["verdict"] == "fits well"
    assert hub.sent("cdn") < 5_000_000
    assert not (home / "data" / "models").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"<!DOCTYPE html><html>", "web page"), (b"GGUF\x03\0\0\0", "incomplete")],
)
def test_a_file_that_is_no_model_is_3(tmp_path: Path, home: Path, content: bytes, words: str) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(content)
    done = localr1("models", "show", str(file))
    assert done.returncode == 3
    assert words in text(done.stderr)
    assert done.stdout == b""


# ---- search


def test_the_hub_is_searched(hub: HubServer) -> None:
    assert f"hf:{REPO}" in text(localr1("models", "search", "tiny").stdout)
    assert json.loads(localr1("models", "search", "tiny", "--json").stdout)["repo"] == REPO
    nothing = localr1("models", "search", "no", "such", "model")
    assert nothing.stdout == b""
    assert "Nothing was found" in text(nothing.stderr)


# ---- find and import


def test_a_model_of_a_folder_is_found_and_used_where_it_lies(tmp_path: Path, home: Path, nano: Path) -> None:
    file = Path(shutil.copy(nano, tmp_path / "other.gguf"))
    nobody = {"HOME": str(tmp_path / "nobody"), "XDG_CACHE_HOME": str(tmp_path / "nothing")}
    assert "other" in text(localr1("models", "find", str(tmp_path), env=nobody).stdout)
    assert localr1("models", "find", str(tmp_path), "--add", "other", env=nobody).returncode == 0
    assert text(localr1("models", "path", "other").stdout) == f"{file}\n"
    assert localr1("models", "find", str(tmp_path), env=nobody).stdout == b""


def test_what_was_not_found_can_not_be_added(tmp_path: Path, home: Path) -> None:
    assert localr1("models", "find", str(tmp_path), "--add", "other").returncode == 2
    assert localr1("models", "find", str(tmp_path / "nowhere")).returncode == 2


@pytest.mark.parametrize(("option", "stays"), [("--move", False), ("--copy", True), ("--reference", True)])
def test_a_file_is_imported_as_the_user_says(
    tmp_path: Path, home: Path, nano: Path, option: str, stays: bool
) -> None:
    file = Path(shutil.copy(nano, tmp_path / "other.gguf"))
    assert localr1("models", "import", str(file), option).returncode == 0
    assert file.exists() == stays
    assert "other" in text(localr1("models", "list", "--here").stdout)


def test_what_can_not_chat_is_not_imported(tmp_path: Path, home: Path) -> None:
    page = tmp_path / "x.gguf"
    page.write_bytes(b"<!DOCTYPE html><html>")
    assert localr1("models", "import", str(page)).returncode == 3
    assert not (home / "data" / "models").exists()


# ---- verify


def pulled_and_damaged(home: Path) -> Path:
    """One bit of a pulled model is wrong, and nothing else tells of it."""
    assert localr1("pull", TINY).returncode == 0
    file = home / "data" / "models" / REPO / "Tiny-Q8_0.gguf"
    before = file.stat()
    with file.open("r+b") as opened:
        opened.seek(1_000_000)
        opened.write(b"\xff\x00\xff")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return file


def test_a_whole_model_is_right(hub: HubServer) -> None:
    localr1("pull", TINY)
    done = localr1("models", "verify", "Tiny-Q8_0")
    assert (done.returncode, text(done.stdout)) == (0, "Tiny-Q8_0: right\n")


def test_a_damaged_model_is_3_and_can_be_repaired(hub: HubServer, home: Path, nano: Path) -> None:
    file = pulled_and_damaged(home)
    done = localr1("models", "verify")
    assert done.returncode == 3
    assert "Tiny-Q8_0: Tiny-Q8_0.gguf is damaged" in text(done.stdout)
    assert "--repair" in text(done.stderr)
    repaired = localr1("models", "verify", "--repair")
    assert repaired.returncode == 0
    assert text(repaired.stdout).endswith("Tiny-Q8_0: repaired\n")
    assert file.read_bytes() == nano.read_bytes()


def test_of_a_model_that_is_cut_short_only_the_end_is_fetched(hub: HubServer, home: Path, nano: Path) -> None:
    localr1("pull", TINY)
    file = home / "data" / "models" / REPO / "Tiny-Q8_0.gguf"
    os.truncate(file, 2_000_000)
    sent = hub.sent("cdn")
    assert localr1("models", "verify", "Tiny-Q8_0", "--repair").returncode == 0
    assert file.read_bytes() == nano.read_bytes()
    assert hub.sent("cdn") - sent == 2_197_376 - 2_000_000


def test_what_was_put_there_by_hand_can_not_be_repaired(mine: Path) -> None:
    os.truncate(mine, 2_000_000)
    done = localr1("models", "verify", "--repair")
    assert done.returncode == 3
    assert "can't be repaired: mine" in text(done.stderr)
    assert mine.stat().st_size == 2_000_000


def test_a_repair_that_fails_keeps_the_old_file(hub: HubServer, home: Path) -> None:
    file = pulled_and_damaged(home)
    damaged = file.read_bytes()
    hub.fail(flipped(at=5000), at="cdn")
    assert localr1("models", "verify", "--repair").returncode == 6
    assert file.read_bytes() == damaged


def test_a_signal_while_a_bar_is_drawn_gives_the_terminal_back(home: Path, models: Path) -> None:
    (models / "endless.gguf").touch()
    os.truncate(models / "endless.gguf", 10**12)
    with on_terminal(home, "models", "verify", "endless") as terminal:
        terminal.wait_for("of 1.00 TB")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 143
    assert terminal.drawn.rindex(b"\x1b[?25h") > terminal.drawn.rindex(b"\x1b[?25l")


# ---- remove, du, path


def test_removing_says_what_is_freed_and_which_chats_use_it(home: Path, mine: Path) -> None:
    chat_with(home, "mine")
    done = localr1("models", "remove", "mine", "--yes")
    assert done.returncode == 0
    assert "mine: frees 2.20 MB; 1 chat uses it" in text(done.stderr)
    assert not mine.exists()


def test_nothing_is_removed_without_a_word_from_somebody(home: Path, mine: Path) -> None:
    done = localr1("models", "remove", "mine")
    assert done.returncode == 2
    assert "--yes" in text(done.stderr)
    with on_terminal(home, "models", "remove", "mine") as terminal:
        terminal.wait_for("Remove that?")
        terminal.type("n\n")
        assert terminal.wait_for_end() == 0
    assert mine.exists()


def test_a_yes_on_the_terminal_removes(home: Path, mine: Path) -> None:
    with on_terminal(home, "models", "remove", "mine") as terminal:
        terminal.wait_for("Remove that?")
        terminal.type("y\n")
        assert terminal.wait_for_end() == 0
    assert not mine.exists()


def test_nano_and_what_is_not_there_can_not_be_removed(home: Path) -> None:
    assert localr1("models", "remove", "nano", "--yes").returncode == 3
    assert localr1("models", "remove", "no-such-model", "--yes").returncode == 3
    assert localr1("models", "remove", "--yes").returncode == 2


def test_unfinished_downloads_are_counted_and_removed_alone(models: Path, mine: Path) -> None:
    part = models / f"x.gguf.{'0' * 16}.part"
    part.write_bytes(bytes(1_000_000))
    assert "1.00 MB  x     unfinished" in text(localr1("models", "du").stdout)
    assert localr1("models", "remove", "--partial", "--yes").returncode == 0
    assert not part.exists()
    assert mine.exists()


def test_the_path_of_a_model_and_of_all_models_is_printed(models: Path, mine: Path) -> None:
    assert text(localr1("models", "path").stdout) == f"{models}\n"
    assert text(localr1("models", "path", "mine").stdout) == f"{mine}\n"


# ---- recommend and use


def test_a_recommendation_ends_with_what_to_type(home: Path) -> None:
    reason, _, command = text(localr1("models", "recommend").stdout).rpartition("\n\n")
    assert len(reason.splitlines()) == 2
    assert command.strip().startswith("localr1 pull ")
    advice = json.loads(localr1("models", "recommend", "--json").stdout)
    assert advice["command"].startswith("localr1 pull ")


def test_a_model_that_is_used_answers_in_new_chats(home: Path, mine: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text('# mine\ntheme = "nord"\n')
    assert localr1("models", "use", "mine").returncode == 0
    assert (home / "config" / "config.toml").read_text() == '# mine\ntheme = "nord"\nmodel = "mine"\n'
    localr1("ask", "What is 1 + 1?")
    assert "mine" in text(localr1("chats", "list").stdout)


def test_a_damaged_model_can_not_be_used(home: Path, nano: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(nano.read_bytes()[:-1])
    done = localr1("models", "use", str(tmp_path / "cut.gguf"))
    assert done.returncode == 3
    assert "cut short" in text(done.stderr)
    assert not (home / "config" / "config.toml").exists()


def test_a_model_that_is_not_here_can_not_be_used_and_how_to_get_it_is_said(home: Path) -> None:
    done = localr1("models", "use", "qwen-1.5b")
    assert done.returncode == 3
    assert "localr1 pull qwen-1.5b" in text(done.stderr)
    assert not (home / "config" / "config.toml").exists()
