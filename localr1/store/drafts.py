"""Drafts: what was written and not sent yet, one for each chat and one for the next new chat."""

from __future__ import annotations

from localr1.store.part import Part


class Drafts(Part):
    """The drafts of a database; the one of chat None becomes a new chat. They go with their chats."""

    def get(self, chat_id: int | None) -> str:
        """The draft of a chat; empty where there is none."""
        match self._database.execute(
            "select text from draft where coalesce(chat_id, 0) = coalesce(?, 0)", chat_id
        ):
            case [(text,)]:
                return str(text)
            case _:
                return ""

    def save(self, chat_id: int | None, text: str) -> None:
        """Keep a draft in place of the one before; an empty one leaves no trace of it in the database.

        A chat that is gone keeps none.
        """
        if not text:
            with self._database.erasure():
                self.drop(chat_id)
            return
        with self._database.transaction():
            self._delete(chat_id)
            self._database.execute(
                "insert into draft (chat_id, text) select ?, ?"
                " where ? is null or exists (select 1 from chat where id = ?)",
                *(chat_id, text, chat_id, chat_id),
            )

    def drop(self, chat_id: int | None) -> None:
        """Forget a draft that has become a message."""
        with self._database.transaction():
            self._delete(chat_id)

    def _delete(self, chat_id: int | None) -> None:
        self._database.execute("delete from draft where coalesce(chat_id, 0) = coalesce(?, 0)", chat_id)
