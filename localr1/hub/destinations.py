"""Every server that the program can ever speak to, when, and what it is told; `http` asks no other one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from localr1.errors import DownloadError
from localr1.hub.endpoint import Endpoint, origin_of

ASKING = (
    "localr1 pull",
    "localr1 models search",
    "localr1 models show hf:…",
    "localr1 models verify --repair",
    "a download or a search of the hub on the chat's screen of models",
)
"""All that opens a connection; every other command, and all that is done in a chat, opens none."""


class Destination(msgspec.Struct, frozen=True):
    """A server, or a kind of servers."""

    name: str
    address: str
    when: tuple[str, ...]
    """Whatever else is done, it is not contacted."""
    sends: str


def destinations(endpoint: Endpoint, proxies: Mapping[str, str]) -> tuple[Destination, ...]:
    """Those of a hub, reached through these proxies."""
    return (
        Destination(
            "hub",
            endpoint.url,
            ASKING,
            "the model's name or the words searched for, and the version of localr1;"
            " a token only with --use-token or --token-file",
        ),
        Destination(
            "file servers",
            "https servers outside your own network that the hub sends a download on to",
            ASKING,
            "the address that the hub gave, and the version of localr1; never a token",
        ),
        *(
            Destination("proxy", address, ASKING, "what is meant for the servers above passes through it")
            for address in _addresses(proxies)
        ),
        Destination(
            "name server", "the one that this machine is set to use", ASKING, "the names of these servers"
        ),
    )


def require_hub(url: str, endpoint: Endpoint) -> None:
    """Refuse to begin anywhere but at the hub; `redirects` judges where it sends us on to."""
    if origin_of(url) != endpoint.origin:
        raise DownloadError(f"{url[:80]} is not at the hub {endpoint.url}.", hint="Nothing was sent there.")


def _addresses(proxies: Mapping[str, str]) -> Iterator[str]:
    """Each once, without the name and password that may stand in it."""
    known = (proxies[scheme] for scheme in ("https", "http", "all") if proxies.get(scheme))
    yield from dict.fromkeys(address.rpartition("@")[2] for address in known)
