"""Every error that a user can see, with its hint and the exit code that scripts rely on."""

from __future__ import annotations


class LocalR1Error(Exception):
    """A known cause: one line that says what happened, one that says what to do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LocalR1Error):
    """The command line or standard input can't be used as it is."""

    exit_code = 2


class ConfigError(LocalR1Error):
    """A configuration file or variable can't be used as it is; the file stays untouched."""

    exit_code = 2


class ModelFileError(LocalR1Error):
    """The model is missing, incomplete, or no model that can chat."""

    exit_code = 3


class TemplateError(ModelFileError):
    """The model's chat template is missing or can't be used; another one may serve."""


class EngineError(LocalR1Error):
    """The engine's process died, hung or spoke nonsense."""

    exit_code = 4


class OutOfMemoryError(EngineError):
    """The engine found no memory for a model, or was killed while it took it."""


class ContextError(LocalR1Error):
    """The prompt is longer than the context; `fitting` is the share of it that there is room for."""

    exit_code = 5

    def __init__(self, message: str, *, hint: str = "", fitting: float = 0.0) -> None:
        super().__init__(message, hint=hint)
        self.fitting = fitting


class DownloadError(LocalR1Error):
    """A file could not be fetched or did not match its hash."""

    exit_code = 6


class DatabaseError(LocalR1Error):
    """The database can't be read or written; what is in it stays untouched."""

    exit_code = 7


class DamagedError(DatabaseError):
    """The database's content can't be trusted; a backup may be put in its place."""


class BusyError(DatabaseError):
    """Another program keeps the database locked; a moment later it may be free."""


class LockedError(LocalR1Error):
    """The database needs its passphrase, or got a wrong one."""

    exit_code = 8


class WrongPassphraseError(LockedError):
    """The passphrase is not the one; it can be asked for again."""


class StoppedError(LocalR1Error):
    """The user stopped something before it had come to its end; by another signal, with another exit code."""

    exit_code = 130

    def __init__(self, message: str, *, hint: str = "", exit_code: int = exit_code) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code


class NoAnswerError(LocalR1Error):
    """The reply ended before its answer began."""

    exit_code = 9


class NoPartError(LocalR1Error):
    """The answer has no such part as was asked for."""

    exit_code = 10


class FormError(NoPartError):
    """The answer has not the form that was asked for."""


class TimedOutError(LocalR1Error):
    """The reply took longer than it was given."""

    exit_code = 11


class NotSureError(LocalR1Error):
    """Too few of several replies agree."""

    exit_code = 12


class UnansweredError(LocalR1Error):
    """Some of many questions have an error in place of an answer."""

    exit_code = 13
