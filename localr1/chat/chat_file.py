"""A whole chat written to a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from localr1.chat.export import to_markdown
from localr1.chat.export_file import proposed_file, write_new_file, written_path
from localr1.chat.page import to_html
from localr1.message import Message


def export_chat(title: str, messages: Sequence[Message], directory: Path, name: str = "") -> Path:
    """Write a chat to the file of this name, or of one made from its title, and give its path.

    A name that ends in .html gets a page, any other one Markdown. Raises UsageError where none can be.
    """
    path = directory / written_path(name) if name else proposed_file(title, directory)
    write = to_html if path.suffix.lower() == ".html" else to_markdown
    write_new_file(path, write(title, messages).encode("utf-8", "replace").decode())
    return path
