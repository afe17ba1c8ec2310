"""What went wrong in the worker, in words for people."""

from __future__ import annotations

import signal

from localr1.chat_templates import ADVICE
from localr1.engine.repair import repair_advice
from localr1.engine.reports import Failed
from localr1.errors import (
    ContextError,
    EngineError,
    LocalR1Error,
    ModelFileError,
    OutOfMemoryError,
    StoppedError,
    TemplateError,
    UsageError,
)

VERIFY = "`localr1 models verify` finds damaged files; fetch the model again."
AGAIN = "It starts again with the next question."
DAMAGED = "The file is damaged, or of a kind that this version can't run."
SIGNALS: dict[int, str] = {
    signal.SIGABRT: "llama.cpp gave up on it: the file is damaged, or of a kind that this version can't run.",
    signal.SIGBUS: "The model file was changed or cut while it was in use: check it, then send again.",
    signal.SIGFPE: DAMAGED,
    signal.SIGILL: "llama.cpp was built for another processor.",
    signal.SIGKILL: "Another program ended it, or the memory ran out: a smaller model or context takes less.",
    signal.SIGSEGV: DAMAGED,
}


def death_error(code: int, doing: str) -> EngineError | TemplateError:
    """Why a worker ended by itself; `code` as asyncio gives it, minus the number of a signal."""
    if code == -signal.SIGPROF:  # only rendering is limited so, see engine.worker.limits
        return TemplateError(f"The chat template did not end while {doing}.", hint=ADVICE)
    if code >= 0:
        return EngineError(f"The engine ended with code {code} while {doing}.", hint=repair_advice())
    try:
        name = signal.Signals(-code).name
    except ValueError:  # the real-time signals have no names
        name = f"signal {-code}"
    kind = OutOfMemoryError if code == -signal.SIGKILL else EngineError
    hint = SIGNALS.get(-code, AGAIN)
    if code == -signal.SIGILL:
        hint = f"{hint} {repair_advice()}"
    return kind(f"The engine died ({name}) while {doing}.", hint=hint)


def stopped_error(name: str) -> StoppedError:
    """The user stopped the loading of a model."""
    return StoppedError(f"Loading {name} was stopped.")


def load_error(name: str, failed: Failed) -> LocalR1Error:
    """Why the model with this file name is not loaded."""
    match failed.kind:
        case "cancelled":
            return stopped_error(name)
        case "memory":
            return OutOfMemoryError(
                f"{name}: {failed.message}.", hint="Try a smaller context, quant or model."
            )
        case "template":
            return TemplateError(f"{name} can't be used to chat: {failed.message}.", hint=ADVICE)
        case _:
            return ModelFileError(
                f"{name} can't be loaded: {failed.message}.",
                hint="Check that the file is whole, and of a kind that llama.cpp runs.",
            )


def generation_error(failed: Failed) -> LocalR1Error:
    """Why a conversation is not answered."""
    match failed.kind:
        case "context":
            return ContextError(
                failed.message,
                hint="Shorten it, or give the chat more room with --context.",
                fitting=failed.fitting,
            )
        case "grammar":
            return UsageError(
                f"The grammar can't be used: {failed.message}.", hint="It is GBNF, of llama.cpp."
            )
        case "template":
            return TemplateError(
                f"The model's chat template can't be used for this chat: {failed.message}.", hint=ADVICE
            )
        case "memory":
            return OutOfMemoryError(
                f"The reply could not go on: {failed.message}.",
                hint="Close other programs and go on with it, or choose a smaller model.",
            )
        case "weights":
            return ModelFileError(f"The model can't answer: {failed.message}.", hint=VERIFY)
        case _:
            return EngineError(f"The engine could not go on: {failed.message}.", hint="Send again.")
