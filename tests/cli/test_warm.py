"""localr1 ask --keep-warm and localr1 engine: the engine between two questions."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from localr1.engine.standings import end_all, find_standings
from tests.cli.program import COMMAND, TIMEOUT, localr1, started, text
from tests.engine.processes import WAIT_SECONDS, ends

ASK = ("ask", "--temperature", "0", "--keep-warm", "10m")
QUESTION = "What is 47 + 85?"
ANSWER = "47 + 85 = 132.\n"


@pytest.fixture
def home(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A LOCALR1_HOME with a path that a socket has room in; nothing stays warm after the test."""
    home = tmp_path_factory.mktemp("h")
    monkeypatch.setenv("LOCALR1_HOME", str(home))
    yield home
    end_all(home / "run")


def test_the_next_question_is_answered_by_the_engine_that_was_kept(home: Path) -> None:
    assert text(localr1(*ASK, QUESTION).stdout) == ANSWER
    [kept] = find_standings(home / "run")
    assert text(localr1("ask", "--temperature", "0", QUESTION).stdout) == ANSWER
    shown = text(localr1("engine", "status").stdout)
    assert re.search(rf"nano\.gguf +\d\S* MB +\d+ s +\d+ min +{kept.pid}\n", shown)


def test_the_engine_can_be_ended(home: Path) -> None:
    localr1(*ASK, QUESTION)
    [kept] = find_standings(home / "run")
    assert text(localr1("engine", "stop").stdout) == "1 engine ended.\n"
    assert ends(kept.pid)
    for command in ("status", "stop"):
        done = localr1("engine", command)
        assert (done.returncode, done.stdout, text(done.stderr)) == (0, b"", "No engine is kept warm.\n")


def test_nothing_is_kept_unless_it_is_asked_for(home: Path) -> None:
    localr1("ask", QUESTION)
    assert not (home / "run").exists()


def test_the_setting_keeps_it_as_the_option_does(home: Path) -> None:
    localr1("ask", QUESTION, env={"LOCALR1_KEEP_WARM": "1h"})
    [kept] = find_standings(home / "run")
    assert 3500 < kept.left_seconds <= 3600


def test_a_batch_leaves_the_engine_to_the_next_and_that_one_finds_it(home: Path) -> None:
    for _ in range(2):
        done = localr1(
            "batch", "--temperature", "0", "--keep-warm", "10m", "--quiet", stdin=b'"What is 47 + 85?"\n'
        )
        assert b'"answer":"47 + 85 = 132."' in done.stdout
        [kept] = find_standings(home / "run")
    assert text(localr1(*ASK, QUESTION).stdout) == ANSWER
    assert [standing.pid for standing in find_standings(home / "run")] == [kept.pid]


@pytest.mark.parametrize("time", ["5", "-5m", "5d", "1.5h", "", "99999s", "soon"])
def test_what_is_no_time_is_refused(home: Path, time: str) -> None:
    done = localr1("ask", "--keep-warm", time, QUESTION)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "is no time such as 30s, 5m or 1h" in text(done.stderr)


def test_a_killed_command_leaves_the_engine_free_for_the_next_one(home: Path) -> None:
    localr1(*ASK, QUESTION)
    [kept] = find_standings(home / "run")
    drawn = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "4")
    rambling = ("ask", *drawn, "--thinking", "only", QUESTION)
    with started(*rambling, stdin=subprocess.DEVNULL) as running:
        assert running.stdout
        assert running.stdout.read(1)
        running.send_signal(signal.SIGKILL)
        running.wait(TIMEOUT)
    assert text(localr1("ask", "--temperature", "0", QUESTION).stdout) == ANSWER
    assert [standing.pid for standing in find_standings(home / "run")] == [kept.pid]


def test_the_engine_keeps_no_file_open_that_the_shell_gave_to_ask(home: Path) -> None:
    reading, writing = os.pipe()
    subprocess.run([*COMMAND, *ASK, QUESTION], pass_fds=[writing], check=True, timeout=TIMEOUT)
    assert find_standings(home / "run")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert select.select([pipe], [], [], WAIT_SECONDS)[0]


def test_the_model_is_loaded_while_the_prompt_is_still_awaited(home: Path, nano: Path) -> None:
    with started(*ASK) as asking:
        until_it_holds(home, nano)
        answer, _ = asking.communicate(QUESTION.encode(), timeout=TIMEOUT)
    assert text(answer) == ANSWER


def until_it_holds(home: Path, model: Path) -> None:
    """Wait until the engine that is being started has loaded the model."""
    deadline = time.monotonic() + TIMEOUT
    while [standing.path for standing in find_standings(home / "run")] != [os.fsencode(model)]:
        assert time.monotonic() < deadline


def test_encrypted_chats_never_meet_a_warm_engine(home: Path, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("five random words are enough\n")
    phrase.chmod(0o600)
    localr1(*ASK, QUESTION)
    [kept] = find_standings(home / "run")
    assert localr1("lock", "--key-file", str(phrase)).returncode == 0
    assert ends(kept.pid)
    done = localr1(*ASK, "--key-file", str(phrase), QUESTION)
    assert text(done.stdout) == ANSWER
    assert text(done.stderr) == "localr1: the engine is not kept warm: the chats are encrypted.\n"
    assert find_standings(home / "run") == []


def test_a_home_whose_path_is_too_long_for_a_socket_still_answers(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 25)
    done = localr1(*ASK, QUESTION, env={"LOCALR1_HOME": str(home)})
    assert text(done.stdout) == ANSWER
    assert "the path of its socket would be too long" in text(done.stderr)
