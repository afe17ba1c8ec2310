"""A chat with a model: whatever a turn does, it does here, and front ends only show it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial

from localr1.chat.choices import InstructionsPlace, choose_sampling, instructions_place
from localr1.chat.events import Event, HistoryTrimmed, PromptProgress, TurnDone
from localr1.chat.families import Family, family_of
from localr1.chat.place import last_question, next_parent, unanswered, up_to
from localr1.chat.prompt import build_messages, shorten
from localr1.chat.title import title_of
from localr1.chat.turn import Turn
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.chat_templates import template_named
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.protocol import Done, Evaluated, ModelInfo, Paused, Piece, Rendered
from localr1.errors import ContextError, OutOfMemoryError, UsageError
from localr1.fit.guard import Guard
from localr1.fit.memory import held_memory
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.message import Message
from localr1.store.chats import Chat, Chats

SAVE_INTERVAL = 0.5
"""Seconds of a growing reply that a crash may cost."""


class ChatSession:
    """One chat and the model that answers in it; turns come one after the other."""

    def __init__(
        self,
        chats: Chats,
        engine: Engine,
        model: LocalModel,
        config: Config,
        chat: Chat | None = None,
        *,
        library: Library,
        given: ChatOptions = NO_OPTIONS,
    ):
        """`given` goes before the chat's own options and is not kept: what the command line asks for."""
        self._chats = chats
        self._engine = engine
        self._library = library
        self._config = config
        self._guard: Guard | None = None
        self._given = given
        self._options = ChatOptions(effort=config.effort)
        self.model = model
        self.chat = chat
        self.chat_template = config.chat_template or config.chat_templates.get(model.name, "")
        """The name of the chat template to use in place of the model's own; empty for its own."""
        self.info: ModelInfo | None = None

    @property
    def load_share(self) -> float | None:
        """How much of the model is loaded, 0 to 1; None while nothing is being loaded."""
        return self._engine.load_share

    @property
    def options(self) -> ChatOptions:
        """What the chat is set to; before its first question, what it will be."""
        return self._chats.options(self.chat.id) if self.chat else self._options

    def set_options(self, options: ChatOptions) -> None:
        """Set the chat to these from its next turn on."""
        self._options = options
        if self.chat:
            self._chats.set_options(self.chat.id, options)

    @property
    def family(self) -> Family | None:
        """How the model thinks; None until it is loaded."""
        return self._family_of(self.info) if self.info else None

    @property
    def instructions_place(self) -> InstructionsPlace | None:
        """Where the model reads the chat's instructions; None until it is loaded."""
        return instructions_place(self._family_of(self.info), self.info) if self.info else None

    def history(self) -> list[Message]:
        """The messages of the branch that is shown, oldest first."""
        return self._chats.branch(self.chat.id) if self.chat else []

    async def load(self) -> ModelInfo:
        """Load the model ahead of the first turn; a model that is loaded stays."""
        config, guard = self._config, self._guarded()
        try:
            self.info = await self._engine.load(
                self.model.path,
                context=config.context,
                threads=config.threads,
                gpu_layers=config.gpu_layers,
                template=template_named(self.chat_template) if self.chat_template else "",
                place=lambda devices: guard.require_fit(devices, held_memory(self._engine.pid)),
            )
        except OutOfMemoryError as error:
            raise guard.explained(error) from None
        return self.info

    def send(self, text: str) -> AsyncGenerator[Event, None]:
        """Save what the user wrote, then answer it; raises LocalR1Error with all that came so far saved."""
        return self._answer(partial(self._ask, text))

    def regenerate(self) -> AsyncGenerator[Event, None]:
        """Answer the last question once more; a reply that it has stays beside the new one."""
        return self._answer(self._ask_again)

    def edit(self, message_id: int, text: str) -> AsyncGenerator[Event, None]:
        """Ask a question in other words; the first ones stay beside them, with all that followed."""
        return self._answer(partial(self._ask_instead, message_id, text))

    async def stop(self) -> None:
        """End the reply that is running; its TurnDone follows."""
        await self._engine.cancel()

    def _family_of(self, info: ModelInfo) -> Family:
        return family_of(info.template, info.generation_prompt, info.architecture, self.model.family)

    def _guarded(self) -> Guard:
        """What judges the load of the model; raises ModelFileError for one that can't be loaded."""
        if self._guard is None:
            header = read_header(self.model.path)
            check_header(header)
            self._guard = Guard(self.model, header, self._config, self._library)
        return self._guard

    def _ask(self, text: str) -> Message:
        """What the user asks, saved; the same question again is the one that got no reply."""
        chat = self.chat = self.chat or self._begin_chat(text)
        branch = self._chats.branch(chat.id)
        waiting = unanswered(branch)
        if waiting and waiting.text.strip() == text.strip():
            return waiting
        return self._chats.add_user_message(chat.id, next_parent(branch), text)

    def _begin_chat(self, text: str) -> Chat:
        return self._chats.create(title=title_of(text), model=self.model.name, options=self._options)

    def _ask_again(self) -> Message:
        question = last_question(self.history())
        if question is None:
            raise UsageError("Nothing has been asked yet.")
        return question

    def _ask_instead(self, message_id: int, text: str) -> Message:
        question = self._chats.message(message_id)
        if question.text.strip() == text.strip():
            return question
        return self._chats.add_user_message(question.chat_id, question.parent_id, text)

    async def _answer(self, ask: Callable[[], Message]) -> AsyncGenerator[Event, None]:
        """The one path of every turn: from a saved question to a saved reply."""
        question = ask()
        info = await self.load()
        family = self._family_of(info)
        reply: Message | None = None
        turn = Turn(family)
        saved_at = time.monotonic()
        history = up_to(self._chats.branch(question.chat_id), question)
        try:
            async with aclosing(self._generate(history, info, family)) as reports:
                async for report in reports:
                    if isinstance(report, HistoryTrimmed | PromptProgress):
                        yield report
                        continue
                    reply = reply or self._chats.start_reply(question.chat_id, question.id, self.model.name)
                    match report:
                        case Piece():
                            for delta in turn.feed(report):
                                yield delta
                        case Done():
                            for delta in turn.finish(report):
                                yield delta
                    if time.monotonic() - saved_at > SAVE_INTERVAL:
                        self._chats.save_reply(reply.id, turn.reply())
                        saved_at = time.monotonic()
        finally:
            if reply:
                reply = self._chats.save_reply(reply.id, turn.reply())
        if reply:
            yield TurnDone(reply)

    async def _generate(
        self, history: Sequence[Message], info: ModelInfo, family: Family
    ) -> AsyncGenerator[HistoryTrimmed | PromptProgress | Piece | Paused | Done, None]:
        """Ask the engine, with a shorter history each time that it does not fit the context."""
        options = self._given.over(self.options)
        sampling = choose_sampling(options, self._config, self.model.sampling, family)
        place = instructions_place(family, info)
        rest = history
        while True:
            try:
                reports = self._engine.generate(
                    build_messages(rest, options.instructions, place),
                    prefill=family.prefill,
                    sampling=sampling,
                    max_tokens=self._config.max_tokens,
                )
                async with aclosing(reports):
                    async for report in reports:
                        match report:
                            case Rendered():
                                if len(rest) < len(history):
                                    yield HistoryTrimmed(len(history) - len(rest))
                                yield PromptProgress(report.cached_tokens, report.prompt_tokens)
                            case Evaluated():
                                yield PromptProgress(report.done, report.total)
                            case _:
                                yield report
                return
            except ContextError as error:
                rest = shorten(rest, error.fitting)
                if not rest:
                    raise
