"""The client of the Python interface that lives in its program's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from pathlib import Path
from types import TracebackType

from localr1.chat.answer import Answer, require_text
from localr1.chat.form import GivenSchema, answer_form
from localr1.chat.steps import Step, last_answer, steps_of
from localr1.chat.votes import Poll
from localr1.errors import TimedOutError, UsageError
from localr1.lazy_runtime import LazyRuntime, Setting
from localr1.paths import find_paths


class AsyncClient:
    """Asks models from within an event loop; all questions share one worker and come one after the other.

    `settings` are those of config.toml, which they go before: model, context, temperature and so on. Without
    `save` nothing of a chat is written to disk, and it is gone with the client. `home` is a LOCALR1_HOME.
    Encrypted chats open with their `passphrase`, or with what the file of the setting `key_file` holds.
    """

    def __init__(
        self,
        *,
        save: bool = False,
        home: Path | None = None,
        passphrase: str | None = None,
        **settings: Setting,
    ) -> None:
        paths = find_paths({"LOCALR1_HOME": str(home)} if home else None)
        self._runtime = LazyRuntime(paths, settings, save=save, passphrase=passphrase)
        self._turn = asyncio.Lock()

    async def ask(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        system: str = "",
        timeout: float | None = None,
        votes: int = 1,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> Answer:
        """The answer to a prompt; raises LocalR1Error, TimedOutError among them after `timeout` seconds.

        `chat` goes on with the chat of an earlier answer, `system` are instructions that it keeps, and
        `settings` hold for this question alone. Of as many replies as there are `votes`, one is given that
        most agree with; its `vote` says how many. A JSON `schema`, `choices` or a `grammar` in GBNF give the
        answer its form; its `data` is the value. FormError is raised where the answer was cut before its end,
        NoAnswerError where it did not begin.
        """
        if timeout is not None and not timeout > 0:
            raise UsageError("The timeout is not more than 0 seconds.")
        steps = self.stream(
            prompt,
            chat=chat,
            system=system,
            votes=votes,
            schema=schema,
            choices=choices,
            grammar=grammar,
            **settings,
        )
        try:
            return await asyncio.wait_for(last_answer(steps), timeout)
        except asyncio.TimeoutError:
            raise TimedOutError(f"The reply took longer than {timeout:g} seconds.") from None

    async def stream(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        system: str = "",
        votes: int = 1,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> AsyncGenerator[Step, None]:
        """The events of a turn as they come, then the Answer; closing it early ends the reply."""
        self._runtime.require_usable()
        if not prompt.strip():
            raise UsageError("The prompt is empty.", hint="Ask something.")
        form = answer_form(schema, choices, grammar)
        async with self._turn:
            session = await self._runtime.session(chat, system, settings, form)
            turn = session.send(prompt, Poll(max(1, votes)))
            async with aclosing(steps_of(turn, session, saved=True)) as steps:
                async for step in steps:
                    if form and isinstance(step, Answer):
                        require_text(step)
                    yield step

    async def close(self) -> None:
        """End the worker, or leave it to the next one where it is kept warm."""
        await self._runtime.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
