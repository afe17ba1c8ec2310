"""Counting the tokens of a text with the real worker."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from localr1.engine.client import Engine
from localr1.engine.reports import Piece
from localr1.engine.requests import Generate
from localr1.engine.worker.model import Model
from tests.engine.asking import GREEDY, RAMBLING, ask, user

TEXT = "What is <think> 47 + 85?\n" * 20


async def test_a_text_has_the_tokens_that_the_model_would_read(
    nano_engine: Engine, nano_model: Model
) -> None:
    expected = len(nano_model.vocabulary.tokenize(TEXT, special=False))
    assert await nano_engine.count(TEXT) == expected
    assert await nano_engine.count("") == 0


async def test_nothing_is_counted_without_a_model(engine: Engine) -> None:
    assert await engine.count(TEXT) is None


async def test_nothing_is_counted_while_a_reply_is_running(nano_engine: Engine) -> None:
    async with aclosing(nano_engine.generate(Generate((user("Hi"),), RAMBLING))) as reply:
        async for report in reply:
            if isinstance(report, Piece):
                assert await nano_engine.count(TEXT) is None
                await nano_engine.cancel()


async def test_a_count_that_nobody_waits_for_stands_in_no_replys_way(nano_engine: Engine) -> None:
    counts = [asyncio.create_task(nano_engine.count(f"{number} {TEXT}" * 200)) for number in range(20)]
    await asyncio.sleep(0)
    for count in counts:
        count.cancel()
    assert (await ask(nano_engine, user("What is 47 + 85?"), sampling=GREEDY)).text.endswith("132.")
    await asyncio.gather(*counts, return_exceptions=True)
    assert await nano_engine.count("one more")
