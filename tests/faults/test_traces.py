"""What is said leaves no trace where there shall be none: in logs, and of chats that are not kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.requests import Generate
from localr1.errors import EngineError, TemplateError
from tests.cli.program import localr1
from tests.engine.asking import GREEDY, ask, engine_of, user
from tests.faults.scripts import files_with
from tests.faults.written import MARK, files_written

SECRET = "xylophone"
QUESTION = f"The secret word is {SECRET}."
FUSSY = (
    "{% for message in messages %}{{ message.content }}"
    "{% if 'secret' in message.content %}{{ raise_exception(message.content) }}{% endif %}{% endfor %}"
)
"""A chat template that quotes what it refuses."""
TEMPORARY_CHAT = f"""
import asyncio, os
from pathlib import Path
from tests.tui.chatting import ask, opened, real_app, shows

def mark():
    Path({MARK!r}).exists()

async def chat():
    app = real_app(Path(os.environ["LOCALR1_HOME"]))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+o")
        await shows(pilot, "No chats yet")
        await pilot.press("N")
        await shows(pilot, "A temporary chat")
        await opened(pilot)
        mark()
        chat = await ask(pilot, {QUESTION!r})
        await pilot.press("ctrl+r")
        chat.prompt.insert("a draft about the {SECRET}")
        await pilot.pause(1.2)
        await pilot.press("ctrl+n")
        await shows(pilot, "localr1")
        mark()
    print("WAS THERE")

asyncio.run(chat())
"""


async def reply(engine: Engine, nano: Path) -> None:
    await engine.load(nano)
    await ask(engine, user(QUESTION), max_tokens=20)


async def failing_template(engine: Engine, nano: Path) -> None:
    await engine.load(nano, template=FUSSY)
    with pytest.raises(TemplateError, match=SECRET):
        await ask(engine, user(QUESTION))


def ended_by(number: signal.Signals) -> Callable[[Engine, Path], Awaitable[None]]:
    """A signal in the midst of a reply: Python's traceback, or the end of the process."""

    async def end(engine: Engine, nano: Path) -> None:
        await engine.load(nano)
        with pytest.raises(EngineError):
            async for _ in engine.generate(Generate((user(QUESTION),), GREEDY)):
                if engine.pid:
                    os.kill(engine.pid, number)

    return end


@pytest.mark.parametrize(
    "misfortune",
    [reply, failing_template, ended_by(signal.SIGINT), ended_by(signal.SIGSEGV)],
    ids=["a reply", "a template that fails", "an exception in the worker", "a crash of the worker"],
)
async def test_no_log_holds_text_of_chats_whatever_goes_wrong(
    misfortune: Callable[[Engine, Path], Awaitable[None]], tmp_path: Path, nano: Path
) -> None:
    async with engine_of(tmp_path) as engine:
        await misfortune(engine, nano)
    assert (tmp_path / "engine.log").exists()
    assert files_with(SECRET, tmp_path) == set()


def test_a_question_that_is_not_saved_writes_no_file_but_the_log_of_the_engine(
    home: Path, tmp_path: Path
) -> None:
    done, written = files_written(
        tmp_path / "calls", "-B", "-m", "localr1", "ask", "--no-save", "--temperature", "0", QUESTION
    )
    assert done.returncode == 0
    assert written <= {str(home), str(home / "state"), str(home / "state" / "engine.log")}
    assert files_with(SECRET, home) == set()


def test_a_temporary_chat_writes_no_file_at_all(home: Path, tmp_path: Path) -> None:
    assert localr1("chats", "backup").returncode == 0  # or else the first start of a day makes one
    done, written = files_written(tmp_path / "calls", "-B", "-c", TEMPORARY_CHAT)
    assert b"WAS THERE" in done.stdout, done.stderr.decode()
    assert written == set()
    assert files_with(SECRET, home) == set()


def test_the_watch_sees_what_is_written_between_the_marks(tmp_path: Path) -> None:
    kept, before = tmp_path / "kept", tmp_path / "before"
    script = f"""
from pathlib import Path
Path({str(before)!r}).write_text("x")
Path({MARK!r}).exists()
Path({str(kept)!r}).mkdir()
Path({str(kept / "file")!r}).write_text("x")
Path({MARK!r}).exists()
"""
    _, written = files_written(tmp_path / "calls", "-B", "-c", script)
    assert written == {str(kept), str(kept / "file")}
