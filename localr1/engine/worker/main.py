"""The engine's process: takes over its pipes, then serves until the app that started it ends."""

from __future__ import annotations

import os
import resource
from functools import partial
from pathlib import Path

from localr1.engine.reports import Failed
from localr1.engine.worker.holding import Holding
from localr1.engine.worker.listening import Listener, nobody, open_listener
from localr1.engine.worker.log import keep_short
from localr1.engine.worker.pipes import Inbox, Outbox, pipe_writer


def main(log: str) -> None:
    """Serve requests of standard input; what C code prints goes to the log file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    listening = open_listener()
    outbox = Outbox(nobody if listening else pipe_writer(os.dup(1)))
    _redirect_output(Path(log))
    try:
        from localr1.engine.worker.service import Service
    except (ImportError, OSError, RuntimeError) as error:
        if listening:
            outbox.write_to(listening.accept()[0].sendall)
        outbox.send(Failed(id=0, kind="library", message=str(error)))
        return
    holding = Holding()
    if listening:
        Service(outbox, holding, partial(Listener, listening, outbox, holding)).serve()
    # A daemon thread that reads sys.stdin would turn every error of ours into an abort of the interpreter.
    Service(outbox, holding, partial(Inbox, os.fdopen(os.dup(0), "rb"), outbox)).serve()


def _redirect_output(log: Path) -> None:
    """Point file descriptors 1 and 2 at a bounded, private log, or nowhere when it can't be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(log, flags, 0o600)
    except OSError:
        descriptor = os.open(os.devnull, os.O_WRONLY)
    else:
        os.fchmod(descriptor, 0o600)
        keep_short(os.dup(descriptor))
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
