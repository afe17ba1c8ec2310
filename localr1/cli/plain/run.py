"""localr1 chat --plain: the chat as lines of text."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from localr1.chat_options import ChatOptions
from localr1.cli.plain.actions import ACTIONS, COMMANDS, Front, QuitError
from localr1.cli.plain.chat import PlainChat
from localr1.cli.plain.completion import Completion
from localr1.cli.plain.editing import find_editing
from localr1.cli.plain.interrupts import InterruptionError, Interrupts
from localr1.cli.plain.reader import Reader
from localr1.cli.plain.wakeups import wakeups
from localr1.errors import LocalR1Error, UsageError
from localr1.loop_thread import LoopThread
from localr1.paths import Paths
from localr1.runtime import Runtime, open_runtime
from localr1.settings import Settings
from localr1.slash import Call, find
from localr1.store.sealed_key import DatabaseKey
from localr1.wording import plural


def run_plain_chat(
    settings: Settings,
    paths: Paths,
    *,
    chat_id: int | None,
    go_on: bool,
    model: str,
    preset: ChatOptions | None = None,
    key: DatabaseKey | None = None,
) -> int:
    """Chat on standard input and output until one of them ends; the exit code of the program."""
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("Standard input is closed.", hint="The plain chat reads what you write from it.")
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    with LoopThread.running() as loop, _runtime(loop, settings, paths, key) as runtime:
        chat = PlainChat(loop, runtime, model, preset)
        interrupts = Interrupts(chat.stop)
        editing = find_editing(Completion(runtime.library).candidates)
        if editing:
            editing.remember(reversed(runtime.prompts.newest()))
        front = Front(chat, Reader(interrupts, editing, sys.stdin))
        with interrupts.heard(), wakeups(loop):
            chat.say("localr1, the plain chat. /help lists the commands, Ctrl+D quits.")
            chat.open(chat_id, latest=go_on)
            if forgotten := runtime.forget(chat.open_chat.id):
                chat.say(f"{plural(forgotten, 'old chat')} forgotten, as the setting forget_after says.")
            _converse(front, interrupts)
    return interrupts.exit_code


@contextmanager
def _runtime(
    loop: LoopThread, settings: Settings, paths: Paths, key: DatabaseKey | None
) -> Iterator[Runtime]:
    resources = AsyncExitStack()
    try:
        yield loop.run(resources.enter_async_context(open_runtime(settings, paths, key)))
    finally:
        loop.run(resources.aclose())


def _converse(front: Front, interrupts: Interrupts) -> None:
    """Take one text after the other, until there is no more or the user has had enough."""
    while not interrupts.quits:
        try:
            _answer(front.reader.entry(), front)
        except EOFError:
            front.chat.say("")
            break
        except QuitError:
            break
        except InterruptionError:
            front.chat.say("" if interrupts.quits else "\nCtrl+C once more quits.")
        except LocalR1Error as error:
            front.chat.say_error(error)


def _answer(entry: Call | str, front: Front) -> None:
    match entry:
        case Call() as call:
            command = find(call, COMMANDS)
            ACTIONS[command.slash](front, call.argument)
        case text if text:
            front.chat.turn(lambda session: session.send(text))
