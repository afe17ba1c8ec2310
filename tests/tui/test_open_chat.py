"""The open chat, as every part of the screen sees it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from shutil import copy

from localr1.chat_options import ChatOptions
from localr1.open_chat import OpenChat
from localr1.runtime import Runtime, open_runtime
from tests.tui.chatting import PLAIN, paths_of, settings_of


async def test_what_a_new_chat_was_set_to_outlives_another_model(
    home: Path, nano: Path, tmp_path: Path
) -> None:
    other = copy(nano, tmp_path / "other.gguf")
    async with open_runtime(settings_of(PLAIN, home), paths_of(home)) as runtime:

        async def opened() -> Runtime:
            return runtime

        chat = OpenChat(asyncio.create_task(opened()), "nano")
        await chat.open(None)
        (await chat.begin_session()).set_options(ChatOptions(effort="low"))
        session = await chat.change_model(str(other))
        assert session.options == ChatOptions(effort="low")
