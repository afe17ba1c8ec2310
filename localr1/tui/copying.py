"""What can be copied out of the chat that is open: as it was written, not as it is drawn."""

from __future__ import annotations

from enum import Enum

from localr1.chat.export import to_markdown
from localr1.open_chat import OpenChat
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.conversation import Conversation


class Part(str, Enum):
    """A part of a chat, by its name; of answers, thinking and code the newest is meant."""

    ANSWER = "answer"
    CODE = "code"
    THINKING = "thinking"
    CHAT = "chat"
    CHAT_AND_THINKING = "chat and thinking"


async def text_of(part: Part, chat: OpenChat, conversation: Conversation) -> str:
    """The text of a part; "" where there is none."""
    match part:
        case Part.ANSWER:
            texts = (reply.answer.text for reply in _replies(conversation))
        case Part.THINKING:
            texts = (reply.thinking.text for reply in _replies(conversation))
        case Part.CODE:
            texts = (code for reply in _replies(conversation) for code in _code(reply))
        case Part.CHAT | Part.CHAT_AND_THINKING:
            return await _chat(chat, thinking=part is Part.CHAT_AND_THINKING)
    return next((text for text in texts if text.strip()), "")


def _replies(conversation: Conversation) -> list[AssistantMessage]:
    """Those that are drawn, the newest first."""
    return list(reversed(conversation.query(AssistantMessage)))


def _code(reply: AssistantMessage) -> list[str]:
    return list(reversed(reply.answer.code().values()))


async def _chat(chat: OpenChat, *, thinking: bool) -> str:
    """From the store, as not every message of a long chat is drawn."""
    if chat.id is None:
        return ""
    chats = await chat.chats()
    return to_markdown(chats.get(chat.id).title, chats.branch(chat.id), thinking=thinking)
