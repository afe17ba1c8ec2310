"""Chats and their messages: all the SQL about them.

The messages of a chat are a tree; the chat remembers the leaf whose branch is shown. Their order is that of
their ids, as a clock may jump.
"""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable

from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.errors import UsageError
from localr1.message import FinishReason, Message, Reply, Role
from localr1.store.branches import Siblings, below, newest_leaf, siblings
from localr1.store.chat import NEWEST_FIRST, OF_THOSE, SELECT_CHAT, Chat, no_chat, read_chat
from localr1.store.conversations import Conversations
from localr1.store.database import Database
from localr1.store.deletions import Deletions
from localr1.store.driver import Value
from localr1.store.messages import SELECT_MESSAGE, WITH_BRANCH, read_message, write_stats
from localr1.store.options import read_options, write_options
from localr1.store.origins import new_origin
from localr1.store.part import Part
from localr1.store.pruning import prune
from localr1.store.search import Search
from localr1.store.shelf import Shelf
from localr1.store.standing import Standing, standing


class Chats(Part):
    """Every chat of a database. An id that is not there, deleted or not given yet raises UsageError."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        super().__init__(database)
        self._clock = clock
        self.shelf = Shelf(database)
        self.search = Search(database)
        self.deletions = Deletions(database)
        self.conversations = Conversations(database)

    def create(self, *, title: str = "", model: str = "", options: ChatOptions = NO_OPTIONS) -> Chat:
        """Begin a chat without messages."""
        with self._database.transaction():
            [(chat_id,)] = self._database.execute(
                "insert into chat (title, model, created_at, options, origin)"
                " values (?, ?, ?, ?, ?) returning id",
                *(title, model, self._clock(), write_options(options), new_origin()),
            )
            return self.get(chat_id)

    def get(self, chat_id: int) -> Chat:
        """The chat with this id."""
        match self._database.execute(f"{SELECT_CHAT} where chat.id = ? and deletion is null", chat_id):
            case [row]:
                return read_chat(row)
            case _:
                raise no_chat(chat_id)

    def latest(self) -> Chat | None:
        """The chat with the newest message; None while there is no message at all."""
        match self._database.execute(
            "select chat_id from message join chat on chat.id = chat_id"
            " where deletion is null order by message.id desc limit 1"
        ):
            case [(chat_id,)]:
                return self.get(chat_id)
            case _:
                return None

    def list(self, limit: int | None = None) -> builtins.list[Chat]:
        """Chats by their newest message, newest first; before them those that have none yet."""
        rows = self._database.execute(
            f"{SELECT_CHAT} where {OF_THOSE} deletion is null order by {NEWEST_FIRST} limit ?)"
            f" order by {NEWEST_FIRST}",
            -1 if limit is None else limit,
        )
        return [read_chat(row) for row in rows]

    def model_counts(self) -> dict[str, int]:
        """How many chats each model answers in, by the name under which they know it."""
        rows = self._database.execute(
            "select model, count(*) from chat where model <> '' and deletion is null group by model"
        )
        return {str(model): int(count) for model, count in rows}

    def rename(self, chat_id: int, title: str) -> None:
        """Give a chat another title."""
        self._change(
            "update chat set title = ? where id = ? and deletion is null returning id", title, chat_id
        )

    def set_model(self, chat_id: int, model: str) -> None:
        """Let another model answer in a chat from now on."""
        self._change(
            "update chat set model = ? where id = ? and deletion is null returning id", model, chat_id
        )

    def options(self, chat_id: int) -> ChatOptions:
        """What the chat has been set to."""
        match self._database.execute("select options from chat where id = ? and deletion is null", chat_id):
            case [(text,)]:
                return read_options(chat_id, text)
            case _:
                raise no_chat(chat_id)

    def set_options(self, chat_id: int, options: ChatOptions) -> None:
        """Set a chat to other options; those that only a newer localr1 knows stay."""
        sql = (
            "update chat set options = json_patch(options, ?) where id = ? and deletion is null returning id"
        )
        self._change(sql, write_options(options), chat_id)

    def delete(self, *chat_ids: int) -> None:
        """Delete chats for good, and with them those that could still come back."""
        self.deletions.add(*chat_ids)
        self.deletions.erase()

    def add_user_message(self, chat_id: int, parent_id: int | None, text: str) -> Message:
        """Save what the user wrote, and make it the leaf that is shown."""
        return self._add(chat_id, parent_id, Role.USER, text=text)

    def start_reply(self, chat_id: int, parent_id: int | None, model: str) -> Message:
        """Save an empty reply as the leaf that is shown; it counts as interrupted until it ends otherwise."""
        return self._add(
            chat_id, parent_id, Role.ASSISTANT, model=model, finish_reason=FinishReason.INTERRUPTED
        )

    def save_reply(self, message_id: int, reply: Reply, *, growing: bool = False) -> Message:
        """Save a reply as far as it came; searches find it once it is no longer `growing`."""
        parts = (reply.answer, reply.thinking, reply.raw, reply.finish_reason.value, write_stats(reply))
        with self._database.transaction():
            saved = self._database.execute(
                "update message set text = ?, thinking = ?, raw = ?, finish_reason = ?, stats = ?,"
                " settled = ? where id = ? and role = ? returning id",
                *(*parts, not growing, message_id, Role.ASSISTANT.value),
            )
            if not saved:
                raise _no_message(message_id, "reply")
            return self.message(message_id)

    def message(self, message_id: int) -> Message:
        """The message with this id."""
        match self._database.execute(f"{SELECT_MESSAGE} where id = ?", message_id):
            case [row]:
                return read_message(row)
            case _:
                raise _no_message(message_id)

    def branch(self, chat_id: int) -> builtins.list[Message]:
        """The messages that are shown, from the first to the chat's leaf."""
        self.get(chat_id)
        rows = self._database.execute(
            f"{WITH_BRANCH} {SELECT_MESSAGE} join branch on id = member_id order by id", chat_id
        )
        return [read_message(row) for row in rows]

    def standing(self, chat_id: int) -> Standing | None:
        """How a chat stands, for whoever shows it while others may write to it; None when it is deleted."""
        return standing(self._database, chat_id)

    def version(self) -> int:
        """Another number than before when another window or program has written since."""
        [(version,)] = self._database.execute("pragma data_version")
        return int(version)

    def siblings(self, chat_id: int) -> builtins.list[Siblings]:
        """Where the branch that is shown could be another one, oldest first."""
        self.get(chat_id)
        return siblings(self._database, chat_id)

    def show_branch(self, message_id: int) -> None:
        """Show the branch of this message from now on, as far as its newest leaf."""
        with self._database.transaction():
            chat_id = self.message(message_id).chat_id
            leaf_id = newest_leaf(self._database, chat_id, message_id)
            self._database.execute("update chat set leaf_id = ? where id = ?", leaf_id, chat_id)

    def count_below(self, message_id: int) -> int:
        """How many messages `prune` would erase."""
        return len(below(self._database, self.message(message_id).chat_id, message_id))

    def prune(self, message_id: int) -> None:
        """Erase a message for good, with all that was said after it on any branch."""
        prune(self._database, self.message(message_id))

    def _add(
        self,
        chat_id: int,
        parent_id: int | None,
        role: Role,
        *,
        text: str = "",
        model: str = "",
        finish_reason: FinishReason | None = None,
    ) -> Message:
        reason = None if finish_reason is None else finish_reason.value
        with self._database.transaction():
            self.get(chat_id)
            [(message_id,)] = self._database.execute(
                "insert into message"
                " (chat_id, parent_id, role, text, created_at, model, finish_reason, settled)"
                " values (?, ?, ?, ?, ?, ?, ?, ?) returning id",
                *(chat_id, parent_id, role.value, text, self._clock(), model, reason, reason is None),
            )
            self._database.execute("update chat set leaf_id = ? where id = ?", message_id, chat_id)
            return self.message(message_id)

    def _change(self, sql: str, value: Value, chat_id: int) -> None:
        """Run a statement that returns the id of the chat it changed."""
        with self._database.transaction():
            if not self._database.execute(sql, value, chat_id):
                raise no_chat(chat_id)


def _no_message(message_id: int, kind: str = "message") -> UsageError:
    hint = "Its chat may have been deleted in another window."
    return UsageError(f"There is no {kind} {message_id}.", hint=hint)
