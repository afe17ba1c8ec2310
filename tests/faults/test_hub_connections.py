"""What goes wrong below HTTP, what the token is told to, and that everything can be stopped."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import trustme
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from localr1.config import Config
from localr1.errors import DownloadError, LocalR1Error, StoppedError
from localr1.hub.connections import Timeouts, system_certificates
from localr1.hub.failure import TemporaryError, UnreachableError
from localr1.hub.hub import Hub, open_hub
from localr1.hub.lost import lost
from localr1.hub.stop import Stop
from localr1.hub.target import HubTarget
from tests.hub.api import Place
from tests.hub.faults import Fault, fails, redirects, silent, stall
from tests.hub.proxy import Proxy
from tests.hub.server import HubServer
from tests.hub.stop import Hurried

REPO = "maker/Tiny-GGUF"
TARGET = HubTarget(REPO)
CONTENT = bytes(range(256)) * 1000
TOKEN = "hf_abcdefghijklmnop"
PATIENT = Timeouts(connect=60, read=60)
SOON = 10.0
"""Seconds that nothing here comes near to, unless it hangs."""


def fetch(hub: Hub) -> bytes:
    """Everything that can be asked of a hub, and the bytes of its one model."""
    hub.search("tiny")
    model = hub.model(TARGET)
    with hub.open(model.files[0], 0) as body:
        return body.read(model.size)


def refusal(url: str, *, token: str = "", proxy: str = "", tls: ssl.SSLContext | None = None) -> LocalR1Error:
    """What is said when nothing can be fetched."""
    config, proxies = Config(endpoint=url), {"https": proxy} if proxy else {}
    hub_of = open_hub(config, token=token, stop=Hurried(), timeouts=Timeouts(5, 5), proxies=proxies, tls=tls)
    with hub_of as hub, pytest.raises(LocalR1Error) as refused:
        fetch(hub)
    said = refused.value.message + refused.value.hint
    assert not any(secret in said for secret in (TOKEN, "geheim"))
    return refused.value


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What a machine has that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def far_hub(authority: trustme.CA) -> Iterator[HubServer]:
    """https://hub.example with its CDN at https://cdn.example, for those who go through the proxy."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hub.example", "cdn.example").configure_cert(context)
    with HubServer(tls=context) as server:
        server.url, server.cdn_url = "https://hub.example", "https://cdn.example"
        server.add(REPO, {"Tiny-Q4_K_M.gguf": CONTENT})
        yield server


@pytest.fixture
def proxy(far_hub: HubServer) -> Iterator[Proxy]:
    with Proxy(routes(far_hub)) as opened:
        yield opened


def routes(server: HubServer) -> dict[str, int]:
    return dict(zip(("hub.example:443", "cdn.example:443"), server.ports, strict=True))


@pytest.fixture
def near_hub(hub_server: HubServer) -> HubServer:
    hub_server.add(REPO, {"Tiny-Q4_K_M.gguf": CONTENT})
    return hub_server


# 57: nobody there, certificates, proxies


def test_a_hub_that_does_not_listen_is_asked_once() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        config, stop = Config(endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}"), Hurried()
    with open_hub(config, stop=stop) as hub, pytest.raises(UnreachableError) as refused:
        hub.model(TARGET)
    assert refused.value.message == "127.0.0.1 refuses connections."
    assert not stop.pauses


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            NameResolutionError("hub.example", HTTPConnection("hub.example"), socket.gaierror(-2, "unknown")),
            "hub.example can't be found.",
        ),
        (
            NewConnectionError(HTTPConnection("hub.example"), "x"),
            "hub.example can't be reached from this machine.",
        ),
    ],
    ids=["name", "network"],
)
def test_a_machine_without_a_network_hears_so(error: NewConnectionError, sentence: str) -> None:
    said = lost(error, "hub.example")
    assert isinstance(said, UnreachableError)
    assert (said.message, said.exit_code) == (sentence, 6)
    assert "network" in said.hint


def test_a_hub_that_talks_another_protocol_is_a_lost_connection() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=_answer_with_nonsense, args=(listener,), daemon=True).start()
        error = refusal(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert isinstance(error, DownloadError)
    assert "127.0.0.1" in error.message


def _answer_with_nonsense(listener: socket.socket) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with closing(client):
            client.recv(65_536)
            client.sendall(b"220 smtp.example ESMTP\x1b[31m\r\n")


def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with HubServer(tls=context) as server:
        error = refusal(server.url, token=TOKEN, tls=system_certificates())
        assert not server.requests
    assert not isinstance(error, TemporaryError)
    assert "certificate is not to be trusted" in error.message


def test_a_certificate_for_another_name_is_refused(far_hub: HubServer, trusting: ssl.SSLContext) -> None:
    error = refusal(f"https://127.0.0.1:{far_hub.ports[0]}", tls=trusting)
    assert "certificate is not to be trusted" in error.message
    assert not far_hub.requests


def test_a_hub_without_encryption_where_there_should_be_some_is_left(near_hub: HubServer) -> None:
    error = refusal(near_hub.url.replace("http:", "https:"))
    assert error.message == "No encrypted connection to 127.0.0.1 came about."


def test_an_encrypted_connection_that_does_not_come_about_is_given_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        config = Config(endpoint=f"https://127.0.0.1:{listener.getsockname()[1]}")
        hub_of = open_hub(config, stop=Hurried(), timeouts=Timeouts(connect=0.3, read=60))
        with hub_of as hub, pytest.raises(TemporaryError):
            hub.search("x")


def test_a_model_comes_through_a_proxy(far_hub: HubServer, proxy: Proxy, trusting: ssl.SSLContext) -> None:
    config, proxies = Config(endpoint=far_hub.url), {"https": proxy.url}
    with open_hub(config, proxies=proxies, tls=trusting) as hub:
        assert fetch(hub) == CONTENT
    assert [head.split()[1] for head in proxy.asked] == ["hub.example:443", "cdn.example:443"]


@pytest.mark.parametrize(
    ("written", "meant"), [("me:ge%3Aheim", "me:ge:heim"), ("я:пароль", "я:пароль"), ("%C5%82:%40", "ł:@")]
)
def test_a_proxy_gets_the_name_and_password_of_its_address(
    far_hub: HubServer, trusting: ssl.SSLContext, written: str, meant: str
) -> None:
    login = "Basic " + base64.b64encode(meant.encode()).decode()
    with Proxy(routes(far_hub), login=login) as proxy:
        address = proxy.url.replace("http://", f"http://{written}@")
        with open_hub(Config(endpoint=far_hub.url), proxies={"all": address}, tls=trusting) as hub:
            assert fetch(hub) == CONTENT
    assert not any("Proxy-Authorization" in request.headers for request in far_hub.requests)


@pytest.mark.parametrize(
    ("refuse", "sentence"),
    [
        ("407 Proxy Authentication Required", "The proxy wants a name and a password."),
        ("403 Forbidden", "The proxy does not let this connection through."),
        ("502 Bad Gateway", "The proxy does not let this connection through."),
    ],
)
def test_a_proxy_that_refuses_is_named(refuse: str, sentence: str) -> None:
    with Proxy({}, refuse=refuse) as proxy:
        address = proxy.url.replace("http://", "http://me:geheim@")
        assert refusal("https://hub.example", proxy=address).message == sentence


def test_a_proxy_that_is_not_there_is_named() -> None:
    with Proxy({}) as proxy:
        pass
    assert refusal("https://hub.example", proxy=proxy.url).message == "The proxy can't be reached."


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1080", "http://", "http://[::1", "http://host:port"])
def test_a_proxy_that_can_not_be_used_is_named(address: str) -> None:
    assert refusal("https://hub.example", proxy=address).message == "The proxy that is set can't be used."


@pytest.mark.parametrize("exceptions", ["hub.example", ".example", "other,  example ", "*"])
def test_hosts_can_be_excepted_from_the_proxy(exceptions: str) -> None:
    with Proxy({}) as proxy:
        proxies = {"https": proxy.url, "no": exceptions}
        with (
            open_hub(Config(endpoint="https://hub.example"), proxies=proxies, timeouts=Timeouts(1, 1)) as hub,
            pytest.raises(UnreachableError, match=r"hub\.example"),
        ):
            hub.search("x")
    assert not proxy.asked


def test_this_machine_is_never_asked_for_through_a_proxy(near_hub: HubServer) -> None:
    with Proxy({}) as proxy:
        proxies = {"http": proxy.url, "https": proxy.url, "all": proxy.url}
        with open_hub(Config(endpoint=near_hub.url), proxies=proxies) as hub:
            assert fetch(hub) == CONTENT
    assert not proxy.asked


@pytest.mark.parametrize("location", ["https://127.0.0.1/x", "https://localhost:9/x", "http://hub.example/x"])
def test_a_public_hub_can_not_send_into_this_machine(
    location: str, far_hub: HubServer, proxy: Proxy, trusting: ssl.SSLContext
) -> None:
    far_hub.fail(redirects(location))
    error = refusal(far_hub.url, proxy=proxy.url, tls=trusting)
    assert "The hub sends on to" in error.message
    assert len(far_hub.requests) == 1


# 58: the token


def test_a_token_in_the_environment_is_not_sent(near_hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with open_hub(Config(endpoint=near_hub.url)) as hub:
        fetch(hub)
    assert near_hub.requests
    assert not any("Authorization" in request.headers for request in near_hub.requests)


def test_a_token_goes_to_the_hub_and_nowhere_else(near_hub: HubServer) -> None:
    near_hub.repos[REPO].gated = "manual"
    near_hub.repos[REPO].token = TOKEN
    with open_hub(Config(endpoint=near_hub.url), token=TOKEN) as hub:
        assert fetch(hub) == CONTENT
    for request in near_hub.requests:
        told = request.headers.get("Authorization")
        assert told == (None if request.place == "cdn" else f"Bearer {TOKEN}"), request.path


def test_a_token_does_not_follow_a_redirect_to_another_port(near_hub: HubServer) -> None:
    near_hub.fail(redirects(f"{near_hub.cdn_url}/api"), at="info")
    refusal(near_hub.url, token=TOKEN)
    elsewhere = near_hub.asked("cdn")
    assert elsewhere
    assert not any("Authorization" in request.headers for request in elsewhere)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_token_is_in_no_error(status: int, near_hub: HubServer) -> None:
    near_hub.fail(fails(status, message=f"Bearer {TOKEN[:3]} is wrong"))
    refusal(near_hub.url, token=TOKEN)


def test_a_gated_repository_says_where_its_licence_is_accepted(near_hub: HubServer) -> None:
    near_hub.repos[REPO].gated = "auto"
    without, wrong = refusal(near_hub.url), refusal(near_hub.url, token=TOKEN)
    assert without.message == f"{REPO} is gated: its licence must be accepted first."
    assert wrong.message == f"Your token does not open {REPO} yet."
    assert all(f"{near_hub.url}/{REPO}" in error.hint for error in (without, wrong))


# 55: stopping


class Asking:
    """A question in a thread of its own, that a test stops."""

    def __init__(self, question: Callable[[Stop], object]) -> None:
        self.stop = Stop()
        self.error: LocalR1Error | None = None
        self._question = question
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def stopped(self) -> bool:
        """Whether it ends, and because it was stopped."""
        self.stop.set()
        self._thread.join(SOON)
        return isinstance(self.error, StoppedError)

    def _ask(self) -> None:
        try:
            self._question(self.stop)
        except LocalR1Error as error:
            self.error = error


STAGES: dict[str, tuple[Fault, Place]] = {
    "before an answer": (silent(), "info"),
    "inside a document": (stall(10), "info"),
    "before the bytes": (silent(), "cdn"),
    "among the bytes": (stall(1000), "cdn"),
}


@pytest.mark.parametrize(("fault", "place"), STAGES.values(), ids=STAGES.keys())
def test_whatever_waits_for_a_server_can_be_stopped(fault: Fault, place: Place, near_hub: HubServer) -> None:
    def question(stop: Stop) -> None:
        with open_hub(Config(endpoint=near_hub.url), stop=stop, timeouts=PATIENT) as hub:
            fetch(hub)

    near_hub.fail(fault, at=place)
    asking = Asking(question)
    assert near_hub.stalled.wait(SOON)
    assert asking.stopped()


@pytest.mark.parametrize(("fault", "place"), STAGES.values(), ids=STAGES.keys())
def test_so_can_whatever_waits_for_an_encrypted_one(
    fault: Fault, place: Place, far_hub: HubServer, proxy: Proxy, trusting: ssl.SSLContext
) -> None:
    def question(stop: Stop) -> None:
        config, proxies = Config(endpoint=far_hub.url), {"https": proxy.url}
        with open_hub(config, stop=stop, timeouts=PATIENT, proxies=proxies, tls=trusting) as hub:
            fetch(hub)

    far_hub.fail(fault, at=place)
    asking = Asking(question)
    assert far_hub.stalled.wait(SOON)
    assert asking.stopped()


def test_what_is_stopped_asks_nothing_more(near_hub: HubServer) -> None:
    stop = Stop()
    with open_hub(Config(endpoint=near_hub.url), stop=stop) as hub:
        hub.search("x")
        stop.set()
        with pytest.raises(StoppedError):
            hub.search("x")
    assert len(near_hub.requests) == 1
