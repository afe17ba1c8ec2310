"""The chat on this terminal, from its first frame until the terminal is the shell's again."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial

from localr1.chat_options import ChatOptions
from localr1.desktop import Desktop
from localr1.environment import dumb_terminal
from localr1.errors import UsageError
from localr1.paths import Paths, find_here
from localr1.settings import Settings
from localr1.store.sealed_key import DatabaseKey
from localr1.tui.app import LocalR1App


def open_chat(
    settings: Settings,
    paths: Paths,
    desktop: Desktop,
    *,
    chat_id: int | None = None,
    go_on: bool = False,
    model: str = "",
    preset: ChatOptions | None = None,
    key: DatabaseKey | None = None,
) -> int:
    """Run the chat on this terminal and return the exit code; raises UsageError where there is none."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "The chat needs a terminal.", hint='In a pipe use: localr1 ask "…", or localr1 chat --plain'
        )
    if (term := dumb_terminal()) is not None:
        raise UsageError(
            f"A terminal with TERM={term} can't show the chat as a screen.", hint="Use: localr1 chat --plain"
        )
    app = LocalR1App(
        settings,
        paths,
        chat_id=chat_id,
        go_on=go_on,
        model=model,
        preset=preset,
        desktop=desktop,
        here=find_here(),
        key=key,
    )
    asyncio.run(_run(app))
    if app.failure:
        raise app.failure
    return app.return_code or 0


async def _run(app: LocalR1App) -> None:
    """Run the app; a signal that ends the process ends it in good order, so that the terminal comes back."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, partial(app.exit, return_code=128 + number))
    loop.add_signal_handler(signal.SIGINT, partial(app.call_later, app.action_interrupt))
    await app.run_async()
