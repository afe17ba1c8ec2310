"""Which hubs may be asked, and where they may send us on to."""

from __future__ import annotations

import pytest

from localr1.errors import ConfigError, DownloadError
from localr1.hub.endpoint import endpoint_of
from localr1.hub.redirects import next_address

PUBLIC = endpoint_of("https://huggingface.co")
LOCAL = endpoint_of("http://127.0.0.1:8080")
ASKED = "https://huggingface.co/owner/repo/resolve/main/x.gguf"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://huggingface.co", "https://huggingface.co"),
        (" https://hub.example:8443/mirror/ ", "https://hub.example:8443/mirror"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://192.168.1.5", "https://192.168.1.5"),
    ],
)
def test_a_hub_is_encrypted_or_on_this_machine(text: str, url: str) -> None:
    assert endpoint_of(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "huggingface.co",
        "http://huggingface.co",
        "http://192.168.1.5",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://huggingface.co",
        "file:///etc/passwd",
        "https://",
        "https://name:password@huggingface.co",
        "https://huggingface.co?x=1",
        "https://huggingface.co\\@example.com",
        "https://hugging face.co",
        "https://huggingface.co:port",
    ],
)
def test_anything_else_is_no_hub(text: str) -> None:
    with pytest.raises(ConfigError):
        endpoint_of(text)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/new/name/resolve/main/x.gguf", "https://huggingface.co/new/name/resolve/main/x.gguf"),
        ("https://cdn.example/x?signature=1&b=2", "https://cdn.example/x?signature=1&b=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
    ],
)
def test_the_hub_may_send_on_to_an_encrypted_server_anywhere(location: str, url: str) -> None:
    assert next_address(ASKED, location, PUBLIC) == url


@pytest.mark.parametrize(
    "location",
    [
        "",
        "http://cdn.example/x",
        "http://huggingface.co/x",
        "file:///etc/passwd",
        "ftp://cdn.example/x",
        "data:text/plain,x",
        "javascript:alert(1)",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/x",
        "https://192.168.1.1/x",
        "https://100.64.0.1/x",
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://0.0.0.0/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://[fd00::1]/x",
        "https://localhost/x",
        "https://a.localhost/x",
        "https://localhost./x",
        "https://name@cdn.example/x",
        "https://cdn.example\\@10.0.0.1/x",
        "https://cdn.example/\x1b[31m",
    ],
)
def test_the_hub_may_not_send_on_to_what_could_do_harm(location: str) -> None:
    with pytest.raises(DownloadError) as refused:
        next_address(ASKED, location, PUBLIC)
    assert "\x1b" not in refused.value.message


def test_a_hub_on_this_machine_may_send_on_within_this_machine() -> None:
    assert next_address(LOCAL.url, "http://localhost:9/x", LOCAL) == "http://localhost:9/x"


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/x", "https://169.254.169.254/x", "http://cdn.example/x"]
)
def test_a_hub_on_this_machine_may_not_send_into_its_network(location: str) -> None:
    with pytest.raises(DownloadError):
        next_address(LOCAL.url, location, LOCAL)


def test_a_hub_in_a_private_network_may_send_on_to_itself_alone() -> None:
    endpoint = endpoint_of("https://192.168.1.5")
    assert next_address("https://192.168.1.5/a", "/b", endpoint) == "https://192.168.1.5/b"
    with pytest.raises(DownloadError):
        next_address("https://192.168.1.5/a", "https://192.168.1.6/b", endpoint)
