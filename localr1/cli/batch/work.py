"""One question after the other, to one worker: what they begin with in common is evaluated once."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from localr1.chat.answer import Answer, require_text
from localr1.chat.session import ChatSession
from localr1.chat.steps import last_answer, steps_of
from localr1.chat.tally import vote_text
from localr1.chat.votes import ONE, Poll, is_sure
from localr1.chat_options import ChatOptions
from localr1.cli.batch.answers import Answers, Failure
from localr1.cli.batch.tasks import Task
from localr1.cli.progress.progress import Progress
from localr1.cli.progress.tally import Tally
from localr1.cli.signals import EXIT_CODES
from localr1.errors import LocalR1Error, NotSureError, StoppedError, TimedOutError, UsageError
from localr1.grammar.form import AnswerForm
from localr1.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Way:
    """How each question is asked."""

    model: str
    options: ChatOptions
    timeout: float | None
    """Seconds for each."""
    thinking: bool
    """Whether the thinking is kept in the answers."""
    form: AnswerForm | None = None
    """What they have to look like."""
    poll: Poll = ONE


class Batch:
    """Asks the questions that have no answer yet."""

    def __init__(self, runtime: Runtime, way: Way, answers: Answers, progress: Progress) -> None:
        self._runtime = runtime
        self._way = way
        self._answers = answers
        self._progress = progress

    async def run(self, tasks: Sequence[Task]) -> None:
        """Raises StoppedError on a signal, and what keeps every question from being answered."""
        begun = self._answers.done
        with _cancelled_on_signals():
            await self._session().load()
            started = time.monotonic()
            for number, task in enumerate(tasks[begun:], begun + 1):
                self._answers.put(task, await self._outcome(task))
                took = (time.monotonic() - started) / (number - begun)
                self._progress.show(Tally(number, len(tasks), self._answers.failed, took))

    async def _outcome(self, task: Task) -> Answer | Failure:
        try:
            return await self._answer(task)
        except StoppedError:
            raise
        except LocalR1Error as error:
            return Failure(error.exit_code, error.message)

    async def _answer(self, task: Task) -> Answer:
        if task.problem:
            raise UsageError(task.problem)
        session = self._session()
        if task.system:
            session.set_instructions(task.system)
        timeout = self._way.timeout
        try:
            turn = session.send(task.prompt, self._way.poll)
            answer = await asyncio.wait_for(last_answer(steps_of(turn, session, saved=False)), timeout)
        except asyncio.TimeoutError:
            raise TimedOutError(f"The reply took longer than {timeout:g} seconds.") from None
        finally:
            self._forget(session)
        if self._way.form:
            require_text(answer)
        if answer.vote and not is_sure(answer.vote, self._way.poll):
            raise NotSureError(f"Not sure: {vote_text(answer.vote)}.")
        return answer if self._way.thinking else msgspec.structs.replace(answer, thinking="")

    def _session(self) -> ChatSession:
        return self._runtime.session(None, self._way.model, self._way.options, form=self._way.form)

    def _forget(self, session: ChatSession) -> None:
        """Take a question out of memory that nobody will go on with."""
        if history := session.history():
            self._runtime.chats.prune(history[0].id)


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
