"""What plain `localr1` and `localr1 chat` do: open the chat."""

from __future__ import annotations

from localr1.cli.options import refuse_two_chats
from localr1.config import load_config
from localr1.paths import find_desktop, find_paths


def open_chat(model: str | None, chat_id: int | None, go_on: bool, *, plain: bool = False) -> int:
    """Open the Textual chat, or the plain one; the exit code of the program."""
    refuse_two_chats(chat_id, go_on)
    paths = find_paths()
    config = load_config(paths.config_file)
    if plain:
        from localr1.cli.plain.run import run_plain_chat

        return run_plain_chat(config, paths, chat_id=chat_id, go_on=go_on, model=model or "")
    from localr1.tui.app import open_chat as open_textual_chat

    return open_textual_chat(config, paths, find_desktop(), chat_id=chat_id, model=model or "", go_on=go_on)
