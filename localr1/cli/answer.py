"""One turn shown as text: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import asyncio
import signal
from contextlib import aclosing
from dataclasses import dataclass

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Event,
    HistoryTrimmed,
    LoopBroken,
    PromptProgress,
    ThinkingDelta,
    ThinkingTrimmed,
    TurnDone,
)
from localr1.chat.session import ChatSession
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.cli.printer import Printer
from localr1.cli.signals import EXIT_CODES
from localr1.config import Config
from localr1.errors import NoAnswerError, StoppedError
from localr1.message import FinishReason, Message
from localr1.paths import Paths
from localr1.runtime import Runtime, open_runtime
from localr1.store.chat import Chat


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and in which chat."""

    prompt: str
    chat_id: int | None = None
    go_on: bool = False
    save: bool = True
    model: str = ""
    options: ChatOptions = NO_OPTIONS


async def answer(question: Question, config: Config, paths: Paths, thinking: str) -> int:
    """Answer a question and print it as it comes; the exit code."""
    printer = Printer(thinking)
    async with open_runtime(config, paths, temporary=not question.save) as runtime:
        session = _session(runtime, question)
        stopper = _Stopper(session)
        try:
            with printer.live_line(session):
                await _print_turn(session, question, printer)
        except StoppedError:
            if not stopper.exit_code:
                raise
    return stopper.exit_code


def _session(runtime: Runtime, question: Question) -> ChatSession:
    if question.chat_id:
        chat: Chat | None = runtime.chats.get(question.chat_id)
    else:
        chat = runtime.chats.latest() if question.go_on else None
    return runtime.session(chat, question.model, question.options)


class _Stopper:
    """Ends the reply on a signal, so that what came so far is saved; a second signal is obeyed at once."""

    def __init__(self, session: ChatSession) -> None:
        self.exit_code = 0
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._stopping: asyncio.Task[None] | None = None
        for number in EXIT_CODES:
            self._loop.add_signal_handler(number, self._stop, number)

    def _stop(self, number: signal.Signals) -> None:
        self.exit_code = EXIT_CODES[number]
        self._stopping = asyncio.create_task(self._session.stop())
        for each in EXIT_CODES:
            self._loop.remove_signal_handler(each)


async def _print_turn(session: ChatSession, question: Question, printer: Printer) -> None:
    async with aclosing(session.send(question.prompt)) as turn:
        async for event in turn:
            _print(event, printer)
    if question.options.effort is not None and not session.thinks:
        printer.note(f"{session.model.name} does not think: there is no effort to choose")


def _print(event: Event, printer: Printer) -> None:
    match event:
        case PromptProgress(done, total):
            printer.prompt_progress(done, total)
        case ThinkingDelta(text):
            printer.thinking(text)
        case AnswerDelta(text, settled):
            printer.answer(text, settled)
        case AnswerWasThinking():
            printer.answer_was_thinking()
        case HistoryTrimmed(messages):
            printer.note(f"the {messages} oldest messages of the chat did not fit and were left out")
        case ThinkingTrimmed():
            printer.note("the beginning of the thinking did not fit and was left out")
        case LoopBroken(in_thinking=True):
            printer.note("the thinking went round in circles and was closed")
        case LoopBroken():
            printer.note("the answer went round in circles and was ended")
        case TurnDone(message):
            printer.finish()
            _judge(message, printer)


def _judge(message: Message, printer: Printer) -> None:
    """Say how the reply ended where that is not plain to see; raises NoAnswerError for thinking alone."""
    if message.finish_reason is FinishReason.LENGTH:
        if not message.text:
            raise NoAnswerError(
                "The model spent all its tokens on thinking and gave no answer.",
                hint="Give it more with --max-tokens or --context, or bound its thinking with --effort low.",
            )
        printer.note("the reply was cut at its limit of tokens")
