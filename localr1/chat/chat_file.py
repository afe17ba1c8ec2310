"""A whole chat written to a file of its own."""

from __future__ import annotations

from pathlib import Path

from localr1.chat.export_file import proposed_file, write_pieces, written_path
from localr1.chat.exporting import Form, exported
from localr1.store.chat import Chat
from localr1.store.chats import Chats


def export_chat(chats: Chats, chat: Chat, directory: Path, name: str = "") -> Path:
    """Write a chat to the file of this name, or of one made from its title, and give its path.

    A name that ends in .html gets a page, one in .json all there is of the chat, any other one Markdown.
    Raises UsageError where none can be.
    """
    path = directory / written_path(name) if name else proposed_file(chat.title, directory)
    form = next((form for form in Form if form.suffix == path.suffix.lower()), Form.MARKDOWN)
    write_pieces(path, exported(chats, [chat], form, thinking=form is Form.JSON))
    return path
