"""What a turn is about: a question, and the reply to it that goes on or is taken up again."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.chat.families import Family
from localr1.chat.place import last_question, next_parent, unanswered
from localr1.chat.title import is_provisional, title_of
from localr1.chat.trace import cut_reply, reopened
from localr1.chat.turn import NOTHING
from localr1.errors import UsageError
from localr1.message import FinishReason, Message, Reply, Role
from localr1.store.chat import Chat
from localr1.store.chats import Chats


@dataclass(frozen=True, slots=True)
class Task:
    """A saved question, and what there is of a reply to it."""

    question: Message
    cut: Message | None = None
    """This reply goes on."""
    doubted: Message | None = None
    """A new reply goes on with the thinking of this one."""

    def earlier(self, family: Family, model: str) -> Reply:
        """What the reply of this model begins with; raises UsageError for a thinking that it can't have."""
        if self.cut:
            return cut_reply(self.cut, family, model)
        if self.doubted and not family.thinks:
            raise UsageError(f"{model} does not think.")
        return reopened(self.doubted, family) if self.doubted else NOTHING


def can_go_on(message: Message) -> bool:
    """Whether a reply was cut, or ended before its answer began."""
    ended = message.finish_reason is FinishReason.STOP
    return message.role is Role.ASSISTANT and not (ended and message.text.strip())


def can_be_doubted(message: Message) -> bool:
    """Whether a reply has a thinking to go on with."""
    return message.role is Role.ASSISTANT and bool(message.thinking.strip())


class Tasks:
    """Finds or saves what the turns of a chat are about."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    def ask(self, chat: Chat, text: str) -> Task:
        """A new question; the same one again is the one that got no reply."""
        branch = self._chats.branch(chat.id)
        if branch and is_provisional(self._chats.get(chat.id).title, branch[0].text):
            self._chats.rename(chat.id, title_of(text))
        waiting = unanswered(branch)
        if waiting and waiting.text.strip() == text.strip():
            return Task(waiting)
        return Task(self._chats.add_user_message(chat.id, next_parent(branch), text))

    def ask_again(self, chat: Chat | None) -> Task:
        """The last question, once more."""
        question = last_question(self._chats.branch(chat.id)) if chat else None
        if question is None:
            raise UsageError("Nothing has been asked yet.")
        return Task(question)

    def ask_instead(self, message_id: int, text: str) -> Task:
        """A question in other words."""
        question = self._chats.message(message_id)
        if question.text.strip() == text.strip():
            return Task(question)
        return Task(self._chats.add_user_message(question.chat_id, question.parent_id, text))

    def go_on(self, chat: Chat | None) -> Task:
        """The last reply, where it was cut."""
        reply = self._last_reply(chat)
        if not can_go_on(reply):
            raise UsageError("The last reply came to its end.", hint="Ask for another one instead.")
        return Task(self._question_of(reply), cut=reply)

    def doubt(self, chat: Chat | None) -> Task:
        """The thinking of the last reply, without its end."""
        reply = self._last_reply(chat)
        if not can_be_doubted(reply):
            raise UsageError("The last reply has no thinking to go on with.")
        return Task(self._question_of(reply), doubted=reply)

    def _last_reply(self, chat: Chat | None) -> Message:
        branch = self._chats.branch(chat.id) if chat else []
        if not branch or branch[-1].role is not Role.ASSISTANT:
            raise UsageError("There is no reply to go on with.")
        return branch[-1]

    def _question_of(self, reply: Message) -> Message:
        if reply.parent_id is None:
            raise UsageError("There is no question before this reply.")
        return self._chats.message(reply.parent_id)
