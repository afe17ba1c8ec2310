"""The worker's ends of the protocol: an outbox for any thread, and an inbox that hears while we compute."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import msgspec

from localr1.engine.protocol import (
    LINE_LIMIT,
    Count,
    Failed,
    Generate,
    Heartbeat,
    Load,
    Measure,
    Prepare,
    Report,
    decode_request,
    encode,
)
from localr1.engine.worker.orders import Orders

HEARTBEAT_SECONDS = 1.0
Work: TypeAlias = Load | Generate | Count | Measure | Prepare
"""What is done in its turn; all else are orders about it."""


class Outbox:
    """Writes reports, whole lines from whichever thread."""

    def __init__(self, descriptor: int) -> None:
        self._stream = os.fdopen(descriptor, "wb")
        self._lock = threading.Lock()

    def send(self, report: Report) -> None:
        """Write one report; the process ends when nobody reads any more."""
        try:
            with self._lock:
                self._stream.write(encode(report))
                self._stream.flush()
        except BrokenPipeError:
            os._exit(0)

    def start_heartbeat(self) -> None:
        """Tell from a side thread that the process is alive, as long as it lives."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(Heartbeat())


class Inbox:
    """Reads requests in a side thread, so that an order is heard while a request is being answered."""

    def __init__(self, stream: BinaryIO, outbox: Outbox, orders: Orders) -> None:
        self._stream = stream
        self._outbox = outbox
        self._orders = orders
        self._queue: queue.SimpleQueue[Work] = queue.SimpleQueue()

    def requests(self) -> Iterator[Work]:
        """The requests in their order, for ever."""
        threading.Thread(target=self._listen, name="inbox", daemon=True).start()
        while True:
            request = self._queue.get()
            self._orders.begin(request.id, gives_way=isinstance(request, Prepare))
            yield request
            self._orders.end(request.id)

    def _listen(self) -> None:
        while line := self._stream.readline(LINE_LIMIT):
            try:
                request = decode_request(line)
            except msgspec.DecodeError as error:
                self._outbox.send(Failed(id=0, kind="request", message=str(error)))
                continue
            match request:
                case Load() | Generate() | Count() | Measure() | Prepare():
                    self._orders.expect(request.id)
                    self._queue.put(request)
                case order:
                    self._orders.hear(order)
        os._exit(0)  # the app has ended; a computation that runs has nobody left to tell
