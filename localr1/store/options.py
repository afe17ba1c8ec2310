"""How the options of a chat lie in their column."""

from __future__ import annotations

import json

import msgspec

from localr1.chat_options import ChatOptions
from localr1.errors import DatabaseError


def read_options(chat_id: int, text: str) -> ChatOptions:
    """The options of a column; raises DatabaseError for what can't have been saved."""
    try:
        return msgspec.json.decode(text, type=ChatOptions)
    except msgspec.MsgspecError as error:
        raise DatabaseError(
            f"The options of chat {chat_id} are damaged in the database.",
            hint="Set them again; its messages can still be read.",
        ) from error


def write_options(options: ChatOptions) -> str:
    """Options for their column: every one is named, so that null takes back what was set before."""
    return json.dumps(msgspec.to_builtins(options), ensure_ascii=False)
