"""The course of a batch: questions as they come, a model when one of them has no answer yet, and signals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing

from localr1.cli.batch.answers import Answers
from localr1.cli.batch.prompts import Prompts
from localr1.cli.batch.work import Batch
from localr1.cli.cancelling import stopped_by_signals
from localr1.cli.progress.progress import new_progress
from localr1.cli.way import Way
from localr1.runtime import Runtime


async def answer_all(
    opened: Callable[[], AbstractAsyncContextManager[Runtime]],
    way: Way,
    prompts: Prompts,
    answers: Answers,
    *,
    thinking: bool,
    quiet: bool,
) -> None:
    """Answer the prompts until their end.

    Raises StoppedError on a signal, and what keeps every question from being answered.
    """
    progress = new_progress(quiet=quiet)
    with stopped_by_signals("Stopped; what is answered stays."):
        async with AsyncExitStack() as resources:
            resources.callback(progress.stop)
            tasks = await resources.enter_async_context(aclosing(prompts.tasks()))
            batch: Batch | None = None
            async for task in tasks:
                if answers.has(task):
                    continue
                if batch is None:
                    runtime = await resources.enter_async_context(opened())
                    batch = Batch(runtime, way, answers, progress, total=prompts.total, thinking=thinking)
                    await batch.load()
                await batch.ask(task)
            answers.end()
