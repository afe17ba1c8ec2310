"""A question from outside of its chat, as the command line and programs ask one."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import msgspec

from localr1.chat.events import Event
from localr1.chat.place import last_question
from localr1.chat.session import ChatSession
from localr1.chat.votes import Poll
from localr1.chat_options import ChatOptions
from localr1.errors import UsageError


async def set_chat(session: ChatSession, preset: ChatOptions | None, instructions: str) -> None:
    """Set the chat to a preset, where there is one, and to instructions in the place of its own."""
    options = preset.over(session.default_options) if preset else session.options
    if instructions:
        options = msgspec.structs.replace(options, instructions=instructions)
    if preset or instructions:
        await session.keep_options(options)


def turn_of(session: ChatSession, prompt: str, poll: Poll, *, branch: bool) -> AsyncGenerator[Event, None]:
    """The turn that answers a prompt after the last answer of the chat, or on a `branch` beside its question.

    Raises UsageError where there is no question to branch off from.
    """
    if not branch:
        return session.send(prompt, poll)
    last = last_question(session.history())
    if last is None:
        raise UsageError("There is no chat to branch off: nothing has been asked yet.")
    return session.edit(last.id, prompt, poll)
