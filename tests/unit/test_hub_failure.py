"""Each refusal of a server in its own words, and how long it asks to wait."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from localr1.errors import DownloadError
from localr1.hub.failure import TemporaryError, Wanted, refusal
from localr1.hub.retry_after import asked_wait

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
WANTED = Wanted("https://hub.example/o/r", "o/r", "main", "x.gguf")


def refused(status: int, *, with_token: bool = False, **headers: str) -> DownloadError:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return refusal("hub.example", status, names, WANTED, with_token=with_token)


@pytest.mark.parametrize(
    ("error", "sentence", "advice"),
    [
        (
            refused(401, X_Error_Code="RepoNotFound"),
            "There is no o/r on hub.example, or it is private.",
            "--token-file",
        ),
        (
            refused(404, X_Error_Code="RepoNotFound"),
            "There is no o/r on hub.example, or it is private.",
            "name",
        ),
        (
            refused(404, X_Error_Code="RevisionNotFound"),
            "o/r has no revision main.",
            "https://hub.example/o/r",
        ),
        (refused(404, X_Error_Code="EntryNotFound"), "o/r has no file x.gguf.", "https://hub.example/o/r"),
        (refused(404), "hub.example does not have x.gguf.", "https://hub.example/o/r"),
        (refused(401), "hub.example wants to know who asks for x.gguf.", "--token-file"),
        (refused(401, with_token=True), "hub.example does not accept your token.", "new one"),
        (
            refused(401, X_Error_Code="GatedRepo"),
            "o/r is gated: its licence must be accepted first.",
            "--token-file",
        ),
        (
            refused(403, X_Error_Code="GatedRepo"),
            "o/r is gated: its licence must be accepted first.",
            "hub.example/o/r",
        ),
        (
            refused(403, X_Error_Code="GatedRepo", with_token=True),
            "Your token does not open o/r yet.",
            "hub.example/o/r",
        ),
        (refused(403), "hub.example refuses x.gguf (403).", "hub.example/o/r"),
        (
            refused(403, X_Error_Message="Disabled."),
            "hub.example refuses x.gguf (403). It says: Disabled.",
            "",
        ),
        (refused(407), "The proxy wants a name and a password.", "HTTPS_PROXY"),
        (refused(418), "hub.example refuses x.gguf (418).", "hub.example/o/r"),
        (refused(429), "hub.example has had too many questions from here (429).", "later"),
        (refused(429, Retry_After="86400"), "hub.example has had too many questions from here.", "in 24 h"),
        (refused(500), "hub.example has a fault of its own (500).", "later"),
        (refused(503), "hub.example is busy (503).", "later"),
    ],
    ids=str,
)
def test_every_refusal_has_its_sentence(error: DownloadError, sentence: str, advice: str) -> None:
    assert error.message == sentence
    assert advice in error.hint
    assert error.exit_code == 6


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_worth_another_try(status: int) -> None:
    assert isinstance(refused(status), TemporaryError)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 416])
def test_what_stays_is_not(status: int) -> None:
    assert not isinstance(refused(status), TemporaryError)


def test_nobody_waits_longer_than_a_minute() -> None:
    minute, longer = refused(429, Retry_After="60"), refused(429, Retry_After="61")
    assert isinstance(minute, TemporaryError) and minute.seconds == 60
    assert not isinstance(longer, TemporaryError) and "Come back in 1 min" in longer.hint


def test_words_of_the_server_can_not_steer_the_terminal() -> None:
    error = refused(403, X_Error_Message="\x1b]52;c;AAAA\x07\x9b31m" + "x" * 5000)
    assert "]52;c;AAAA" in error.message
    assert error.message.isprintable()
    assert len(error.message) < 300


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "1"}, 1),
        ({"Retry-After": " 86400 "}, 86400),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30),
        ({"Retry-After": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Fri, 01 Jan 2026 00:00:00 +99999999999999999999"}, None),
        ({"Retry-After": "Fri, 99 Foo 2026 99:99:99 GMT"}, None),
        ({"RateLimit": '"api";r=0;t=55'}, 55),
        ({"RateLimit": "nothing"}, None),
    ],
)
def test_the_wait_is_read_as_servers_write_it(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, NOW) == seconds
