"""What plain `localr1` and `localr1 chat` do: open the chat."""

from __future__ import annotations

from localr1.chat_options import ChatOptions
from localr1.cli.lasting import lasting
from localr1.cli.options import refuse_two_chats
from localr1.cli.passphrase import find_given_key, find_key
from localr1.desktop import find_desktop
from localr1.paths import Paths, find_paths
from localr1.settings import Settings


def open_chat(
    model: str | None, chat_id: int | None, go_on: bool, preset: str | None, *, plain: bool = False
) -> int:
    """Open the Textual chat, or the plain one; the exit code of the program."""
    refuse_two_chats(chat_id, go_on)
    paths = find_paths()
    options = _options(preset, paths) if preset else None
    settings = Settings(paths.config_file, overrides={"model": model})
    if plain:
        from localr1.cli.plain.run import run_plain_chat

        return run_plain_chat(
            settings,
            paths,
            chat_id=chat_id,
            go_on=go_on,
            model=model or "",
            preset=options,
            key=find_key(paths),
        )
    key = find_given_key(paths)
    with lasting():
        from localr1.tui.launch import open_chat as open_textual_chat

    return open_textual_chat(
        settings,
        paths,
        find_desktop(),
        chat_id=chat_id,
        model=model or "",
        go_on=go_on,
        preset=options,
        key=key,
    )


def _options(preset: str, paths: Paths) -> ChatOptions:
    from localr1.presets import Presets  # and with it a library for TOML, which most starts do without

    return Presets(paths.presets_file).find(preset).options
