"""A chat with a model: whatever a turn does, it does here, and front ends only show it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial

import msgspec

from localr1.attachment import unpack
from localr1.chat.answering import Answering
from localr1.chat.ballot import Ballot
from localr1.chat.budget import ROOM_SHARE, budget_of
from localr1.chat.choices import (
    InstructionsPlace,
    advised_sampling,
    choose_sampling,
    choose_speculation,
    instructions_place,
)
from localr1.chat.draft import Draft, draft_for
from localr1.chat.events import Event, TurnDone
from localr1.chat.families import Family, family_of
from localr1.chat.place import up_to
from localr1.chat.preparation import Preparation
from localr1.chat.request import Request, ask_engine
from localr1.chat.saved_reply import SavedReply
from localr1.chat.steering import Bounds, Steering, Wishes
from localr1.chat.task import Task, Tasks
from localr1.chat.title import title_of
from localr1.chat.trace import answer_begin
from localr1.chat.turn import Turn
from localr1.chat.votes import ONE, Poll, require_variety
from localr1.chat.voting import Voting
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.chat_templates import template_named
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import ModelInfo
from localr1.engine.requests import Generate, StateFile
from localr1.errors import OutOfMemoryError, StoppedError
from localr1.fit.guard import Guard
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.grammar.form import AnswerForm
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.memory import held_memory
from localr1.message import Message, Role
from localr1.sampling import Sampling, with_seed
from localr1.saved_states import SavedStates
from localr1.store.chat import Chat
from localr1.store.chats import Chats


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
        states: SavedStates | None = None,
        stays: bool = False,
        form: AnswerForm | None = None,
    ):
        """`given` goes before the chat's own options and is not kept: what the command line asks for.

        With `states`, what is evaluated of the chat is kept on the disk. A session that `stays` prepares the
        next turn while the user reads. With a `form`, every answer keeps to it.
        """
        self._chats = chats
        self._engine = engine
        self._library = library
        self._config = config
        self._tasks = Tasks(chats)
        self._guard: Guard | None = None
        self._under_way: Awaitable[ModelInfo] | None = None
        self._draft: Draft | None = None
        self._wishes: Wishes | None = None
        """None while no turn runs."""
        self._given = given
        self._form = form
        self._preparation = Preparation(engine, states, stays=stays)
        self._unprepared = chat is not None
        """A chat was opened, and neither has a turn been taken in it nor one prepared."""
        self._poll = ONE
        self._stopped = False
        self._options = self.default_options
        self.model = model
        self.chat = chat
        self.question: Message | None = None
        """What the last turn is about; None until the store has it."""
        self.chat_template = _chat_template(config, model)
        """The name of the chat template to use in place of the model's own; empty for its own."""
        self.info: ModelInfo | None = None
        self.sampling: Sampling | None = None
        """How the last reply was drawn, its seed among it; None before the first one."""

    @property
    def load_share(self) -> float | None:
        """How much of the model is loaded, 0 to 1; None while nothing is being loaded."""
        return self._engine.load_share

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

    @property
    def advised(self) -> Sampling | None:
        """The sampling that is advised for the model; None until it is loaded."""
        return advised_sampling(self.model.sampling, self._family_of(self.info)) if self.info else None

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

    def use_settings(self, config: Config) -> None:
        """Take other settings from the next turn on; it loads the model again where they ask for it."""
        if _chat_template(config, self.model) != _chat_template(self._config, self.model):
            self.chat_template = _chat_template(config, self.model)
        self._config, self._guard = config, None

    @property
    def family(self) -> Family | None:
        """How the model thinks; None until it is loaded."""
        return self._family_of(self.info) if self.info else None

    @property
    def thinks(self) -> bool | None:
        """Whether the model has a thinking to steer; None until it is loaded."""
        return self.family.thinks if self.family else None

    @property
    def instructions_place(self) -> InstructionsPlace | None:
        """Where the model reads the chat's instructions; None until it is loaded."""
        return instructions_place(self._family_of(self.info), self.info) if self.info else None

    def history(self) -> list[Message]:
        """The messages of the branch that is shown, oldest first."""
        return self._chats.branch(self.chat.id) if self.chat else []

    def await_load(self, under_way: Awaitable[ModelInfo]) -> None:
        """A load of its model has begun elsewhere, and takes the place of the first one of its own."""
        self._under_way = under_way

    async def load(self) -> ModelInfo:
        """Load the model ahead of the first turn; a model that is loaded stays."""
        if under_way := self._under_way:
            self._under_way = None
            self.info = await under_way
            return self.info
        config, guard = self._config, self._guarded()
        try:
            self.info = await self._engine.load(
                self.model.path,
                context=config.context,
                threads=config.threads,
                gpu_layers=config.gpu_layers,
                cache_type=config.cache_type,
                flash_attention=config.flash_attention,
                template=template_named(self.chat_template) if self.chat_template else "",
                draft=self._draft.path if self._draft else None,
                place=lambda devices: guard.require_fit(devices, held_memory(self._engine.pid)),
            )
        except OutOfMemoryError as error:
            raise guard.explained(error) from None
        return self.info

    def send(self, text: str) -> AsyncGenerator[Event, None]:
        """Save what the user wrote, then answer it; raises LocalR1Error with all that came so far saved."""
        return self._answer(partial(self._ask, text))

    def vote(self, text: str, poll: Poll, *, instead_of: int | None = None) -> AsyncGenerator[Event, None]:
        """Save what the user wrote, ask for several replies to it at once, and keep what most of them say.

        With `instead_of` it stands beside the question with this id. Raises UsageError where all replies
        would be the same.
        """
        if instead_of is None:
            return self._answer(partial(self._ask, text), poll=poll)
        return self._answer(partial(self._tasks.ask_instead, instead_of, text), poll=poll)

    def regenerate(self) -> AsyncGenerator[Event, None]:
        """Answer the last question once more; a reply that it has stays beside the new one."""
        return self._answer(lambda: self._tasks.ask_again(self.chat))

    def edit(self, message_id: int, text: str) -> AsyncGenerator[Event, None]:
        """Ask a question in other words; the first ones stay beside them, with all that followed."""
        return self._answer(partial(self._tasks.ask_instead, message_id, text))

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

        Nothing while its model is not loaded, or a turn runs.
        """
        if not self._unprepared or self.info is None or self._wishes:
            return
        self._unprepared = False
        history = self.history()
        if self.chat and history and history[-1].role is Role.ASSISTANT:
            self._preparation.begin(
                history,
                self._given.over(self.options).instructions,
                instructions_place(self._family_of(self.info), self.info),
                self._state_file(self.chat.id),
            )

    async def rest(self, seconds: float | None = None) -> None:
        """Wait until the next turn is prepared and kept, but not longer than that."""
        await self._preparation.rest(seconds)

    async def end_preparation(self) -> None:
        """Prepare nothing any more, and keep nothing on the disk, until the next turn."""
        await self._preparation.end()

    def _family_of(self, info: ModelInfo) -> Family:
        return family_of(info.template, info.generation_prompt, info.architecture, self.model.family)

    def _guarded(self) -> Guard:
        """What judges the load of the model; raises ModelFileError for one that can't be loaded."""
        if self._guard is None:
            header = read_header(self.model.path)
            check_header(header)
            self._draft = draft_for(self.model, header, self._config, self._library)
            beside = self._draft.memory if self._draft else 0
            self._guard = Guard(self.model, header, self._config, self._library, beside=beside)
        return self._guard

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
        family = self._family_of(info)
        options = self._given.over(self.options)
        model = self.model
        wanted = choose_sampling(options, self._config, model.name, model.sampling, family)
        self.sampling = sampling = with_seed(wanted)
        require_variety(sampling, self._poll)
        turns = [Turn(family, earlier=task.earlier(family, model.name)) for _ in range(self._poll.samples)]
        bounds = self._bounds(task, options, turns[0].thinking_tokens)
        steered = [(turn, Steering(family, turn, bounds, wishes)) for turn in turns]
        answering, saved = self._answering(task, steered, wishes)
        stops = answering.begin(seen=task.cut is not None)
        request = Request(
            history=up_to(self._chats.branch(task.question.chat_id), task.question),
            instructions=options.instructions,
            place=instructions_place(family, info),
            family=family,
            beginning=turns[0].raw,
            terms=Generate(
                messages=(),
                sampling=sampling,
                max_tokens=self._config.max_tokens,
                pause_at=stops.pause_at,
                pause_share=ROOM_SHARE,
                pause_before=stops.pause_before,
                state=self._state_file(task.question.chat_id),
                grammar=self._form.grammar if self._form else "",
                answer_begin=answer_begin(family, turns[0].state),
                samples=self._poll.samples,
                speculate=choose_speculation(self._config.speculation, wanted),
            ),
        )
        try:
            async with aclosing(ask_engine(self._engine, request)) as reports:
                async for report in reports:
                    for event in answering.take(report):
                        yield event
        finally:
            message = await self._chats.writer.finish(saved.save)
        if message:
            history = [*request.history, message]
            self._preparation.begin(history, request.instructions, request.place, request.terms.state)
            yield TurnDone(message)

    def _answering(
        self, task: Task, steered: Sequence[tuple[Turn, Steering]], wishes: Wishes
    ) -> tuple[Answering | Voting, SavedReply]:
        """What takes the reports, and what saves the reply that comes of them: the only one, or the best."""
        turns = [turn for turn, _ in steered]
        ballot = Ballot(turns, self._poll)
        single = len(turns) == 1
        saved = SavedReply(self._chats, task, turns[0] if single else ballot, self.model.name)
        answerings = [
            Answering(self._engine, turn, steering, saved, wishes, sample=sample)
            for sample, (turn, steering) in enumerate(steered)
        ]
        return answerings[0] if single else Voting(self._engine, answerings, ballot), saved

    def _state_file(self, chat_id: int) -> StateFile | None:
        return self._preparation.file_of(chat_id, self.model, self._config.saved_states)

    def _bounds(self, task: Task, options: ChatOptions, spent: int) -> Bounds:
        """A thinking that is doubted has its budget once more, and is not kept from thinking."""
        budget = budget_of(options.effort)
        if task.doubted:
            budget = budget + spent if budget else None
        return Bounds(
            budget, self._config.min_thinking, self._config.loop_breaker, opens=self._form is not None
        )


def _chat_template(config: Config, model: LocalModel) -> str:
    """The name of the template that the settings name for a model."""
    return config.chat_template or config.chat_templates.get(model.name, "")
