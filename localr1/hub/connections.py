"""Connections to servers, through a proxy where one is set; any thread can break all of them at once."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import truststore
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from localr1.errors import DownloadError
from localr1.hub.endpoint import is_loopback
from localr1.hub.stop import Stop


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    connect: float = 10.0
    read: float = 30.0
    """In which at least a few kilobytes must come."""


def system_certificates() -> ssl.SSLContext:
    """Trust whom the operating system trusts, which knows the certificates of a company's own network too."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Connections:
    """Those of one hub; they are used by one thread, and shut by any."""

    def __init__(
        self, stop: Stop, *, timeouts: Timeouts, proxies: Mapping[str, str], tls: ssl.SSLContext
    ) -> None:
        self.timeouts = timeouts
        self._open: set[HTTPConnection] = set()
        self._stop = stop
        self._proxies = proxies
        self._options: dict[str, Any] = {
            "timeout": urllib3.Timeout(connect=timeouts.connect, read=timeouts.read),
            "ssl_context": tls,
        }
        self._managers: dict[str, urllib3.PoolManager] = {}

    def manager(self, url: str) -> urllib3.PoolManager:
        """What to ask for an address."""
        proxy = self._proxy(url)
        if proxy not in self._managers:
            self._managers[proxy] = self._new_manager(proxy)
        return self._managers[proxy]

    def shut(self) -> None:
        """From any thread: whoever waits on one of them gets an error at once."""
        for connection in tuple(self._open):
            if isinstance(connection.sock, socket.socket):
                with suppress(OSError):
                    # ssl's own shutdown would also take the TLS state away from the thread that reads.
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give back what is idle."""
        for manager in self._managers.values():
            manager.clear()

    def _proxy(self, url: str) -> str:
        """Empty for none: this machine is never asked for through another one."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if is_loopback(host) or _is_excepted(host, self._proxies.get("no", "")):
            return ""
        return self._proxies.get(parts.scheme) or self._proxies.get("all", "")

    def _new_manager(self, proxy: str) -> urllib3.PoolManager:
        manager = _proxied(proxy, self._options) if proxy else urllib3.PoolManager(**self._options)
        manager.pool_classes_by_scheme = _watched_pools(self._open, self._stop)
        return manager


def _is_excepted(host: str, exceptions: str) -> bool:
    """NO_PROXY lists hosts, domains with all that is in them, or `*`."""
    names = [name.strip().lstrip(".").lower() for name in exceptions.split(",")]
    return any(name in ("*", host) or host.endswith(f".{name}") for name in names if name)


def _proxied(proxy: str, options: Mapping[str, Any]) -> urllib3.ProxyManager:
    """A name and password in the proxy's address become a header, which errors never show."""
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if parts.hostname:
            headers = _login(secret) if secret else None
            tls = options["ssl_context"]
            return urllib3.ProxyManager(plain, proxy_headers=headers, proxy_ssl_context=tls, **options)
    except (urllib3.exceptions.ProxySchemeUnknown, urllib3.exceptions.LocationValueError, ValueError):
        pass
    raise DownloadError(
        "The proxy that is set can't be used.",
        hint="HTTPS_PROXY must look like http://host:port or http://name:password@host:port,"
        " with %2F for / and %23 for # in the password; other kinds of proxies are not known.",
    )


def _login(secret: str) -> dict[str, str]:
    """The header that RFC 7617 has for a name and a password in any script."""
    return {"proxy-authorization": f"Basic {b64encode(secret.encode('utf-8', 'surrogateescape')).decode()}"}


def _watched_pools(open_now: set[HTTPConnection], stop: Stop) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Pools whose connections are known; one that is only made when all is over ends at once."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            open_now.add(self)
            super().connect()
            stop.check()

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            open_now.add(self)
            super().connect()
            stop.check()

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
