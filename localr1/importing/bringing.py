"""Chats of a source brought into the store, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from localr1.importing.found import Found, Unreadable
from localr1.importing.source import Source, files_of, open_source
from localr1.store.conversations import Addition, Conversations
from localr1.wording import plural


@dataclass(frozen=True, slots=True)
class Report:
    """What has come so far, or would come."""

    new: int = 0
    grown: int = 0
    messages: int = 0
    """Those that were not there, of new chats and of grown ones."""
    known: int = 0
    """Chats that were there already, with all of their messages."""
    left_out: int = 0
    """Pictures, files and calls of tools that are only named."""
    unreadable: int = 0

    def __str__(self) -> str:
        """In a line for people who chat."""
        came = f"{plural(self.new, 'new chat')}, {plural(self.messages, 'new message')}"
        bad = f"; {plural(self.unreadable, 'chat')} could not be read" if self.unreadable else ""
        return f"{came}{bad}"

    def with_chat(self, addition: Addition, left_out: int) -> Report:
        """The report after one more chat."""
        has_grown = not addition.is_new and addition.messages > 0
        is_known = not addition.is_new and not addition.messages
        return replace(
            self,
            new=self.new + addition.is_new,
            grown=self.grown + has_grown,
            messages=self.messages + addition.messages,
            known=self.known + is_known,
            left_out=self.left_out + (0 if is_known else left_out),
        )

    def with_unreadable(self) -> Report:
        """The report after something that could not be read."""
        return replace(self, unreadable=self.unreadable + 1)


class Bringing:
    """Brings in the chats of one source after the other."""

    def __init__(
        self, conversations: Conversations, tags: tuple[str, ...] = (), *, dry_run: bool = False
    ) -> None:
        self._conversations = conversations
        self._tags = tags
        self._dry_run = dry_run
        self.report = Report()

    def bring(self, source: Source) -> Iterator[Found | Unreadable]:
        """What the source holds, each after it has come; raises UsageError where that can't go on.

        A chat in which nothing is said does not come.
        """
        for each in source:
            match each:
                case Found():
                    self._take(each)
                case Unreadable():
                    self.report = self.report.with_unreadable()
            yield each

    def _take(self, found: Found) -> None:
        chat = found.conversation
        if chat.messages:
            tagged = replace(chat, tags=tuple(sorted({*chat.tags, *self._tags})))
            act = self._conversations.compare if self._dry_run else self._conversations.add
            self.report = self.report.with_chat(act(tagged), found.left_out)


def bring_files(conversations: Conversations, path: Path) -> Report:
    """Bring in all chats of a file or a folder; raises UsageError for a file that ends badly."""
    bringing = Bringing(conversations)
    for file in files_of(path):
        with open_source(file) as source:
            for _ in bringing.bring(source):
                pass
    return bringing.report
