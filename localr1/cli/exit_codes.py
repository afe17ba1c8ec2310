"""The exit codes that scripts rely on, in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExitCode:
    """A code, what it means, and what `localr1 ask` has printed by then."""

    code: int
    name: str
    """In a few words."""
    meaning: str
    printed: str = "nothing"


_SO_FAR = "the answer as far as it came"

EXIT_CODES = (
    ExitCode(0, "answered", "answered", "the answer"),
    ExitCode(1, "a fault", "a fault of localr1, or the output could not be written", _SO_FAR),
    ExitCode(2, "usage", "usage or configuration: an option, an empty prompt, a bad setting"),
    ExitCode(3, "model file", "the model file: missing, incomplete, no model that can chat"),
    ExitCode(4, "engine died", "the engine died", _SO_FAR),
    ExitCode(5, "too long for the context", "the prompt does not fit the context"),
    ExitCode(6, "download", "a download: the network, the hub, a wrong hash, a full disk"),
    ExitCode(7, "database", "the database can't be used"),
    ExitCode(8, "locked", "the chats are encrypted; their passphrase is wrong, or is missing"),
    ExitCode(
        9, "only thinking and no answer", "only thinking came, and no answer", "what was asked for of it"
    ),
    ExitCode(10, "no such part", "no block of code, no \\boxed{…}, no thinking, not the form, as asked for"),
    ExitCode(11, "timed out", "the reply took longer than --timeout", _SO_FAR),
    ExitCode(12, "not sure", "fewer samples agreed than --min-share asks for", "nothing, but JSON"),
    ExitCode(13, "some lines failed", "some lines of a batch have no answer", "all lines, with their errors"),
    ExitCode(129, "hung up", "ended by SIGHUP", _SO_FAR),
    ExitCode(130, "Ctrl-C", "ended by Ctrl-C", _SO_FAR),
    ExitCode(141, "no reader", "the reader of standard output went away", "what was read"),
    ExitCode(143, "terminated", "ended by SIGTERM", _SO_FAR),
)


def exit_code_text() -> str:
    """All of them in a sentence."""
    return ", ".join(f"{each.code} {each.name}" for each in EXIT_CODES)
