"""The worker's ends of the protocol: an outbox for any thread, and an inbox that hears while we compute."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from typing import BinaryIO, Protocol

import msgspec

from localr1.engine.protocol import (
    LINE_LIMIT,
    Cancel,
    Failed,
    Generate,
    Heartbeat,
    Load,
    Report,
    decode_request,
    encode,
)

HEARTBEAT_SECONDS = 1.0


class Flag(Protocol):
    """What stops a computation that runs in another thread."""

    def set(self) -> None: ...
    def clear(self) -> None: ...


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
    """Reads requests in a side thread, so that a Cancel is heard while another request is being answered."""

    def __init__(self, stream: BinaryIO, outbox: Outbox, flag: Flag) -> None:
        self._stream = stream
        self._outbox = outbox
        self._flag = flag
        self._queue: queue.SimpleQueue[Load | Generate] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: int | None = None
        self._cancelled: set[int] = set()

    def requests(self) -> Iterator[Load | Generate]:
        """The requests in their order, for ever; the flag is set while one that is cancelled is answered."""
        threading.Thread(target=self._listen, name="inbox", daemon=True).start()
        while True:
            request = self._queue.get()
            self._begin(request.id)
            yield request
            self._end(request.id)

    def _begin(self, request_id: int) -> None:
        with self._lock:
            self._current = request_id
            if request_id in self._cancelled:
                self._flag.set()

    def _end(self, request_id: int) -> None:
        with self._lock:
            self._cancelled = {later for later in self._cancelled if later > request_id}
            self._current = None
            self._flag.clear()

    def _listen(self) -> None:
        while line := self._stream.readline(LINE_LIMIT):
            try:
                request = decode_request(line)
            except msgspec.DecodeError as error:
                self._outbox.send(Failed(id=0, kind="request", message=str(error)))
                continue
            if isinstance(request, Cancel):
                self._cancel(request.id)
            else:
                self._queue.put(request)
        os._exit(0)  # the app has ended; a computation that runs has nobody left to tell

    def _cancel(self, request_id: int) -> None:
        with self._lock:
            self._cancelled.add(request_id)
            if self._current == request_id:
                self._flag.set()
