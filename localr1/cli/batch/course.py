"""The course of a batch: questions as they come, a model when one of them has no answer yet, and signals."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, contextmanager

from localr1.cli.batch.answers import Answers
from localr1.cli.batch.prompts import Prompts
from localr1.cli.batch.work import Batch, Way
from localr1.cli.progress.progress import new_progress
from localr1.cli.signals import EXIT_CODES
from localr1.errors import StoppedError
from localr1.runtime import Runtime


async def answer_all(
    opened: Callable[[], AbstractAsyncContextManager[Runtime]],
    way: Way,
    prompts: Prompts,
    answers: Answers,
    *,
    quiet: bool,
) -> None:
    """Answer the prompts until their end.

    Raises StoppedError on a signal, and what keeps every question from being answered.
    """
    progress = new_progress(quiet=quiet)
    with _cancelled_on_signals():
        async with AsyncExitStack() as resources:
            resources.callback(progress.stop)
            tasks = await resources.enter_async_context(aclosing(prompts.tasks()))
            batch: Batch | None = None
            async for task in tasks:
                if answers.has(task):
                    continue
                if batch is None:
                    runtime = await resources.enter_async_context(opened())
                    batch = Batch(runtime, way, answers, progress, prompts.total)
                    await batch.load()
                await batch.ask(task)
            answers.end()


@contextmanager
def _cancelled_on_signals() -> Iterator[None]:
    """Cancel this task when a signal comes; raises StoppedError in its place."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    heard: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        heard.append(number)
        if task:
            task.cancel()

    for number in EXIT_CODES:
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    except asyncio.CancelledError:
        if not heard:
            raise
        raise StoppedError("Stopped; what is answered stays.", exit_code=EXIT_CODES[heard[0]]) from None
    finally:
        for number in EXIT_CODES:
            loop.remove_signal_handler(number)
