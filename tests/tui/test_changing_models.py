"""A model that is changed in a chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from localr1.config_sources import load_config
from localr1.engine.reports import ModelInfo
from localr1.errors import ModelFileError
from localr1.tui.widgets.notice import ErrorNotice
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ask,
    opened,
    paths_of,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)
from tests.tui.fetching import QWEN, put_model
from tests.tui.models import app_of, take

NOTE = "qwen-1.5b answers from here on"


class Refusing(ScriptedEngine):
    """Has no room for Qwen."""

    async def load(self, path: Path, **wanted: Any) -> ModelInfo:
        if "Qwen" in path.name:
            raise ModelFileError("qwen-1.5b needs 5.9 GB, 3.1 GB are free.", hint="Close something.")
        return await super().load(path, **wanted)


async def test_a_model_that_is_changed_in_a_chat_is_said_there_and_kept_with_it(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await take(pilot, "qwen-1.5b")
        await shows(pilot, NOTE)
        await ask(pilot, "And now add 5.")
    with store(home) as chats:
        assert chats.get(1).model == "qwen-1.5b"
        assert [message.model for message in chats.branch(1)[1::2]] == ["nano", "qwen-1.5b"]


async def test_the_first_model_that_is_chosen_becomes_the_one_of_new_chats(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await take(pilot, "qwen-1.5b")
        await shows(pilot, "Ask qwen-1.5b something")
        await pilot.press("ctrl+n")
        await opened(pilot)
        await shows(pilot, "Ask qwen-1.5b something")
    assert load_config(paths_of(home).config_file, environ={}).model == "qwen-1.5b"


async def test_a_choice_that_the_user_has_written_down_is_not_overwritten(home: Path) -> None:
    put_model(home)
    put_model(home, QWEN.replace("1.5B", "7B"), "lmstudio-community/DeepSeek-R1-Distill-Qwen-7B-GGUF")
    file = paths_of(home).config_file
    file.parent.mkdir(parents=True)
    file.write_text('model = "qwen-7b"')
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await take(pilot, "qwen-1.5b")
        await shows(pilot, "Ask qwen-1.5b something")
    assert file.read_text() == 'model = "qwen-7b"'


async def test_a_model_that_cannot_be_loaded_is_said_and_the_old_one_goes_on(home: Path) -> None:
    put_model(home)
    app = app_of(home, Refusing(*pieces()))
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        chat = await take(pilot, "qwen-1.5b")
        await shows(pilot, "qwen-1.5b needs 5.9 GB, 3.1 GB are free.")
        assert chat.status.model == "nano"
        await ask(pilot, "And now add 5.")
        assert len(chat.query(ErrorNotice)) == 1
    with store(home) as chats:
        assert chats.get(1).model == "nano"


async def test_a_model_that_is_chosen_during_a_reply_answers_after_it(home: Path) -> None:
    put_model(home)
    engine = ScriptedEngine(*pieces(), hold=3)
    app = app_of(home, engine)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await take(pilot, "qwen-1.5b")
        await shows(pilot, "qwen-1.5b answers after this reply; Esc stops it")
        assert NOTE not in screen_text(app)
        engine.released.set()
        await shows(pilot, NOTE)
    with store(home) as chats:
        assert chats.branch(1)[-1].model == "nano"


async def test_another_chat_that_is_opened_meanwhile_keeps_its_own_model(home: Path) -> None:
    put_model(home)
    engine = ScriptedEngine(*pieces(), hold=3)
    app = app_of(home, engine)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await take(pilot, "qwen-1.5b")
        await shows(pilot, "answers after this reply")
        await pilot.press("ctrl+n")
        await shows(pilot, "Ask nano something")
        await opened(pilot)
        assert chat.status.model == "nano"


async def test_only_the_bundled_model_is_called_a_toy(home: Path, nano: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.symlink_to(nano)
    async with scripted_app(ScriptedEngine(), home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "nano is a toy")
    async with scripted_app(ScriptedEngine(), home, model=str(own)).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "Ask own something")
        assert "toy" not in screen_text(pilot.app)


async def test_a_temporary_chat_says_so_whatever_model_is_chosen(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.open(None, temporary=True)
        await shows(pilot, "never on the disk")
        await take(pilot, "qwen-1.5b")
        await shows(pilot, "Ask qwen-1.5b something")
        assert "never on the disk" in screen_text(app)
