"""Which servers can ever be asked."""

from __future__ import annotations

import ssl

import pytest

from localr1.errors import DownloadError
from localr1.hub.connections import Connections, Timeouts
from localr1.hub.destinations import destinations
from localr1.hub.endpoint import endpoint_of
from localr1.hub.failure import Wanted
from localr1.hub.http import Http
from localr1.hub.stop import Stop
from tests.hub.server import HubServer

HUB = endpoint_of("https://hub.example")


def test_whoever_is_asked_first_is_the_hub(hub_server: HubServer) -> None:
    stop = Stop()
    connections = Connections(stop, timeouts=Timeouts(), proxies={}, tls=ssl.create_default_context())
    http = Http(HUB, connections, stop, token="")
    for url in (f"{hub_server.url}/api/models", "https://hub.example.evil/", "http://hub.example/"):
        with pytest.raises(DownloadError, match=r"not at the hub https://hub\.example"):
            http.head(url, Wanted(HUB.url))
    assert hub_server.requests == []


def test_a_proxy_is_listed_once_and_without_its_password() -> None:
    proxy = "http://me:secret@proxy.example:3128"
    listed = destinations(HUB, {"https": proxy, "http": proxy, "all": "", "no": "intern"})
    assert [each.address for each in listed if each.name == "proxy"] == ["proxy.example:3128"]


def test_every_destination_says_when_it_is_asked_and_what_it_is_told() -> None:
    for each in destinations(HUB, {"all": "proxy.example"}):
        assert each.address
        assert each.sends
        assert each.when
