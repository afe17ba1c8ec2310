"""What the plain chat does after a slash; `localr1.commands` has the names and says what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from localr1.chat.chat_file import export_chat
from localr1.chat.export_file import written_path
from localr1.chat.place import last_question
from localr1.chat.session import ChatSession
from localr1.chat.votes import Poll
from localr1.chat_options import read_effort
from localr1.cli.plain.chat import PlainChat
from localr1.cli.plain.reader import Reader
from localr1.errors import UsageError
from localr1.message import Role
from localr1.safe_text import safe_line
from localr1.slash import by_name, chat_number, numbered
from localr1.store.chat import Chat
from localr1.wording import plural

Action: TypeAlias = Callable[["Front", str], None]
LISTED_CHATS = 20
FOUND_CHATS = 1000
KEYS = """A backslash at the end of a line goes on with the next line.
A line <<END begins a text of several lines, and a line END ends it.
One more slash sends a command as text: //help.
Ctrl+C stops a reply, and twice it quits; so does Ctrl+D."""


class QuitError(Exception):
    """The user wants to leave."""


@dataclass(frozen=True, slots=True)
class Front:
    """What an action works with."""

    chat: PlainChat
    reader: Reader


def _help(front: Front, argument: str) -> None:
    for command in dict.fromkeys(COMMANDS.values()):
        front.chat.say(f"{command.usage}: {command.does}.")
    front.chat.say(KEYS)


def _new(front: Front, argument: str) -> None:
    front.chat.open(None)


def _chats(front: Front, argument: str) -> None:
    _list(front, front.chat.runtime.chats.list(LISTED_CHATS))


def _find(front: Front, argument: str) -> None:
    words = argument.casefold().split()
    chats = front.chat.runtime.chats.list(FOUND_CHATS)
    _list(front, [chat for chat in chats if all(word in chat.title.casefold() for word in words)])


def _list(front: Front, chats: list[Chat]) -> None:
    for chat in chats:
        front.chat.say(f"{chat.id}: {safe_line(chat.title) or 'untitled'}")
    front.chat.say("/open NUMBER opens one." if chats else "There is none.")


def _open(front: Front, argument: str) -> None:
    chats = front.chat.runtime.chats
    front.chat.open(chats.get(chat_number(argument)).id)


def _show(front: Front, argument: str) -> None:
    front.chat.show()


def _thinking(front: Front, argument: str) -> None:
    replies = [message for message in front.chat.history() if message.role is Role.ASSISTANT]
    thinking = replies[-1].thinking.strip() if replies else ""
    front.chat.say(thinking or "There is no thinking.")


def _retry(front: Front, argument: str) -> None:
    front.chat.turn(ChatSession.regenerate)


def _votes(front: Front, argument: str) -> None:
    samples, text = numbered(argument)
    poll = Poll(samples)
    front.chat.turn(lambda session: session.send(text, poll) if text else session.regenerate(poll))


def _edit(front: Front, argument: str) -> None:
    question = last_question(front.chat.history())
    if question is None:
        raise UsageError("Nothing has been asked yet.")
    if not argument:
        front.chat.say(f"You asked: {question.text}")
    text = argument or front.reader.text("Edit: ", draft=question.text)
    if text:
        front.chat.turn(lambda session: session.edit(question.id, text))


def _continue(front: Front, argument: str) -> None:
    front.chat.turn(ChatSession.continue_reply)


def _longer(front: Front, argument: str) -> None:
    front.chat.turn(ChatSession.think_longer)


def _preset(front: Front, argument: str) -> None:
    session = front.chat.session()
    preset = front.chat.runtime.presets.find(argument)
    session.set_options(preset.options.over(session.default_options))
    front.chat.say(f"This chat is set to {safe_line(preset.name)}.")


def _effort(front: Front, argument: str) -> None:
    session = front.chat.session()
    session.set_options(replace(session.options, effort=read_effort(argument)))
    front.chat.say(f"The effort of this chat is {argument} now.")


def _system(front: Front, argument: str) -> None:
    session = front.chat.session()
    told = session.options.instructions
    if not argument:
        front.chat.say(f"The instructions are: {told or 'none'}")
    text = argument or front.reader.text("Instructions, an empty line for none: ", draft=told)
    session.set_options(replace(session.options, instructions=text))
    front.chat.say("The chat has its instructions." if text else "The chat has no instructions.")


def _rename(front: Front, argument: str) -> None:
    chat = front.chat.saved()
    if title := safe_line(argument or front.reader.line("Title: ", draft=safe_line(chat.title))):
        front.chat.runtime.chats.rename(chat.id, title)
        front.chat.say(f"This chat is now: {title}")


def _delete(front: Front, argument: str) -> None:
    chats = front.chat.runtime.chats
    chat = chats.get(chat_number(argument)) if argument else front.chat.saved()
    front.chat.say(
        f"Delete chat {chat.id}, {plural(chat.messages, 'message')}, for good? {safe_line(chat.title)}"
    )
    if front.reader.line("Write yes to delete it: ").strip().casefold() != "yes":
        front.chat.say("It stays.")
        return
    chats.delete(chat.id)
    front.chat.run(front.chat.open_chat.forget_state(chat.id))
    front.chat.say("It is deleted.")
    if chat.id == front.chat.open_chat.id:
        front.chat.open(None)


def _export(front: Front, argument: str) -> None:
    chats = front.chat.run(front.chat.open_chat.chats())
    front.chat.say(f"Written to {export_chat(chats, front.chat.saved(), Path.cwd(), argument)}")


def _import(front: Front, argument: str) -> None:
    from localr1.importing.bringing import bring_files

    conversations = front.chat.runtime.chats.conversations
    front.chat.say(f"{bring_files(conversations, written_path(argument))}.")


def _model(front: Front, argument: str) -> None:
    if argument:
        front.chat.use(argument)
    answering = front.chat.run(front.chat.open_chat.model())
    if not argument:
        for model in front.chat.runtime.library.models():
            front.chat.say(f"{safe_line(model.name)}{', answers now' if model.name == answering else ''}")
        front.chat.say("/model NAME lets another one answer; `localr1 pull NAME` fetches one.")
    else:
        front.chat.say(f"{safe_line(answering)} answers from here on.")


def _quit(front: Front, argument: str) -> None:
    raise QuitError


ACTIONS: Mapping[str, Action] = {
    "help": _help,
    "retry": _retry,
    "votes": _votes,
    "edit": _edit,
    "continue": _continue,
    "longer": _longer,
    "thinking": _thinking,
    "show": _show,
    "new": _new,
    "chats": _chats,
    "find": _find,
    "open": _open,
    "rename": _rename,
    "delete": _delete,
    "export": _export,
    "import": _import,
    "model": _model,
    "effort": _effort,
    "preset": _preset,
    "system": _system,
    "quit": _quit,
}
COMMANDS = by_name(ACTIONS)
