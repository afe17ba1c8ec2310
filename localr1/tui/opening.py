"""The chat that is opened, as it appears on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.message import Message
from localr1.open_chat import OpenChat
from localr1.tui.draft import Draft
from localr1.tui.widgets.banner import Banner
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.status import Status


async def show_terms(chat: OpenChat, banner: Banner, status: Status, *, temporary: bool) -> None:
    """Say where a chat that will be opened can't be written, and that it is `temporary`."""
    read_only = (await chat.saved_chats()).read_only and not temporary
    directory = (await chat.runtime()).paths.database.parent if read_only else None
    banner.show_read_only(directory)
    status.temporary = temporary


async def show_chat(
    chat: OpenChat,
    messages: Sequence[Message],
    draft: Draft,
    conversation: Conversation,
    foot: Foot,
    *,
    at: int | None,
) -> None:
    """Show what was said in the chat, from its end or `at` the message of this id, and what was written."""
    await draft.turn_to((await chat.runtime()).drafts, chat.id)
    foot.status.begin(await chat.model(), messages)
    foot.begin(asked=bool(messages))
    only_bundled = not messages and await chat.only_bundled()
    await conversation.open(
        messages, foot.status.model, at=at, only_bundled=only_bundled, temporary=chat.temporary
    )
    conversation.mark(await chat.siblings())
