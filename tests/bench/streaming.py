"""The chat over an engine that streams without end at a given speed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from itertools import count, cycle
from pathlib import Path

from localr1.cli.lasting import lasting
from localr1.engine.reports import Done, Paused, Piece, Rendered
from localr1.engine.requests import Generate
from localr1.paths import find_paths
from tests.fakes import PROMPT_TOKENS, ScriptedEngine
from tests.tui.chatting import scripted_app

PARAGRAPH = (
    "Adding the tens gives `13`, so **132** is the sum; carry the one and check it once more against the"
    " estimate of 130 that we made at first.\n\n- the ones are 12\n- the tens are 13\n\n"
)


class StreamingEngine(ScriptedEngine):
    """So many tokens a second, thinking first for some of them."""

    def __init__(self, speed: float, thinking: int = 100) -> None:
        super().__init__(longest_request=10_000)
        self._speed = speed
        self._thinking = thinking

    async def generate(self, request: Generate) -> AsyncGenerator[Rendered | Piece | Paused | Done, None]:
        self.cancelled = False
        yield Rendered(id=1, prompt_tokens=PROMPT_TOKENS, cached_tokens=0)
        started = time.monotonic()
        words = cycle(PARAGRAPH.split(" "))
        number = 0
        for number in count(1):
            await asyncio.sleep(max(0.0, started + number / self._speed - time.monotonic()))
            if self.cancelled:
                break
            text = "</think>\n\n" if number == self._thinking else f"{next(words)} "
            yield Piece(id=1, text=text, tokens=number)
        yield self._done(number)


def main() -> None:
    """Open the newest chat of LOCALR1_HOME."""
    home, speed, chat_id = sys.argv[1:4]
    with lasting():
        app = scripted_app(StreamingEngine(float(speed)), Path(home), chat_id=int(chat_id))
    assert find_paths({"LOCALR1_HOME": home}).database.exists()
    app.run()
