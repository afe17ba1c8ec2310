"""Too little memory for a model: said before it is loaded, or explained when the engine met it first."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from localr1.catalog import load_catalog
from localr1.chat.session import ChatSession
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.errors import EngineError, ModelFileError, OutOfMemoryError
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.cli.program import localr1, text
from tests.engine.asking import engine_of
from tests.engine.fake_worker import fake_worker

ABSURD = 10_000_000
"""Tokens of context that take more memory than any machine for tests has: 230 GB with SmolLM2."""

Open = Callable[[Sequence[str] | None], AbstractAsyncContextManager[ChatSession]]


@pytest.fixture
def session_of(tmp_path: Path, smollm2: Path) -> Open:
    """Opens a session with SmolLM2 and an absurd context over a worker of one's choice."""

    @asynccontextmanager
    async def open_session(command: Sequence[str] | None) -> AsyncIterator[ChatSession]:
        model = LocalModel("smollm2", smollm2, smollm2.stat().st_size, "Q4_1")
        library = Library(load_catalog, tmp_path / "models")
        config = Config(context=ABSURD, memory_check=command is None)
        database = Database.in_memory()
        async with engine_of(tmp_path, command) as engine:
            yield ChatSession(Chats(database), engine, model, config, library=library)
        database.close()

    return open_session


async def test_a_model_that_does_not_fit_is_refused_before_the_worker_is_asked(session_of: Open) -> None:
    async with session_of(None) as session:
        with pytest.raises(ModelFileError, match=r"smollm2 needs 2\d\d GB, .* are free\.") as refused:
            await session.load()
        assert refused.value.exit_code == 3
        assert refused.value.hint.startswith("With a context of 8,192 tokens it needs 3")
        assert session.load_share is None


async def test_a_refused_model_leaves_the_one_that_is_loaded(session_of: Open, nano: Path) -> None:
    async with session_of(None) as session:
        engine: Engine = session._engine
        info = await engine.load(nano)
        with pytest.raises(ModelFileError, match="are free"):
            await session.load()
        assert await engine.load(nano) is info


@pytest.mark.parametrize(
    "behaviour",
    [
        "ready(); hear(); os.kill(os.getpid(), signal.SIGKILL)",
        """
        ready()
        say("failed", id=hear()["id"], kind="memory", message="there is no memory for 9 tokens of context")
        hang()
        """,
    ],
    ids=["killed while loading", "no memory for the context"],
)
async def test_an_engine_without_memory_is_explained_with_numbers_and_a_smaller_choice(
    session_of: Open, behaviour: str
) -> None:
    async with session_of(fake_worker(behaviour)) as session:
        with pytest.raises(EngineError) as explained:
            await asyncio.wait_for(session.load(), 20)
    assert explained.value.exit_code == 4
    assert "needs about 2" in explained.value.message
    assert "are free" in explained.value.message
    assert "tokens it needs" in explained.value.hint


async def test_a_file_that_there_is_no_memory_to_map_is_not_called_damaged(
    tmp_path: Path, smollm2: Path
) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.about()
        assert engine.pid
        limit = psutil.Process(engine.pid).memory_info().vms + smollm2.stat().st_size // 2
        resource.prlimit(engine.pid, resource.RLIMIT_AS, (limit, limit))
        with pytest.raises(OutOfMemoryError, match="Cannot allocate memory"):
            await engine.load(smollm2, context=512)


@pytest.mark.usefixtures("home")
def test_the_command_line_says_it_in_two_lines_and_ends_with_3(smollm2: Path) -> None:
    ended = localr1("ask", "--no-save", "-m", str(smollm2), "--context", str(ABSURD), "Hi")
    assert (ended.returncode, ended.stdout) == (3, b"")
    first, second = text(ended.stderr).splitlines()
    assert first.startswith("localr1: SmolLM2-135M-Instruct.Q4_1.gguf needs 2")
    assert second.strip().startswith("With a context of 8,192 tokens it needs 3")


@pytest.mark.usefixtures("home")
def test_without_the_check_a_chat_begins_and_takes_memory_as_it_grows(smollm2: Path) -> None:
    ended = localr1("ask", "--no-save", "-m", str(smollm2), "--context", str(ABSURD), "Hi", env=_unchecked())
    assert ended.returncode == 0
    assert ended.stdout


def _unchecked() -> dict[str, str]:
    return {"LOCALR1_MEMORY_CHECK": "false"}
