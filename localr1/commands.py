"""What a user can do in a chat: the one table behind keys, help, command palette and slash commands.

One line more in COMMANDS is one command more: its `action` names the method `action_…` of tui/screens/chat.py
that does it on the screen. What the plain chat can do has a line in cli/plain/actions.py, by its slash name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from localr1.message import SAMPLES


class Group(str, Enum):
    """What a command is about, in the order of the help."""

    WRITING = "Writing"
    REPLIES = "Replies"
    READING = "Reading"
    COPYING = "Copying"
    CHATS = "Chats and models"
    PROGRAM = "localr1"


class Choices(Enum):
    """Sets of arguments that only the running program knows."""

    MODELS = "models"
    THEMES = "themes"
    CHATS = "chats"
    PRESETS = "presets"


@dataclass(frozen=True, slots=True)
class Argument:
    """What may follow the name of a slash command."""

    name: str
    needed: bool = False
    choices: tuple[str, ...] | Choices = ()
    """What it can be; empty where any text will do."""
    others: bool = False
    """Something else may do as well, which whoever acts on it judges."""
    number: range | None = None
    """It begins with one of these."""

    def __str__(self) -> str:
        return self.name if self.needed else f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a user can do; it has a key, a name after a slash, or both."""

    group: Group
    does: str
    """In a few words that may follow "to"."""
    action: str = ""
    """On the screen; empty where another part of the program or the terminal does it."""
    key: str = ""
    """As Textual names it; several are separated by commas."""
    slash: str = ""
    argument: Argument | None = None
    aliases: tuple[str, ...] = ()
    """Other names after the slash, which people know from elsewhere."""
    priority: bool = False
    """The key goes before what the prompt does with it."""

    @property
    def usage(self) -> str:
        """How the slash command is typed: "/export [FILE]"; empty where there is none."""
        return f"/{self.slash} {self.argument or ''}".rstrip() if self.slash else ""


_WRITING, _REPLIES, _READING, _COPYING, _CHATS, _PROGRAM = Group
_PARTS = Argument("PART", choices=("answer", "code", "thinking", "chat", "chat and thinking"))
_VOTES = Argument("N [TEXT]", needed=True, choices=("5", "9"), others=True, number=SAMPLES)
_EFFORT = Argument("LEVEL", needed=True, choices=("off", "low", "medium", "high"), others=True)

COMMANDS = (
    Command(_WRITING, "send", key="enter"),
    Command(_WRITING, "begin a new line", key="shift+enter,ctrl+j"),
    Command(_WRITING, "look through earlier prompts", key="up,down"),
    Command(_WRITING, "choose a command by its name", key="/"),
    Command(_WRITING, "add a file; Backspace removes it", key="@"),
    Command(_WRITING, "show this help, in an empty prompt", key="?"),
    Command(_WRITING, "at the end of a line: go on in $EDITOR", "open_editor", key="ctrl+e"),
    Command(_WRITING, "undo", key="ctrl+underscore"),
    Command(_REPLIES, "stop the reply; what came so far stays", "stop", key="escape"),
    Command(_REPLIES, "stop, copy what is marked; twice: quit", key="ctrl+c"),
    Command(_REPLIES, "get another reply to the last question", "retry", key="ctrl+r", slash="retry"),
    Command(
        _REPLIES,
        "let several replies vote on the answer",
        "vote",
        slash="votes",
        argument=_VOTES,
        aliases=("vote",),
    ),
    Command(
        _REPLIES,
        "ask the last question in other words",
        "edit",
        key="alt+e",
        slash="edit",
        argument=Argument("TEXT"),
    ),
    Command(_REPLIES, "go to the reply or version before (◀)", "step_branch(False)", key="alt+left"),
    Command(_REPLIES, "go to the next reply or version (▶)", "step_branch(True)", key="alt+right"),
    Command(_REPLIES, "end the thinking: the answer now", "answer_now", key="alt+a", slash="answer"),
    Command(_REPLIES, "go on with a reply that was cut", "go_on", key="alt+g", slash="continue"),
    Command(_REPLIES, "think longer about the last question", "think_longer", key="alt+l", slash="longer"),
    Command(_READING, "scroll up", "scroll('pageup')", key="pageup", priority=True),
    Command(_READING, "scroll down", "scroll('pagedown')", key="pagedown", priority=True),
    Command(_READING, "go to the beginning", "scroll('home')", key="ctrl+home", priority=True),
    Command(_READING, "go to the end", "scroll('end')", key="ctrl+end", priority=True),
    Command(_READING, "show the last thinking", "thinking", key="ctrl+t", slash="thinking"),
    Command(_READING, "show or fold all thinking", "thinking(True)", key="alt+t"),
    Command(_READING, "print the chat from its beginning", slash="show"),
    Command(_READING, "hide or show all thinking", "hide_thinking", key="alt+h"),
    Command(_READING, "show or fold the last question's files", "files", key="alt+o"),
    Command(_READING, "read by keys; Esc comes back", key="tab"),
    Command(_READING, "there: down and up, n N by messages", key="j k d u"),
    Command(_READING, "there: the beginning and the end", key="g G"),
    Command(_READING, "there: find; n N by matches", key="/ n N"),
    Command(_READING, "there: copy the message", key="y"),
    Command(_READING, "there: edit the question", key="e"),
    Command(_READING, "there: delete it and all after it", key="x"),
    Command(_COPYING, "copy the last answer", "copy('answer')", key="alt+y"),
    Command(_COPYING, "copy the last block of code", "copy('code')", key="alt+k"),
    Command(_COPYING, "copy a part of the chat", "copy", key="alt+c", slash="copy", argument=_PARTS),
    Command(
        _COPYING, "write the chat to .md, .html or .json", "export", slash="export", argument=Argument("FILE")
    ),
    Command(_CHATS, "begin a new chat", "new", key="ctrl+n", slash="new", aliases=("clear",)),
    Command(_CHATS, "search, open, pin, tag, delete chats", "chats", key="ctrl+o", slash="chats"),
    Command(
        _CHATS,
        "begin a chat that leaves no trace",
        "new(True)",
        slash="temporary",
        aliases=("private", "incognito"),
    ),
    Command(
        _CHATS, "list chats by words in their titles", slash="find", argument=Argument("WORDS", needed=True)
    ),
    Command(_CHATS, "delete a chat for good", slash="delete", argument=Argument("NUMBER")),
    Command(
        _CHATS,
        "open a chat by its number",
        "open_chat",
        slash="open",
        argument=Argument("NUMBER", needed=True, choices=Choices.CHATS),
    ),
    Command(
        _CHATS,
        "bring in chats of another program",
        "import_chats",
        slash="import",
        argument=Argument("FILE", needed=True),
    ),
    Command(_CHATS, "give the chat another title", "rename", slash="rename", argument=Argument("TITLE")),
    Command(
        _CHATS,
        "choose the model that answers",
        "use",
        key="ctrl+l",
        slash="model",
        argument=Argument("NAME", choices=Choices.MODELS),
        aliases=("models",),
    ),
    Command(_CHATS, "set it up: text, presets, sampling", "this_chat", key="f3", slash="options"),
    Command(
        _CHATS,
        "set the chat to a preset",
        "use_preset",
        slash="preset",
        argument=Argument("NAME", needed=True, choices=Choices.PRESETS),
    ),
    Command(_CHATS, "say how long to think", "set_effort", slash="effort", argument=_EFFORT),
    Command(_CHATS, "give the chat instructions", "instruct", slash="system", argument=Argument("TEXT")),
    Command(
        _PROGRAM,
        "change the colours",
        "app.use_theme",
        slash="theme",
        argument=Argument("NAME", choices=Choices.THEMES),
    ),
    Command(_PROGRAM, "see and change all settings", "settings", key="f2", slash="settings"),
    Command(_PROGRAM, "find anything to do by its name", "palette", key="alt+x,f9"),
    Command(_PROGRAM, "show this help", "help", key="f1", slash="help"),
    Command(_PROGRAM, "lock encrypted chats at once", "app.lock", key="alt+q", slash="lock"),
    Command(_PROGRAM, "leave for the shell; fg comes back", key="ctrl+z"),
    Command(_PROGRAM, "quit: twice, in an empty prompt", key="ctrl+d"),
    Command(
        _PROGRAM, "quit; every chat is saved", "app.quit", key="ctrl+q", slash="quit", aliases=("exit", "bye")
    ),
)
