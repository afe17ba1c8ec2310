"""What the chat that is open is set to by a command: how long to think, and its instructions."""

from __future__ import annotations

from msgspec.structs import replace

from localr1.chat_options import read_effort
from localr1.open_chat import OpenChat
from localr1.safe_text import safe_line
from localr1.tui.widgets.status import Status


async def use_preset(chat: OpenChat, status: Status, name: str) -> None:
    """Set it to all that a preset holds, from its next turn on."""
    with status.saying_errors():
        preset = (await chat.runtime()).presets.find(name)
        session = await chat.begin_session()
        await session.keep_options(preset.options.over(session.default_options))
        status.flash(f"this chat is set to {safe_line(preset.name)}")


async def set_effort(chat: OpenChat, status: Status, effort: str) -> None:
    """Let it think so long from its next turn on."""
    with status.saying_errors():
        session = await chat.begin_session()
        await session.keep_options(replace(session.options, effort=read_effort(effort)))
        status.flash(f"the effort of this chat is {effort} now")


async def set_instructions(chat: OpenChat, status: Status, instructions: str) -> None:
    """Tell the model this before anything else, from the next turn on."""
    with status.saying_errors():
        session = await chat.begin_session()
        await session.keep_options(replace(session.options, instructions=instructions))
        status.flash("the chat has its instructions")
