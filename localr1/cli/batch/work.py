"""One question after the other, to one worker: what they begin with in common is evaluated once."""

from __future__ import annotations

import time

import msgspec

from localr1.chat.answer import Answer, require_sure, require_text
from localr1.chat.session import ChatSession
from localr1.chat.steps import last_answer, steps_of
from localr1.cli.batch.answers import Answers, Failure
from localr1.cli.batch.tasks import Task
from localr1.cli.progress.progress import Progress
from localr1.cli.progress.tally import Tally
from localr1.cli.way import Way
from localr1.errors import LocalR1Error, StoppedError, UsageError
from localr1.runtime import Runtime


class Batch:
    """Asks the questions that have no answer yet."""

    def __init__(
        self,
        runtime: Runtime,
        way: Way,
        answers: Answers,
        progress: Progress,
        *,
        total: int | None,
        thinking: bool,
    ) -> None:
        """`total` is the number of all questions, None where nobody knows it.

        Without `thinking`, the answers are kept alone.
        """
        self._runtime = runtime
        self._way = way
        self._answers = answers
        self._progress = progress
        self._total = total
        self._thinking = thinking
        self._asked = 0
        self._seconds = 0.0
        """That they took."""

    async def load(self) -> None:
        """Load the model; raises what keeps every question from being answered."""
        await self._session().load()

    async def ask(self, task: Task) -> None:
        """Keep the answer to a question, or why it has none; raises StoppedError where it was stopped."""
        begun = time.monotonic()
        self._answers.put(task, await self._outcome(task))
        self._asked += 1
        self._seconds += time.monotonic() - begun
        done = self._answers.done
        total = None if self._total is None else max(self._total, done)
        self._progress.show(Tally(done, total, self._answers.failed, self._seconds / self._asked))

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
        turn = session.send(task.prompt, self._way.poll)
        try:
            answer = await last_answer(steps_of(turn, session, saved=False), self._way.timeout)
        finally:
            self._forget(session)
        if self._way.form:
            require_text(answer)
        require_sure(answer, self._way.poll)
        return answer if self._thinking else msgspec.structs.replace(answer, thinking="")

    def _session(self) -> ChatSession:
        way = self._way
        return self._runtime.session(None, way.model or "", way.options, form=way.form)

    def _forget(self, session: ChatSession) -> None:
        """Take a question out of memory that nobody will go on with."""
        if history := session.history():
            self._runtime.chats.prune(history[0].id)
