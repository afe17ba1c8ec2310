"""The hub's address, and which addresses may be spoken to at all."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from localr1.errors import ConfigError

_PORTS = {"https": 443, "http": 80}
_SUSPICIOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
"""What programs read in different ways."""


class Origin(NamedTuple):
    """What a token is bound to."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A hub."""

    url: str
    """Without a slash at its end."""
    origin: Origin

    @property
    def is_local(self) -> bool:
        """On this machine, as in tests and behind tunnels."""
        return is_loopback(self.origin.host)


def endpoint_of(text: str) -> Endpoint:
    """The hub of a setting; raises ConfigError unless it is https, or http on this machine."""
    url = text.strip().rstrip("/")
    origin = origin_of(url)
    if not origin or urlsplit(url).query or urlsplit(url).fragment:
        raise ConfigError(
            f"The endpoint {text[:80]} is not the address of a hub.",
            hint="It must look like https://huggingface.co; docs/configuration.md says where it is set.",
        )
    if origin.scheme != "https" and not is_loopback(origin.host):
        raise ConfigError(
            f"The endpoint {text[:80]} is not encrypted.", hint="Only one on this machine may be: use https."
        )
    return Endpoint(url, origin)


def origin_of(url: str) -> Origin | None:
    """Scheme, host and port; None for what is no plain web address."""
    if _SUSPICIOUS.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        return None
    return _plain(parts, port)


def _plain(parts: SplitResult, port: int) -> Origin | None:
    """A name and password in an address are nothing that a hub needs."""
    host = (parts.hostname or "").rstrip(".")
    return Origin(parts.scheme, host, port) if host and "@" not in parts.netloc else None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    address = _address(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def is_private(host: str) -> bool:
    """Whether a host is an address inside this machine or its network, written in any way."""
    address = _address(host)
    return not address.is_global if address else is_loopback(host)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that is written out, such as 127.0.0.1, 127.1, 0x7f000001 or ::1; None for a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return getattr(address, "ipv4_mapped", None) or address
