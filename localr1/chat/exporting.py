"""Chats of the store as text to keep or to show elsewhere, one after the other, so that few are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from localr1.chat.document import to_json
from localr1.chat.export import to_markdown
from localr1.chat.page import to_html
from localr1.store.chat import Chat
from localr1.store.chats import Chats


class Form(str, Enum):
    """What an exported chat can be."""

    MARKDOWN = "markdown"
    HTML = "html"
    """A page that stands alone."""
    JSON = "json"
    """All there is of a chat; the other ones have the branch that is shown."""

    @property
    def suffix(self) -> str:
        """How the name of such a file ends."""
        return _SUFFIXES[self]


_SUFFIXES = {Form.MARKDOWN: ".md", Form.HTML: ".html", Form.JSON: ".json"}


def exported(chats: Chats, found: Iterable[Chat], form: Form, *, thinking: bool) -> Iterator[str]:
    """The pieces of one text in which these chats stand; as pages, one after the other."""
    if form is Form.JSON:
        yield from to_json((chats.conversations.get(chat.id) for chat in found), thinking=thinking)
        return
    write = to_html if form is Form.HTML else to_markdown
    for index, chat in enumerate(found):
        text = write(chat.title, chats.branch(chat.id), thinking=thinking)
        yield f"\n{text}" if index else text
