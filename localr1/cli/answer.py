"""One turn on the command line: asked, printed as it comes, and judged by how it ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from localr1.chat.answer import Answer, require_sure, require_text
from localr1.chat.asking import set_chat, turn_of
from localr1.chat.events import HistoryTrimmed, LoopBroken, ThinkingTrimmed
from localr1.chat.session import ChatSession
from localr1.chat.steps import Step, steps_of
from localr1.chat.tally import vote_text
from localr1.chat.votes import Poll, is_sure
from localr1.chat_options import ChatOptions
from localr1.cli.output.plan import FOR_PROGRAMS, Plan
from localr1.cli.output.printer import Printer
from localr1.cli.stopper import Stopper
from localr1.cli.way import Way
from localr1.engine.client import Engine
from localr1.engine.reports import ModelInfo
from localr1.errors import StoppedError, TimedOutError
from localr1.library.library import Library
from localr1.message import FinishReason
from localr1.paths import Paths
from localr1.runtime import Runtime, runtime_with
from localr1.settings import Settings
from localr1.store.chat import Chat
from localr1.store.sealed_key import DatabaseKey
from localr1.store.writer import WAITING

KEEPING_SECONDS = 5.0
"""Time to keep on the disk what was evaluated, for the next question in the chat."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and in which chat."""

    prompt: str
    way: Way
    chat_id: int | None = None
    go_on: bool = False
    branch: bool = False
    """Beside the last question of the chat instead of after its answer."""
    save: bool = True
    instructions: str = ""
    preset: ChatOptions | None = None
    """What the chat is set to before the question."""


async def answer(
    question: Question,
    engine: Engine,
    *,
    settings: Settings,
    paths: Paths,
    library: Library,
    plan: Plan,
    key: DatabaseKey | None = None,
    load: Awaitable[ModelInfo] | None = None,
) -> int:
    """Answer a question and print it as it comes; the exit code. Its model may be on its way already."""
    way, temporary = question.way, not question.save
    async with runtime_with(engine, settings, paths, key, temporary=temporary, library=library) as runtime:
        session = _session(runtime, question)
        turn = turn_of(session, question.prompt, way.poll, branch=question.branch)
        await set_chat(session, question.preset, question.instructions)
        if load:
            session.await_load(load)
        stopper = Stopper(session.stop)
        printer = Printer(plan, partial(_loading, session))
        reply: Answer | None = None
        told = False
        try:
            with stopper.watching(way.timeout):
                with printer.printing():
                    reply = await _print_turn(steps_of(turn, session, saved=question.save), printer)
                    _say_unused(session, way.options, printer)
                if reply and (is_sure(reply.vote, way.poll) or plan.format in FOR_PROGRAMS):
                    printer.finish(reply)
                    told = True
        except StoppedError:
            if not stopper.stopped:
                raise
        if told:
            await session.rest(KEEPING_SECONDS)
        runtime.forget(reply.chat if reply else question.chat_id)
    if stopper.timed_out:
        raise TimedOutError(f"The reply took longer than {way.timeout:g} seconds.")
    if reply and not stopper.stopped:
        _judge(reply, way.poll, printer)
    return stopper.exit_code


def _session(runtime: Runtime, question: Question) -> ChatSession:
    if question.chat_id:
        chat: Chat | None = runtime.chats.get(question.chat_id)
    else:
        chat = runtime.chats.latest() if question.go_on else None
    way = question.way
    return runtime.session(chat, way.model or "", way.options, form=way.form)


async def _print_turn(steps: AsyncGenerator[Step, None], printer: Printer) -> Answer | None:
    """The reply, or None for one that was stopped before its first word."""
    async with aclosing(steps) as turn:
        async for step in turn:
            if isinstance(step, Answer):
                return step
            printer.show(step)
            match step:
                case HistoryTrimmed(messages):
                    printer.note(f"the {messages} oldest messages of the chat did not fit and were left out")
                case ThinkingTrimmed():
                    printer.note("the beginning of the thinking did not fit and was left out")
                case LoopBroken(in_thinking=True):
                    printer.note("the thinking went round in circles and was closed")
                case LoopBroken():
                    printer.note("the answer went round in circles and was ended")
    return None


def _say_unused(session: ChatSession, options: ChatOptions, printer: Printer) -> None:
    """Say what was asked for, and the model can't use."""
    if options.effort is not None and not session.thinks:
        printer.note(f"{session.model.name} does not think: there is no effort to choose")
    if session.info and session.info.draft_refused:
        printer.note(f"the draft model is not used: {session.info.draft_refused}")


def _judge(reply: Answer, poll: Poll, printer: Printer) -> None:
    """Say how a reply ended; raises as `require_sure` and `require_text` do."""
    require_sure(reply, poll)
    if reply.vote:
        printer.note(vote_text(reply.vote))
    require_text(reply)
    if reply.finish_reason is FinishReason.LENGTH:
        printer.note("the reply was cut at its limit of tokens")


def _loading(session: ChatSession) -> str:
    if session.waiting:
        return f"{WAITING.capitalize()}…"
    share = session.load_share
    return f"Loading {session.model.name}…" + (f" {share:.0%}" if share else "")
