"""A chat with a model: whatever a turn does, it does here, and front ends only show it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from functools import partial

import msgspec

from localr1.attachment import unpack
from localr1.chat.chosen import Chosen, choose
from localr1.chat.events import Event, TurnDone
from localr1.chat.exchange import Exchange
from localr1.chat.model_session import ModelSession
from localr1.chat.place import up_to
from localr1.chat.preparation import Preparation
from localr1.chat.request import ask_engine
from localr1.chat.steering import Wishes
from localr1.chat.task import Task, Tasks
from localr1.chat.title import title_of
from localr1.chat.votes import ONE, Poll
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import ModelInfo
from localr1.engine.requests import StateFile
from localr1.errors import LocalR1Error, StoppedError
from localr1.grammar.form import AnswerForm
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.message import Message, Role
from localr1.sampling import Sampling
from localr1.saved_states import SavedStates
from localr1.store.chat import Chat
from localr1.store.chats import Chats


class ChatSession(ModelSession):
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
        states: SavedStates | None = None,
        stays: bool = False,
        form: AnswerForm | None = None,
    ):
        """`given` goes before the chat's own options and is not kept: what the command line asks for.

        With `states`, what is evaluated of the chat is kept on the disk. A session that `stays` prepares the
        next turn while the user reads. With a `form`, every answer keeps to it.
        """
        super().__init__(engine, model, config, library)
        self._chats = chats
        self._tasks = Tasks(chats)
        self._wishes: Wishes | None = None
        """None while no turn runs."""
        self._given = given
        self.form = form
        """What every answer has to look like."""
        self._preparation = Preparation(engine, states, stays=stays)
        self._unprepared = chat is not None
        """A chat was opened, and neither has a turn been taken in it nor one prepared."""
        self._poll = ONE
        self._stopped = False
        self._options = self.default_options
        self.chat = chat
        self.question: Message | None = None
        """What the last turn is about; None until the store has it."""
        self.sampling: Sampling | None = None
        """How the last reply was drawn, its seed among it; None before the first one."""

    @property
    def waiting(self) -> bool:
        """A write to the chats waits for another program."""
        return self._chats.writer.waiting

    @property
    def options(self) -> ChatOptions:
        """What the chat is set to; before its first question, what it will be."""
        return self._chats.options(self.chat.id) if self.chat else self._options

    @property
    def default_options(self) -> ChatOptions:
        """What a chat is set to when it begins."""
        return ChatOptions(effort=self._config.effort)

    def set_options(self, options: ChatOptions) -> None:
        """Set the chat to these from its next turn on."""
        self._options = options
        if self.chat:
            self._chats.set_options(self.chat.id, options)

    async def keep_options(self, options: ChatOptions) -> None:
        """The same beside an event loop that goes on while another program writes."""
        await self._chats.writer.write(partial(self.set_options, options))

    def set_instructions(self, instructions: str) -> None:
        """Set the chat to these instructions, and leave its other options."""
        self.set_options(msgspec.structs.replace(self.options, instructions=instructions))

    def history(self) -> list[Message]:
        """The messages of the branch that is shown, oldest first."""
        return self._chats.branch(self.chat.id) if self.chat else []

    def send(self, text: str, poll: Poll = ONE) -> AsyncGenerator[Event, None]:
        """Save what the user wrote, then answer it; raises LocalR1Error with all that came so far saved.

        With a `poll` several replies come at once, here as in `regenerate` and `edit`, and the one that most
        agree with is kept; raises UsageError where all would be the same.
        """
        return self._answer(partial(self._ask, text), poll=poll)

    def regenerate(self, poll: Poll = ONE) -> AsyncGenerator[Event, None]:
        """Answer the last question once more; a reply that it has stays beside the new one."""
        return self._answer(lambda: self._tasks.ask_again(self.chat), poll=poll)

    def edit(self, message_id: int, text: str, poll: Poll = ONE) -> AsyncGenerator[Event, None]:
        """Ask a question in other words; the first ones stay beside them, with all that followed."""
        return self._answer(partial(self._tasks.ask_instead, message_id, text), poll=poll)

    def continue_reply(self, *, answer_now: bool = False) -> AsyncGenerator[Event, None]:
        """Go on with the last reply where it was cut, or close its thinking first and answer.

        Raises UsageError when it was not cut.
        """
        return self._answer(lambda: self._tasks.go_on(self.chat), Wishes(answer_now))

    def think_longer(self) -> AsyncGenerator[Event, None]:
        """Answer the last question once more, beginning with the thinking of its reply and a doubt about it.

        Raises UsageError when it has none.
        """
        return self._answer(lambda: self._tasks.doubt(self.chat))

    async def answer_now(self) -> None:
        """Close the thinking of the reply that is running, so that its answer comes."""
        if self._wishes:
            self._wishes.answer_now = True
            for sample in range(self._poll.samples):
                self._engine.pause(sample)

    async def count(self, text: str) -> int | None:
        """Tokens of a text, counted by the model; None while it is not loaded or busy."""
        return await self._engine.count(text)

    async def stop(self) -> None:
        """End the reply that is running; its TurnDone follows. A question that waits raises StoppedError."""
        self._stopped = True
        await self._engine.cancel()

    def prepare(self) -> None:
        """Prepare the next turn of a chat that was opened, once: what was said in it, for what comes.

        Nothing while its model is not loaded, or a turn runs, or for a chat that can't be read: the turn says
        why.
        """
        place = self.instructions_place
        if not self._unprepared or place is None or self._wishes:
            return
        self._unprepared = False
        history: list[Message] = []
        with suppress(LocalR1Error):
            history = self.history()
        if self.chat and history and history[-1].role is Role.ASSISTANT:
            instructions = self._given.over(self.options).instructions
            self._preparation.begin(history, instructions, place, self._state_file(self.chat.id))

    async def rest(self, seconds: float | None = None) -> None:
        """Wait until the next turn is prepared and kept, but not longer than that."""
        await self._preparation.rest(seconds)

    async def end_preparation(self) -> None:
        """Prepare nothing any more, and keep nothing on the disk, until the next turn."""
        await self._preparation.end()

    def _found(self, find: Callable[[], Task]) -> Task:
        if self._stopped:
            raise StoppedError("Stopped before the question was saved.")
        return find()

    def _ask(self, text: str) -> Task:
        self.chat = self.chat or self._chats.create(
            title=title_of(unpack(text)[1]), model=self.model.name, options=self._options
        )
        return self._tasks.ask(self.chat, text)

    async def _answer(
        self, find: Callable[[], Task], wishes: Wishes | None = None, poll: Poll = ONE
    ) -> AsyncGenerator[Event, None]:
        """The one path of every turn: from a saved question to a saved reply."""
        self.question, self._unprepared, self._stopped = None, False, False
        task = await self._chats.writer.write(partial(self._found, find))
        self.question = task.question
        self._wishes = wishes = wishes or Wishes()
        self._poll = poll
        try:
            info = await self.load()
            async with aclosing(self._reply(task, info, wishes)) as events:
                async for event in events:
                    yield event
        finally:
            self._wishes = None

    async def _reply(self, task: Task, info: ModelInfo, wishes: Wishes) -> AsyncGenerator[Event, None]:
        chosen = self._choose(info)
        self.sampling = chosen.sampling
        exchange = Exchange(task, chosen, wishes, self._engine, self._chats)
        chat_id, branch = task.question.chat_id, self._chats.branch(task.question.chat_id)
        request = exchange.begin(up_to(branch, task.question), self._state_file(chat_id))
        try:
            async with aclosing(ask_engine(self._engine, request)) as reports:
                async for report in reports:
                    for event in exchange.take(report):
                        yield event
        finally:
            message = await self._chats.writer.finish(exchange.save)
        if message:
            history = [*request.history, message]
            self._preparation.begin(history, request.instructions, request.place, request.terms.state)
            yield TurnDone(message)

    def _choose(self, info: ModelInfo) -> Chosen:
        return choose(
            self.model,
            self._family_of(info),
            info,
            self._given.over(self.options),
            self._config,
            poll=self._poll,
            form=self.form,
        )

    def _state_file(self, chat_id: int) -> StateFile | None:
        return self._preparation.file_of(chat_id, self.model, self._config.saved_states)
