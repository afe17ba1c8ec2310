"""A model hub on loopback: a real HTTP server that speaks the API of huggingface.co, faults on command.

with HubServer() as server:
    server.add("maker/Tiny-GGUF", {"Tiny-Q4_K_M.gguf": nano})
    server.fail(cut(after=1000), at="cdn", times=1)
    …
    assert server.sent(at="cdn") == 1000
"""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.hub.api import HubApi, Place, Request
from tests.hub.faults import Answer, Fault
from tests.hub.listener import Listener


@dataclass
class _Planned:
    fault: Fault
    place: Place
    path: str
    method: str
    times: int | None

    def hits(self, request: Request) -> bool:
        return (
            self.place in ("", request.place)
            and self.method in ("", request.method)
            and self.path in unquote(request.path)
        )


@dataclass
class HubServer(HubApi):
    """Two servers with one memory: the hub, and the CDN that it sends those to who want a file."""

    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    """Set when a `stall` has begun."""

    def __post_init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()
        self._resumed = threading.Event()
        self._hub, self._cdn = Listener(self), Listener(self, cdn=True)
        self.url, self.cdn_url = self._hub.url, self._cdn.url

    def __enter__(self) -> HubServer:
        for listener in (self._hub, self._cdn):
            threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._resumed.set()
        for listener in (self._hub, self._cdn):
            listener.shutdown()
            listener.server_close()

    @property
    def ports(self) -> tuple[int, int]:
        """Of the hub and of the CDN, whatever names `url` and `cdn_url` give them."""
        return self._hub.server_port, self._cdn.server_port

    def fail(
        self, fault: Fault, *, at: Place = "", path: str = "", method: str = "", times: int | None = None
    ) -> None:
        """Spoil the answers to such requests, the next `times` of them or all; `path` is a part of theirs."""
        self._planned.append(_Planned(fault, at, path, method, times))

    def heal(self) -> None:
        """No faults from here on."""
        self._planned.clear()

    def resume(self) -> None:
        """What stalls goes on."""
        self._resumed.set()

    def asked(self, at: Place = "", method: str = "") -> list[Request]:
        """The requests so far."""
        return [
            request
            for request in self.requests
            if (not at or request.place == at) and (not method or request.method == method)
        ]

    def sent(self, at: Place = "") -> int:
        """Bytes of bodies that went out."""
        return sum(request.sent for request in self.asked(at))

    def wait_for_resume(self, seconds: float | None = None) -> bool:
        return self._resumed.wait(seconds)

    def answer(self, request: Request) -> Answer:
        """The right answer, then what the faults make of it."""
        self.requests.append(request)
        answer = self.right_answer(request)
        with self._lock:
            for planned in list(self._planned):
                if planned.hits(request):
                    answer = planned.fault(answer)
                    self._count(planned)
        return answer

    def _count(self, planned: _Planned) -> None:
        if planned.times is not None:
            planned.times -= 1
            if not planned.times:
                self._planned.remove(planned)
