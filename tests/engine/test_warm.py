"""A worker that is kept warm: who gets it, who does not, what it remembers, and when it ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from localr1.engine.calls import CALL_LIMIT, Inquire, Standing, encode_call
from localr1.engine.client import Engine
from localr1.engine.command import worker_command
from localr1.engine.protocol import encode
from localr1.engine.reports import Paused, Piece, Ready, Rendered
from localr1.engine.requests import Generate
from localr1.engine.standings import end_all, find_standings
from localr1.engine.warm import Warm
from localr1.engine.warm_place import all_places, connect_to, listen_at, obstacle, warm_place
from localr1.errors import EngineError
from tests.conftest import NOBODY
from tests.engine.asking import RAMBLING, ask, until, user
from tests.engine.processes import WAIT_SECONDS, ends, limits

QUESTION = user("What is 47 + 85?")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to act as another user")
SMALL = 512
"""Tokens of context: the less memory, the sooner it is loaded."""


@pytest.fixture
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Workers that are kept for longer than any test; the path of a socket has to be short."""
    directory = tmp_path_factory.mktemp("w")
    command = worker_command(directory / "engine.log")
    yield Warm(directory / "run", command, keep_seconds=600, greeting_seconds=WAIT_SECONDS)
    end_all(directory / "run")


@asynccontextmanager
async def engine_by(warm: Warm) -> AsyncIterator[Engine]:
    """An engine whose worker is asked for in this way, as soon as nobody else is about to leave it."""
    async with Engine.start(warm.directory / "engine.log", connect=warm.connect) as engine:
        yield engine


async def answered(warm: Warm, model: Path) -> tuple[int, int]:
    """Ask once: the worker's process, and how much of the prompt it had evaluated before."""
    async with engine_by(warm) as engine:
        await engine.load(model, context=SMALL)
        done = (await ask(engine, QUESTION, max_tokens=2)).done
        assert engine.pid
        pid = engine.pid
    await free(warm)
    return pid, done.prompt_tokens - done.evaluated_tokens


async def free(warm: Warm) -> None:
    """Let whoever had the worker leave it."""
    await until(lambda: not any(standing.busy for standing in find_standings(warm.directory)))


def only(standings: list[Standing]) -> Standing:
    [standing] = standings
    return standing


async def test_the_next_question_finds_the_worker_its_model_and_its_cache(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    again, cached = await answered(replace(warm, keep_seconds=0), nano)
    assert (again, cached) == (first, 20)


async def test_a_model_that_is_held_is_not_loaded_again(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine:
        loaded = await engine.load(nano, context=SMALL)
    await free(warm)
    async with engine_by(warm) as engine:
        assert await engine.load(nano, context=SMALL) == loaded  # the time that it took among it
        assert (await engine.load(nano, context=2 * SMALL)).context == 2 * SMALL
        assert (await engine.load(nano, context=SMALL)).context == SMALL


async def test_a_model_whose_file_has_changed_is_loaded_again(warm: Warm, nano: Path, tmp_path: Path) -> None:
    model = Path(shutil.copy(nano, tmp_path / "model.gguf"))
    async with engine_by(warm) as engine:
        before = await engine.load(model, context=SMALL)
    await free(warm)
    os.utime(model, ns=(0, 0))
    async with engine_by(warm) as engine:
        assert (await engine.load(model, context=SMALL)).load_seconds != before.load_seconds


async def test_what_shall_be_forgotten_is_not_in_the_cache_of_the_next(warm: Warm, nano: Path) -> None:
    forgetting = replace(warm, forget=True)
    assert await answered(forgetting, nano) == (*(await answered(forgetting, nano))[:1], 0)
    assert (await answered(warm, nano))[1] == 0


async def test_while_it_is_busy_another_question_starts_a_worker_of_its_own(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine, engine_by(warm) as other:
        await engine.load(nano, context=SMALL)
        await other.load(nano, context=SMALL)
        assert engine.pid != other.pid
        assert only(find_standings(warm.directory)).pid == engine.pid
        assert (await ask(other, QUESTION, max_tokens=1)).done.generated_tokens == 1


async def test_of_two_at_the_same_time_one_is_kept_and_both_answer(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine, engine_by(warm) as other:
        await asyncio.gather(engine.load(nano, context=SMALL), other.load(nano, context=SMALL))
        assert only(find_standings(warm.directory)).pid in (engine.pid, other.pid)
        assert engine.pid != other.pid


async def test_a_reply_is_cancelled_when_whoever_asked_leaves(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        pid = engine.pid
        async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING, pause_at=1))) as reply:
            async for report in reply:
                if isinstance(report, Paused):
                    await engine.close()
                    break
    await free(warm)
    assert (await answered(warm, nano))[0] == pid


async def test_a_cancelled_reply_ends_and_the_worker_stays(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        reasons = []
        async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING))) as reply:
            async for report in reply:
                if isinstance(report, Rendered):
                    await engine.cancel()
                reasons.append(getattr(report, "finish_reason", ""))
        pid = engine.pid
    assert reasons[-1] == "cancelled"
    await free(warm)
    assert (await answered(warm, nano))[0] == pid


async def test_a_hung_worker_is_killed_by_whoever_waits_for_it_in_vain(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING))) as reply:
            async for report in reply:
                if isinstance(report, Rendered):
                    os.kill(first, signal.SIGSTOP)
                    await engine.cancel()
    assert await asyncio.to_thread(ends, first)


async def test_who_leaves_a_hung_worker_does_not_wait_until_it_reads(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    engine = Engine(warm.directory / "engine.log", warm.connect)
    await engine.load(nano, context=SMALL)
    os.kill(first, signal.SIGSTOP)
    reply = engine.generate(Generate((user("x" * 2**21),), RAMBLING))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(anext(reply), 0.1)
    await asyncio.wait_for(engine.close(), WAIT_SECONDS)


async def test_a_worker_that_was_killed_is_replaced(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    os.kill(first, signal.SIGKILL)
    assert ends(first)
    second, _ = await answered(warm, nano)
    assert second != first
    assert only(find_standings(warm.directory)).pid == second


async def test_the_death_of_a_warm_worker_is_told_and_the_next_question_has_another(
    warm: Warm, nano: Path
) -> None:
    first, _ = await answered(warm, nano)
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(EngineError, match=r"The engine ended while answering\."):
            await ask(engine, QUESTION)
        await engine.load(nano, context=SMALL)
        assert (await ask(engine, QUESTION, max_tokens=1)).done.generated_tokens == 1
        assert engine.pid != first


async def test_a_hung_worker_is_passed_by(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    os.kill(first, signal.SIGSTOP)
    async with engine_by(replace(warm, greeting_seconds=0.05)) as engine:
        await engine.load(nano, context=SMALL)
        assert engine.pid != first
    assert end_all(warm.directory) == 1
    assert ends(first)


async def test_another_version_is_passed_by(warm: Warm, nano: Path) -> None:
    place = warm_place(warm.directory, warm.command)
    listening = listen_at(place)
    assert listening
    old = Ready(version=0, llama_cpp="", system_info="", devices=(), pid=1)
    with closing(listening), greeting(listening, encode(old)):
        async with engine_by(warm) as engine:
            await engine.load(nano, context=SMALL)
            assert engine.pid not in (None, 1)


@contextmanager
def greeting(listening: socket.socket, line: bytes) -> Iterator[None]:
    """Somebody who says one line to whoever comes first."""

    def greet() -> None:
        with listening.accept()[0] as connection:
            connection.sendall(line)
            connection.recv(CALL_LIMIT)

    thread = threading.Thread(target=greet)
    thread.start()
    yield
    thread.join(WAIT_SECONDS)


async def test_without_a_question_it_ends_by_itself_and_takes_its_socket_away(warm: Warm, nano: Path) -> None:
    first, _ = await answered(replace(warm, keep_seconds=0.2), nano)
    assert await asyncio.to_thread(ends, first)
    assert all_places(warm.directory) == []


async def test_a_question_may_set_another_time(warm: Warm, nano: Path) -> None:
    await answered(warm, nano)
    assert only(find_standings(warm.directory)).left_seconds > 500
    await answered(replace(warm, keep_seconds=60), nano)
    assert 0 < only(find_standings(warm.directory)).left_seconds <= 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_cleanly(warm: Warm, nano: Path, number: signal.Signals) -> None:
    first, _ = await answered(warm, nano)
    os.kill(first, number)
    assert await asyncio.to_thread(ends, first)
    assert all_places(warm.directory) == []


async def test_a_worker_that_nobody_can_find_any_more_ends(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    shutil.rmtree(warm.directory)
    assert await asyncio.to_thread(ends, first)


async def test_it_can_be_ended_in_the_middle_of_a_reply(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        with pytest.raises(EngineError, match="The engine ended with code 0 while answering"):
            async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING))) as reply:
                async for report in reply:
                    if isinstance(report, Piece):
                        assert await asyncio.to_thread(end_all, warm.directory) in (0, 1)
    assert all_places(warm.directory) == []


async def test_how_things_stand_is_told_also_while_it_is_busy(warm: Warm, nano: Path) -> None:
    async with engine_by(warm) as engine:
        await engine.load(nano, context=SMALL)
        standing = only(find_standings(warm.directory))
        assert (standing.pid, standing.path, standing.busy) == (engine.pid, os.fsencode(nano), True)
    await free(warm)
    assert not only(find_standings(warm.directory)).busy


async def test_only_its_user_reaches_it_whatever_the_umask_says(warm: Warm, nano: Path) -> None:
    before = os.umask(0)
    try:
        await answered(warm, nano)
    finally:
        os.umask(before)
    [place] = all_places(warm.directory)
    assert stat.S_IMODE(warm.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.lstat().st_mode) == 0o600


async def test_it_keeps_what_a_worker_promises(warm: Warm, nano: Path) -> None:
    first, _ = await answered(warm, nano)
    assert os.getsid(first) == first
    assert limits(first)["Max core file size"][:2] == ["0", "0"]
    assert Path(f"/proc/{first}/cwd").readlink() == Path("/")
    assert "-I" in Path(f"/proc/{first}/cmdline").read_bytes().decode().split("\0")


def test_a_directory_that_is_open_to_others_is_not_used(tmp_path: Path) -> None:
    place = warm_place(tmp_path / "run", ["command"])
    listening = listen_at(place)
    assert listening
    with closing(listening):
        place.parent.chmod(0o755)
        assert connect_to(place) is None
        assert listen_at(place) is None
        assert all_places(place.parent) == []
        assert obstacle(place).endswith("is open to others")


def test_a_directory_in_whose_place_somebody_has_put_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    assert listen_at(warm_place(tmp_path / "run", ["command"])) is None


@AS_ROOT
def test_the_directory_of_another_user_is_not_used(tmp_path: Path) -> None:
    place = warm_place(tmp_path / "run", ["command"])
    place.parent.mkdir(mode=0o700)
    os.chown(place.parent, NOBODY, NOBODY)
    assert listen_at(place) is None


@AS_ROOT
def test_a_worker_of_another_user_is_not_spoken_to(tmp_path: Path) -> None:
    place = warm_place(tmp_path / "run", ["command"])
    listening = listen_at(place)
    assert listening
    with closing(listening):
        ours = connect_to(place)
        assert ours
        ours.close()
        with another_user():
            listening.listen()
        assert connect_to(place) is None


@AS_ROOT
async def test_another_user_who_gets_at_the_socket_is_sent_away(warm: Warm, nano: Path) -> None:
    with TemporaryDirectory() as folder:
        there = replace(warm, directory=Path(folder) / "run")
        await answered(there, nano)
        [place] = all_places(there.directory)
        for path in (place, place.parent, Path(folder)):
            path.chmod(0o777)
        with another_user(), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(WAIT_SECONDS)
            connection.connect(str(place))
            assert hears(connection, encode_call(Inquire())) == b""
        place.parent.chmod(0o700)
        assert end_all(there.directory) == 1


def hears(connection: socket.socket, line: bytes) -> bytes:
    """What comes back for a line."""
    with suppress(ConnectionError):
        connection.sendall(line)
        return connection.recv(CALL_LIMIT)
    return b""


@contextmanager
def another_user() -> Iterator[None]:
    """The kernel tells others that whatever is done in this block is done by nobody."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_path_that_is_too_long_for_a_socket_is_said_and_harms_nothing(tmp_path: Path) -> None:
    place = warm_place(tmp_path / ("long" * 25), ["command"])
    assert "too long" in obstacle(place)
    assert connect_to(place) is None
    assert listen_at(place) is None
    assert obstacle(warm_place(tmp_path, ["command"])) == ""


def test_each_version_and_installation_has_a_place_of_its_own(tmp_path: Path) -> None:
    places = {warm_place(tmp_path, [python, "-I"]) for python in ("/usr/bin/python3", "/opt/python3")}
    assert len(places) == 2
