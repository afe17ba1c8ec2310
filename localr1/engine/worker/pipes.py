"""The worker's ends of the protocol: an outbox for any thread, and an inbox that hears while we compute."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

import msgspec

from localr1.engine.calls import Attach
from localr1.engine.limits import LINE_LIMIT
from localr1.engine.protocol import decode_request, encode
from localr1.engine.reports import Failed, Heartbeat, Report
from localr1.engine.requests import Count, Generate, Load, Measure, Prepare
from localr1.engine.worker.orders import Orders

HEARTBEAT_SECONDS = 1.0
Work: TypeAlias = Load | Generate | Count | Measure | Prepare
"""What is done in its turn; all else are orders about it."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Whoever asked so far has left, and leaves nothing behind."""


class Outbox:
    """Writes reports, whole lines from whichever thread."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        """`write` takes whole lines, and knows what to do when nobody reads any more."""
        self._write = write
        self._lock = threading.Lock()

    def send(self, report: Report) -> None:
        """Write one report."""
        with self._lock:
            self._write(encode(report))

    def write_to(self, write: Callable[[bytes], object]) -> None:
        """Write to somebody else from now on."""
        with self._lock:
            self._write = write

    def start_heartbeat(self) -> None:
        """Tell from a side thread that the process is alive, as long as it lives."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(Heartbeat())


def pipe_writer(descriptor: int) -> Callable[[bytes], None]:
    """Writes into a pipe; the process ends when nobody reads any more."""
    stream = os.fdopen(descriptor, "wb")

    def write(line: bytes) -> None:
        try:
            stream.write(line)
            stream.flush()
        except BrokenPipeError:
            os._exit(0)

    return write


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """What the app says, until it leaves."""
    while line := stream.readline(LINE_LIMIT):
        yield line


def hear(lines: Iterable[bytes], put: Callable[[Work], object], outbox: Outbox, orders: Orders) -> None:
    """Put each request where its turn will come, and have each order obeyed at once."""
    for line in lines:
        try:
            request = decode_request(line)
        except msgspec.DecodeError as error:
            outbox.send(Failed(id=0, kind="request", message=str(error)))
            continue
        match request:
            case Load() | Generate() | Count() | Measure() | Prepare():
                orders.expect(request.id)
                put(request)
            case order:
                orders.hear(order)


class Inbox:
    """Reads requests in a side thread, so that an order is heard while a request is being answered."""

    def __init__(self, stream: BinaryIO, outbox: Outbox, orders: Orders) -> None:
        self._stream = stream
        self._outbox = outbox
        self._orders = orders
        self._queue: queue.SimpleQueue[Work] = queue.SimpleQueue()

    def requests(self) -> Iterator[Attach | Work]:
        """The requests in their order, for ever; the app that started this process has it from the first."""
        yield Attach()
        threading.Thread(target=self._listen, name="inbox", daemon=True).start()
        while True:
            request = self._queue.get()
            self._orders.begin(request.id, gives_way=isinstance(request, Prepare))
            yield request
            self._orders.end(request.id)

    def _listen(self) -> None:
        hear(read_lines(self._stream), self._queue.put, self._outbox, self._orders)
        os._exit(0)  # the app has ended; a computation that runs has nobody left to tell
