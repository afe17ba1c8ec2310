"""A proxy on loopback, as companies have them; it also stands in for the names of the world."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import closing, suppress

TIMEOUT = 30.0


class Proxy:
    """Tunnels `host:port` to the ports of this machine that `routes` names; knows no other hosts."""

    def __init__(self, routes: Mapping[str, int], *, refuse: str = "", login: str = "") -> None:
        """`refuse` is a status that answers everything; `login` the header that it wants to see."""
        self._routes = routes
        self._refuse = refuse
        self._login = login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[str] = []
        """Heads of the requests."""
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            client.settimeout(TIMEOUT)
            head = _head(client)
            self.asked.append(head)
            port = self._routes.get(head.split()[1])
            if refused := self._refusal(head, port):
                client.sendall(f"HTTP/1.1 {refused}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            with closing(socket.create_connection(("127.0.0.1", port or 0), TIMEOUT)) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join(TIMEOUT)

    def _refusal(self, head: str, port: int | None) -> str:
        if self._refuse:
            return self._refuse
        if self._login and f"proxy-authorization: {self._login}".lower() not in head.lower():
            return "407 Proxy Authentication Required"
        return "" if port else "502 Bad Gateway"


def _head(client: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data and (more := client.recv(1)):
        data += more
    return data.decode("latin-1")


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
