"""The client of the Python interface that lives in its program's own event loop."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from types import TracebackType

from localr1.attachment import pack
from localr1.chat.answer import Answer, require_sure, require_text
from localr1.chat.asking import set_chat, turn_of
from localr1.chat.files import GivenFiles, read_files
from localr1.chat.form import GivenSchema, answer_form
from localr1.chat.steps import Step, last_answer, steps_of
from localr1.chat.votes import ONE, Poll
from localr1.errors import UsageError
from localr1.lazy_runtime import LazyRuntime, Setting
from localr1.message import SAMPLES
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
        branch: bool = False,
        files: GivenFiles = (),
        system: str = "",
        preset: str | None = None,
        timeout: float | None = None,
        votes: int = 1,
        min_share: float | None = None,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> Answer:
        """The answer to a prompt; raises LocalR1Error, TimedOutError among them after `timeout` seconds.

        `chat` goes on with the chat of an earlier answer, or on a `branch` beside its last question; `files`
        are paths, or names with texts, that the question is about. The chat is set to a `preset`, and keeps
        `system` as its instructions; `settings` hold for this question alone. Of as many replies as there are
        `votes`, one is given that most agree with, its `vote` says how many, and NotSureError is raised
        where that is less than `min_share`. A JSON `schema`, `choices` or a `grammar` in GBNF give the answer
        its form; its `data` is the value. FormError is raised where the answer was cut before its end,
        NoAnswerError where it did not begin.
        """
        if timeout is not None and not timeout > 0:
            raise UsageError("The timeout is not more than 0 seconds.")
        steps = self.stream(
            prompt,
            chat=chat,
            branch=branch,
            files=files,
            system=system,
            preset=preset,
            votes=votes,
            min_share=min_share,
            schema=schema,
            choices=choices,
            grammar=grammar,
            **settings,
        )
        return await last_answer(steps, timeout)

    async def stream(
        self,
        prompt: str,
        *,
        chat: int | None = None,
        branch: bool = False,
        files: GivenFiles = (),
        system: str = "",
        preset: str | None = None,
        votes: int = 1,
        min_share: float | None = None,
        schema: GivenSchema | None = None,
        choices: str | Iterable[str] | None = None,
        grammar: str | None = None,
        **settings: Setting,
    ) -> AsyncGenerator[Step, None]:
        """The events of a turn as they come, then the Answer; closing it early ends the reply."""
        self._runtime.require_usable()
        if branch and chat is None:
            raise UsageError(
                "A branch needs a chat.", hint="Name that of an earlier answer: chat=answer.chat."
            )
        if not prompt.strip():
            raise UsageError("The prompt is empty.", hint="Ask something.")
        form, poll = answer_form(schema, choices, grammar), _poll(votes, min_share)
        chosen = None if preset is None else self._runtime.preset(preset)
        text = await asyncio.to_thread(_packed, files, prompt) if files else prompt
        async with self._turn:
            session = await self._runtime.session(chat, settings, form)
            turn = turn_of(session, text, poll, branch=branch)
            await set_chat(session, chosen, system)
            async with aclosing(steps_of(turn, session, saved=True)) as steps:
                async for step in steps:
                    if isinstance(step, Answer):
                        require_sure(step, poll)
                        if form:
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


def _packed(files: GivenFiles, prompt: str) -> str:
    return pack(list(read_files(files, partial(warnings.warn, stacklevel=2))), prompt)


def _poll(votes: int, min_share: float | None) -> Poll:
    """What these ask for; raises UsageError where that makes no sense."""
    if votes == 1 and min_share is None:
        return ONE
    if votes not in SAMPLES:
        raise UsageError(
            f"A vote is held among {SAMPLES.start} to {SAMPLES.stop - 1} replies.", hint="Such as votes=9."
        )
    if not 0 <= (min_share or 0) <= 1:
        raise UsageError("min_share is not between 0 and 1.", hint="Such as min_share=0.6.")
    return Poll(votes, min_share or 0.0)
