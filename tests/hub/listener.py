"""Ports on loopback that deliver answers over HTTP/1.1, rightly or as a fault wants it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from tests.hub.api import Request, place_of
from tests.hub.faults import Answer, FileSlice
from tests.hub.repo import PIECE


class Owner(Protocol):
    """Who knows the answers."""

    @property
    def tls(self) -> ssl.SSLContext | None: ...

    @property
    def stalled(self) -> threading.Event: ...

    def answer(self, request: Request) -> Answer: ...

    def wait_for_resume(self, seconds: float | None = None) -> bool: ...


class Listener(ThreadingHTTPServer):
    """One port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, owner: Owner, *, cdn: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner, self.cdn = owner, cdn
        scheme = "https" if owner.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """The TLS handshake is left to the connection's own thread."""
        connection, address = super().get_request()
        if tls := self.owner.tls:
            connection = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def do_HEAD(self) -> None:
        self._reply()

    def do_GET(self) -> None:
        self._reply()

    def log_message(self, format: str, *args: object) -> None:
        """Not onto the screen of whoever runs the tests."""

    def _reply(self) -> None:
        owner = self.server.owner
        place = place_of(self.path, on_cdn=self.server.cdn)
        request = Request(place, self.command, self.path, self.headers, self.client_address)
        answer = owner.answer(request)
        if answer.stall == -1:
            owner.stalled.set()
            owner.wait_for_resume()
        self._head(answer)
        if self.command == "GET":
            self._body(request, answer)

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        match answer.framing:
            case "length" if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            case "chunked":
                self.send_header("Transfer-Encoding", "chunked")
            case "close":
                self.close_connection = True
        self.end_headers()

    def _body(self, request: Request, answer: Answer) -> None:
        end = len(answer.body) if answer.cut is None else min(answer.cut, len(answer.body))
        for size in _pieces(answer, end):
            if request.sent == answer.stall:
                self.server.owner.stalled.set()
                self.server.owner.wait_for_resume()
            if answer.rate and self.server.owner.wait_for_resume(size / answer.rate):
                break
            request.sent += size  # before they can arrive: the test may count them as soon as they do
            self._send(answer, request.sent - size, size)
        if answer.cut is not None:
            self.close_connection = True
        elif answer.framing == "chunked":
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, answer: Answer, start: int, size: int) -> None:
        body = answer.body
        if answer.framing == "chunked":
            data = answer.content()[start : start + size]
            self.wfile.write(f"{size:x}\r\n".encode() + data + b"\r\n")
        elif isinstance(body, FileSlice):
            with body.path.open("rb") as file:
                self.connection.sendfile(file, body.start + start, size)
        else:
            self.wfile.write(memoryview(body)[start : start + size])


def _pieces(answer: Answer, end: int) -> Iterator[int]:
    """Sizes of the sends that make up the body; one of them ends where it is to stall."""
    most = PIECE if answer.rate is None else max(1, answer.rate // 10)
    sent = 0
    while sent < end:
        size = min(most, end - sent)
        if answer.stall is not None and sent < answer.stall:
            size = min(size, answer.stall - sent)
        yield size
        sent += size
