"""A worker that is kept warm: it serves one app after the other over a private socket, for a while."""

from __future__ import annotations

import os
import queue
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TypeAlias

import msgspec

from localr1.engine.calls import CALL_LIMIT, Attach, Call, End, Inquire, Standing, decode_call, encode_call
from localr1.engine.peer import is_own
from localr1.engine.requests import Cancel, Prepare
from localr1.engine.worker.holding import Holding
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.pipes import Forget, Outbox, Work, hear
from localr1.engine.worker.visit import Visit

LOOK_SECONDS = 1.0
"""Between two looks at whether the socket still lies where apps look for it."""
CALL_SECONDS = 1.0
"""How long a connection may take to say what it wants."""
UNASKED_SECONDS = 60.0
"""How long it stays before the first app has said how long."""
ENDING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})

Item: TypeAlias = Attach | Work | Visit
"""What the main thread is to do next; a visit stands for its own end."""


class Listener:
    """Takes calls in a side thread, and the requests of the app that has the worker in another one."""

    def __init__(self, listening: socket.socket, outbox: Outbox, holding: Holding, orders: Orders) -> None:
        self._listening = listening
        self._place = Path(os.fsdecode(listening.getsockname()))
        self._inode = _inode(self._place)
        self._outbox = outbox
        self._orders = orders
        self._holding = holding
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._visit: Visit | None = None
        self._keep = UNASKED_SECONDS
        self._since = self._left_at = time.monotonic()

    def requests(self) -> Iterator[Attach | Work | Forget]:
        """What apps ask for, one app after the other, for ever."""
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        threading.Thread(target=self._await_signal, name="ending", daemon=True).start()
        while True:
            match self._queue.get():
                case Visit() as visit:
                    if visit.forget:
                        yield Forget()
                    self._free(visit)
                case Attach() as attach:
                    yield attach
                case request:
                    self._orders.begin(request.id, gives_way=isinstance(request, Prepare))
                    yield request
                    self._orders.end(request.id)

    def _free(self, visit: Visit) -> None:
        """Nothing that an app asked for is under way any more: the next one may come."""
        self._outbox.write_to(nobody)
        visit.close()
        self._orders.reset()
        self._left_at = time.monotonic()
        self._visit = None

    def _listen(self) -> None:
        """Take calls; when nobody can come any more, for whatever reason, this process is of no use."""
        try:
            while self._visit or (self._left() > 0 and _inode(self._place) == self._inode):
                wait = min(LOOK_SECONDS, max(0.0, self._left()))
                if select.select([self._listening], [], [], wait)[0]:
                    self._take(self._listening.accept()[0])
        finally:
            self._end()

    def _left(self) -> float:
        """Seconds until nobody has asked for long enough."""
        return self._keep if self._visit else self._left_at + self._keep - time.monotonic()

    def _take(self, connection: socket.socket) -> None:
        """Do what a connection wants; one that is foreign, silent or unclear is closed."""
        connection.settimeout(CALL_SECONDS)
        call: Call | None = None
        with suppress(OSError, msgspec.DecodeError):
            call = decode_call(_read_line(connection)) if is_own(connection) else None
        match call:
            case Attach() if self._visit is None:
                self._begin(Visit(connection, call), call)
                return
            case Inquire():
                with suppress(OSError):
                    connection.sendall(encode_call(self._standing()))
            case End():
                self._end()
        connection.close()

    def _begin(self, visit: Visit, attach: Attach) -> None:
        self._visit = visit
        self._keep = attach.keep_seconds or self._keep
        self._outbox.write_to(visit.write)
        self._queue.put(attach)
        threading.Thread(target=self._hear, args=(visit,), name="inbox", daemon=True).start()

    def _hear(self, visit: Visit) -> None:
        """Take what an app asks for; when it leaves, what runs for it is cancelled."""
        asked: list[int] = []

        def put(request: Work) -> None:
            asked.append(request.id)
            self._queue.put(request)

        hear(visit.lines(), put, self._outbox, self._orders)
        for request_id in asked:
            self._orders.hear(Cancel(id=request_id))
        self._queue.put(visit)

    def _standing(self) -> Standing:
        now = time.monotonic()
        busy = self._visit is not None
        return Standing(os.getpid(), self._holding.path, busy, now - self._since, self._left())

    def _await_signal(self) -> None:
        signal.sigwait(ENDING)
        self._end()

    def _end(self) -> NoReturn:
        """Take the socket away, then end, whatever the main thread is computing."""
        with suppress(OSError):
            if _inode(self._place) == self._inode:
                self._place.unlink()
        os._exit(0)


def open_listener() -> socket.socket | None:
    """The socket that this process was started with in place of standard input; None for a pipe.

    Listening once more lets whoever connects see the process id of this process and not of its starter.
    """
    try:
        listening = socket.socket(fileno=os.dup(0))
        listening.listen()
    except OSError:
        return None
    os.chdir("/")  # whoever started it has left, and the directory may have to go
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    return listening


def nobody(line: bytes) -> None:
    """Where reports go while nobody has the worker."""


def _inode(path: Path) -> int:
    try:
        return path.lstat().st_ino
    except OSError:
        return -1


def _read_line(connection: socket.socket) -> bytes:
    """The first line, not one byte more: what follows belongs to the visit."""
    line = b""
    while len(line) < CALL_LIMIT and not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            break
        line += byte
    return line
