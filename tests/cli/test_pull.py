"""`localr1 pull` against a real hub on loopback, in pipes and on a terminal."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.cli.program import TIMEOUT, localr1, started, text
from tests.hub.faults import fails, flipped, says, stall
from tests.hub.server import HubServer
from tests.tui.terminal import localr1 as on_terminal

REPO = "maker/Tiny-GGUF"
TINY = f"hf:{REPO}:Q8_0"
STALLED_AT = 1_500_000
"""Bytes."""
CLIPBOARD = "\x1b]52;c;AAAA\x07"
"""An order to the terminal to fill the clipboard."""
CATALOG = """
[[model]]
name = "tiny"
title = "Tiny"
summary = "For tests."
family = "deepseek-r1"
parameters = "2M"
license = "MIT"
default = "Q8_0"
repo = "maker/Tiny-GGUF"
[model.files]
Q8_0 = { file = "Tiny-Q8_0.gguf", gb = 0.002 }
Q4_K_M = { file = "Tiny-Q4_K_M.gguf", gb = 0.002 }
"""
ENORMOUS = (
    "[model.shape]\n"
    "layers = 9000\nembedding = 100\nfeed_forward = 100\nvocabulary = 100\nkv_heads = 9000\nhead = 9000\n"
)
"""A shape whose cache no machine holds."""


@pytest.fixture
def hub(hub_server: HubServer, home: Path, nano: Path, monkeypatch: pytest.MonkeyPatch) -> HubServer:
    """A hub with two quants of one model."""
    monkeypatch.setenv("HF_ENDPOINT", hub_server.url)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    hub_server.add(REPO, {"Tiny-Q8_0.gguf": nano, "Tiny-Q4_K_M.gguf": nano.read_bytes() + bytes(64)})
    return hub_server


def pulled(home: Path) -> Path:
    return home / "data" / "models" / REPO / "Tiny-Q8_0.gguf"


def write_catalog(home: Path, catalog: str) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "models.toml").write_text(catalog)


def wait_for_bytes(directory: Path, count: int) -> None:
    """Until an unfinished download has so many."""
    deadline = time.monotonic() + TIMEOUT
    while not [part for part in directory.glob("*.part") if part.stat().st_size >= count]:
        assert time.monotonic() < deadline, "they never came"
        os.sched_yield()


def test_in_a_pipe_standard_output_is_the_path_and_nothing_else(
    hub: HubServer, home: Path, nano: Path
) -> None:
    done = localr1("pull", TINY)
    assert done.returncode == 0
    assert text(done.stdout) == f"{pulled(home)}\n"
    assert pulled(home).read_bytes() == nano.read_bytes()


def test_in_a_pipe_progress_is_a_line_for_each_tenth(hub: HubServer, home: Path) -> None:
    lines = text(localr1("pull", TINY).stderr).splitlines()
    assert lines[0] == f"Fetching Tiny-Q8_0.gguf (2.20 MB) from {REPO}"
    assert lines[-1] == f"It is here, 2.20 MB that match their hash: {pulled(home)}"
    shares = [int(line.partition(" %")[0]) for line in lines[1:-1]]
    assert shares == sorted({share // 10: share for share in shares}.values())
    assert shares[-1] == 100


def test_what_the_hub_has_and_no_engine_can_use_is_said(hub: HubServer) -> None:
    hub.add("maker/Broken-GGUF", {"Broken-Q8_0.gguf": b"<!DOCTYPE html><title>Sign in</title>"})
    done = localr1("pull", "hf:maker/Broken-GGUF")
    assert done.returncode == 0
    *_, last = text(done.stderr).splitlines()
    assert last.startswith("But it can't be used: Broken-Q8_0.gguf is a web page, not a GGUF model.")
    assert text(localr1("pull", "-q", "hf:maker/Broken-GGUF").stderr) == ""


def test_what_is_here_is_not_fetched_again(hub: HubServer) -> None:
    localr1("pull", TINY)
    sent = hub.sent("cdn")
    done = localr1("pull", TINY)
    assert done.returncode == 0
    assert "It is here already" in text(done.stderr)
    assert hub.sent("cdn") == sent


def test_a_pulled_model_of_the_catalog_answers_by_its_name(hub: HubServer, home: Path) -> None:
    write_catalog(home, CATALOG)
    assert localr1("pull", "tiny").returncode == 0
    assert b"132" in localr1("ask", "-m", "tiny", "--temperature", "0", "What is 47 + 85?").stdout


def test_programs_are_told_all_in_lines_of_json(hub: HubServer, home: Path) -> None:
    done = localr1("pull", TINY, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == b""
    assert [event["type"] for event in (events[0], *events[-2:])] == ["begun", "progress", "pulled"]
    assert events[0]["files"] == ["Tiny-Q8_0.gguf"]
    assert events[0]["total"] == events[-2]["done"] == events[-1]["fetched"] == 2_197_376
    assert events[-1]["path"] == str(pulled(home))


def test_quiet_says_nothing_but_the_path(hub: HubServer, home: Path) -> None:
    done = localr1("pull", TINY, "--quiet")
    assert done.stderr == b""
    assert text(done.stdout) == f"{pulled(home)}\n"


def test_a_repository_of_several_models_is_2_with_what_there_is_to_choose(hub: HubServer, home: Path) -> None:
    done = localr1("pull", f"hf:{REPO}")
    said = text(done.stderr)
    assert done.returncode == 2
    assert done.stdout == b""
    for quant in ("Q8_0", "Q4_K_M"):
        assert "2.20 MB  fits well" in said
        assert f"localr1 pull hf:{REPO}:{quant}" in said
    assert said.endswith(f"Choose one: localr1 pull hf:{REPO}:Q4_K_M\n")
    assert not pulled(home).exists()


def test_a_broken_model_in_a_repository_keeps_nobody_from_choosing_another_one(hub: HubServer) -> None:
    hub.add("maker/Several-GGUF", {"a-Q2_K.gguf": b"GGUF!", "a-Q8_0.gguf": b"GGUF!" * 9})
    done = localr1("pull", "hf:maker/Several-GGUF")
    assert done.returncode == 2
    assert "localr1 pull hf:maker/Several-GGUF:Q8_0" in text(done.stderr)


def test_a_list_of_quants_fetches_nothing(hub: HubServer, home: Path) -> None:
    done = localr1("pull", "--list", f"hf:{REPO}")
    assert done.returncode == 0
    assert f"localr1 pull hf:{REPO}:Q8_0" in text(done.stdout)
    assert not (home / "data" / "models").exists()


def test_what_there_is_to_choose_from_stays_at_the_revision_that_was_asked_for(hub: HubServer) -> None:
    commit = hub.repos[REPO].commit
    done = localr1("pull", f"hf:{REPO}@{commit}")
    assert f"localr1 pull hf:{REPO}@{commit}:Q8_0" in text(done.stderr)


def test_the_quants_of_the_catalog_are_listed_without_the_hub(hub: HubServer) -> None:
    assert "localr1 pull qwen-7b:Q3_K_M" in text(localr1("pull", "--list", "qwen-7b").stdout)
    assert hub.asked() == []


def test_all_names_are_understood_before_the_first_model_is_fetched(hub: HubServer, home: Path) -> None:
    assert localr1("pull", TINY, "hf:maker/Nothing-GGUF").returncode == 6
    assert not pulled(home).exists()


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("hf:maker", 2, "no repository"),
        ("nano", 2, "nothing to fetch"),
        ("qwen-99b", 3, "no model named"),
        ("hf:maker/Tiny-GGUF:Q2_K", 3, "There is no Q2_K"),
        ("hf:maker/Nothing-GGUF", 6, "maker/Nothing-GGUF"),
        (CLIPBOARD, 3, "no model named"),
    ],
)
def test_what_can_not_be_pulled_has_its_exit_code(hub: HubServer, name: str, code: int, words: str) -> None:
    done = localr1("pull", name)
    assert done.returncode == code
    assert done.stdout == b""
    assert words in text(done.stderr)
    assert b"\x1b" not in done.stderr
    assert len(text(done.stderr).splitlines()) <= 2


def test_a_file_with_a_wrong_bit_is_6_and_not_kept(hub: HubServer, home: Path) -> None:
    hub.fail(flipped(at=1_000_000), at="cdn")
    done = localr1("pull", TINY)
    assert done.returncode == 6
    assert "does not match its hash" in text(done.stderr)
    assert not pulled(home).exists()


def test_a_busy_hub_is_waited_for_and_that_is_said(hub: HubServer) -> None:
    hub.fail(fails(503, Retry_After="1"), at="cdn", times=1)
    done = localr1("pull", TINY)
    assert done.returncode == 0
    assert "retrying in 1 s: " in text(done.stderr)


def test_offline_is_6_and_asks_nobody(hub: HubServer) -> None:
    assert localr1("pull", TINY, env={"LOCALR1_OFFLINE": "true"}).returncode == 6
    assert hub.asked() == []


def test_a_token_is_sent_only_when_it_is_asked_for(hub: HubServer, home: Path, tmp_path: Path) -> None:
    hub.repos[REPO].gated = "auto"
    hub.repos[REPO].token = "hf_secret_token"
    token = {"HF_TOKEN": "hf_secret_token"}
    assert localr1("pull", TINY, env=token).returncode == 6
    assert not [request for request in hub.asked() if "Authorization" in request.headers]
    assert localr1("pull", TINY, "--use-token", env=token).returncode == 0
    pulled(home).unlink()
    file = tmp_path / "token"
    file.write_text("hf_secret_token\n")
    assert localr1("pull", TINY, "--token-file", str(file)).returncode == 0


def test_a_token_that_is_not_there_is_2(hub: HubServer) -> None:
    done = localr1("pull", TINY, "--use-token")
    assert done.returncode == 2
    assert "HF_TOKEN" in text(done.stderr)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_download_that_the_same_command_continues(
    hub: HubServer, home: Path, number: int, code: int
) -> None:
    hub.fail(stall(after=STALLED_AT), at="cdn", times=1)
    with started("pull", TINY) as process:
        wait_for_bytes(pulled(home).parent, STALLED_AT)
        os.kill(process.pid, number)
        output, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == code
    assert output == b""
    assert "It continues with the same command." in text(errors)
    assert localr1("pull", TINY).returncode == 0
    assert hub.sent("cdn") <= pulled(home).stat().st_size + 1024 * 1024


def test_a_signal_ends_a_question_that_is_never_answered(hub: HubServer) -> None:
    hub.fail(stall(after=-1), at="info", times=1)
    with started("pull", TINY) as process:
        assert hub.stalled.wait(TIMEOUT)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130


def test_a_terminal_gets_a_bar_and_then_what_to_type(hub: HubServer, home: Path) -> None:
    hub.fail(stall(after=STALLED_AT), at="cdn", times=1)
    with on_terminal(home, "pull", TINY) as terminal:
        terminal.wait_for("of 2.20 MB")
        hub.resume()
        assert terminal.wait_for_end() == 0
    assert "━".encode() in terminal.drawn
    assert b"localr1 models use Tiny-Q8_0" in terminal.drawn
    assert b"\x1b[?25l" in terminal.drawn
    assert terminal.drawn.rindex(b"\x1b[?25h") > terminal.drawn.rindex(b"\x1b[?25l")


@pytest.mark.parametrize("variable", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours_gets_plain_lines(
    hub: HubServer, home: Path, variable: tuple[str, str]
) -> None:
    name, value = variable
    program = f"import os; os.environ[{name!r}] = {value!r}; from localr1.cli.main import run; run()"
    with on_terminal(home, "pull", TINY, program=program) as terminal:
        assert terminal.wait_for_end() == 0
    assert b"100 %" in terminal.drawn
    assert b"\x1b" not in terminal.drawn


@pytest.mark.parametrize("place", ["info", "resolve"])
def test_what_a_server_says_is_never_an_order_to_the_terminal(hub: HubServer, home: Path, place: str) -> None:
    hub.fail(fails(404, "EntryNotFound", f"gone {CLIPBOARD}"), at=place)  # type: ignore[arg-type]
    with on_terminal(home, "pull", TINY) as terminal:
        assert terminal.wait_for_end() == 6
    assert b"\x1b]52" not in terminal.drawn


def test_what_it_says_while_another_try_is_waited_for_is_no_order_either(hub: HubServer, home: Path) -> None:
    hub.fail(fails(404, "EntryNotFound", f"gone {CLIPBOARD}"), at="cdn")
    with on_terminal(home, "pull", TINY) as terminal:
        terminal.wait_for("any more")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_for_end() == 130
    assert b"\x1b]52" not in terminal.drawn


def test_a_model_that_is_too_big_is_fetched_only_if_the_user_says_so(hub: HubServer, home: Path) -> None:
    write_catalog(home, CATALOG + ENORMOUS)
    with on_terminal(home, "pull", "tiny") as terminal:
        terminal.wait_for("Fetch it anyway?")
        terminal.type("n\n")
        assert terminal.wait_for_end() == 130
    assert b"tiny will not fit: it needs" in terminal.drawn
    assert not pulled(home).exists()
    with on_terminal(home, "pull", "tiny", "--anyway") as terminal:
        assert terminal.wait_for_end() == 0
    assert pulled(home).exists()


def test_in_a_pipe_a_model_that_is_too_big_is_fetched_with_a_warning(hub: HubServer, home: Path) -> None:
    write_catalog(home, CATALOG + ENORMOUS)
    done = localr1("pull", "tiny")
    assert done.returncode == 0
    assert "tiny will not fit: it needs" in text(done.stderr)


def test_a_quant_that_would_fit_is_named(hub: HubServer, home: Path) -> None:
    small = "layers = 6\nembedding = 192\nfeed_forward = 512\nvocabulary = 262\nkv_heads = 3\nhead = 32\n"
    write_catalog(home, f"{CATALOG}[model.shape]\n{small}")
    hub.fail(says(X_Linked_Size=str(9 * 10**11)), at="resolve")
    done = localr1("pull", "tiny")
    assert done.returncode == 6
    assert "tiny will not fit: it needs 900 GB" in text(done.stderr)
    assert "tiny:Q8_0 needs " in text(done.stderr)
    assert hub.sent("cdn") == 0
