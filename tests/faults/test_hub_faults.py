"""A hub, or somebody in its place, that does wrong: the right words, and nobody kept waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.config import Config
from localr1.errors import DownloadError, LocalR1Error, StoppedError
from localr1.hub.connections import Timeouts
from localr1.hub.failure import TemporaryError
from localr1.hub.hub import Hub, open_hub
from localr1.hub.remote import RemoteFile
from localr1.hub.reply import TEXT_LIMIT
from localr1.hub.stop import Stop
from localr1.hub.target import HubTarget
from tests.gguf_files import Gguf, model_values, strings
from tests.hub.api import Place
from tests.hub.faults import (
    Fault,
    chunked,
    cut,
    fails,
    gzipped,
    longer,
    no_length,
    portal,
    redirects,
    says,
    shorter,
    silent,
    slow,
    stall,
    tells,
)
from tests.hub.server import HubServer
from tests.hub.stop import Hurried

REPO = "maker/Tiny-GGUF"
NAME = "Tiny-Q4_K_M.gguf"
TARGET = HubTarget(REPO)
CONTENT = bytes(range(256)) * 1000
SHORT = Timeouts(connect=5, read=0.3)
SOON = 10.0
"""Seconds that nothing here comes near to, unless it hangs."""
EVIL = "\x1b]52;c;AAAA\x07\x9b31m"
"""Writes the clipboard, in a terminal that obeys."""


@pytest.fixture(autouse=True)
def repository(hub_server: HubServer) -> None:
    hub_server.add(REPO, {NAME: CONTENT})


@contextmanager
def hub_of(server: HubServer, stop: Stop | None = None) -> Iterator[Hub]:
    config, stop = Config(endpoint=server.url), Hurried() if stop is None else stop
    with open_hub(config, stop=stop, timeouts=SHORT, proxies={}) as hub:
        yield hub


def file_on(server: HubServer) -> RemoteFile:
    """What a list of files said earlier."""
    repo = server.repos[REPO]
    return RemoteFile(REPO, repo.commit, NAME, len(CONTENT), repo.files[NAME].sha256)


def fetch(server: HubServer, start: int = 0) -> bytes:
    """The bytes of the file from one on."""
    data, room = b"", memoryview(bytearray(100_000))
    with hub_of(server) as hub, hub.open(file_on(server), start) as body:
        while count := body.read_into(room):
            data += room[:count]
    return data


def look(server: HubServer) -> None:
    """Ask for the one model."""
    with hub_of(server) as hub:
        hub.model(TARGET)


def describe(server: HubServer) -> None:
    """Ask what the hub has in place of a file of the catalog."""
    file = ModelFile(quant="Q4_K_M", file=NAME, repo=REPO, gb=0.1)
    entry = CatalogEntry(
        name="tiny", title="Tiny", summary="", parameters="", license="mit", default="Q4_K_M", files=(file,)
    )
    with hub_of(server) as hub:
        hub.file_of(entry, file)


Question = Callable[[HubServer], object]
QUESTIONS: dict[str, tuple[Place, Question]] = {
    "look": ("info", look),
    "describe": ("resolve", describe),
    "fetch": ("resolve", fetch),
    "fetch from the CDN": ("cdn", fetch),
}


def refusal(question: Question, server: HubServer) -> LocalR1Error:
    with pytest.raises(LocalR1Error) as refused:
        question(server)
    assert EVIL not in refused.value.message + refused.value.hint
    return refused.value


# 49: captive portals, packed bodies, bodies of unknown or wrong length


@pytest.mark.parametrize("question", [look, describe, fetch])
def test_a_login_page_in_place_of_the_hub_is_called_one(question: Question, hub_server: HubServer) -> None:
    hub_server.fail(portal())
    assert "with a web page" in refusal(question, hub_server).message


def test_a_login_page_in_place_of_the_cdn_is_called_one(hub_server: HubServer) -> None:
    hub_server.fail(portal(), at="cdn")
    assert "with a web page" in refusal(fetch, hub_server).message


def test_a_login_page_elsewhere_is_not_followed_without_encryption(hub_server: HubServer) -> None:
    hub_server.fail(redirects("http://login.example/"))
    assert "log in" in refusal(look, hub_server).hint


def test_a_packed_body_is_refused(hub_server: HubServer) -> None:
    hub_server.fail(gzipped(), at="cdn")
    assert f"repacks {NAME}" in refusal(fetch, hub_server).message


def test_a_packed_list_of_files_is_refused(hub_server: HubServer) -> None:
    hub_server.fail(gzipped(), at="tree")
    assert "does not answer as a model hub does" in refusal(look, hub_server).message


@pytest.mark.parametrize("framing", [chunked, no_length])
@pytest.mark.parametrize("start", [0, 1000])
def test_a_body_whose_length_is_not_told_is_read_to_its_end(
    framing: Callable[[], Fault], start: int, hub_server: HubServer
) -> None:
    hub_server.fail(framing(), at="cdn")
    assert fetch(hub_server, start) == CONTENT[start:]


@pytest.mark.parametrize("fault", [shorter(1), longer(1)])
def test_a_body_of_another_length_is_refused_before_it_is_read(fault: Fault, hub_server: HubServer) -> None:
    hub_server.fail(fault, at="cdn")
    assert "does not send Tiny-Q4_K_M.gguf as the hub describes it" in refusal(fetch, hub_server).message


@pytest.mark.parametrize("framing", [chunked, no_length])
def test_more_than_the_file_is_never_read(framing: Callable[[], Fault], hub_server: HubServer) -> None:
    hub_server.fail(longer(100_000), at="cdn")
    hub_server.fail(framing(), at="cdn")
    assert fetch(hub_server) == CONTENT


def test_a_connection_that_ends_early_may_be_tried_again(hub_server: HubServer) -> None:
    hub_server.fail(cut(1000), at="cdn")
    assert refusal(fetch, hub_server).message == "The connection to 127.0.0.1 was lost."


@pytest.mark.parametrize("framing", [chunked, no_length])
def test_so_may_a_body_of_unknown_length_that_is_too_short(
    framing: Callable[[], Fault], hub_server: HubServer
) -> None:
    hub_server.fail(shorter(1000), at="cdn")
    hub_server.fail(framing(), at="cdn")
    error = refusal(fetch, hub_server)
    assert isinstance(error, TemporaryError)
    assert error.message == f"The connection ended before {NAME} was whole."


@pytest.mark.parametrize(
    "range_", ["bytes 0-255999/256000", "bytes 1000-255999/256001", "bytes 1000-1999/256000", "x"]
)
def test_another_part_than_the_one_asked_for_is_refused(range_: str, hub_server: HubServer) -> None:
    hub_server.fail(says(Content_Range=range_), at="cdn")
    message = refusal(lambda server: fetch(server, 1000), hub_server).message
    assert "as the hub describes it" in message


def test_an_answer_of_several_parts_is_refused(hub_server: HubServer) -> None:
    hub_server.fail(says(Content_Type="multipart/byteranges; boundary=x"), at="cdn")
    assert "repacks" in refusal(lambda server: fetch(server, 1000), hub_server).message


def test_a_server_without_ranges_says_that_it_begins_anew(hub_server: HubServer) -> None:
    hub_server.ranges = False
    with hub_of(hub_server) as hub, hub.open(file_on(hub_server), 1000) as body:
        assert body.start == 0
        assert body.read(len(CONTENT)) == CONTENT


def test_a_header_is_not_read_from_a_server_without_ranges(hub_server: HubServer) -> None:
    hub_server.ranges = False
    tokens = strings(f"token {index}" for index in range(100_000))
    model = Gguf(values=model_values() | {"tokenizer.ggml.tokens": tokens})
    hub_server.add("maker/Large", {"x.gguf": model.whole()})
    with hub_of(hub_server) as hub:
        large = hub.model(HubTarget("maker/Large"))
        with pytest.raises(DownloadError, match="only as a whole"):
            hub.header(large)


# 50: statuses


@pytest.mark.parametrize("place", QUESTIONS.values(), ids=QUESTIONS.keys())
@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_fault_that_passes_is_sat_out(
    place: tuple[Place, Question], status: int, hub_server: HubServer
) -> None:
    where, question = place
    if question is fetch:
        hub_server.fail(fails(status), at=where)
        assert isinstance(refusal(question, hub_server), TemporaryError)
    else:
        hub_server.fail(fails(status), at=where, times=2)
        question(hub_server)
        assert len(hub_server.asked(where)) == 3


@pytest.mark.parametrize(
    ("wait", "pause"), [("1", 1.0), ("0", 1.0), ("60", 60.0), ("junk", 1.0), ("-7", 1.0), ("", 1.0)]
)
def test_a_wait_is_as_long_as_the_hub_asks_for(wait: str, pause: float, hub_server: HubServer) -> None:
    stop = Hurried()
    hub_server.fail(fails(429, Retry_After=wait), at="info", times=1)
    with hub_of(hub_server, stop) as hub:
        hub.model(TARGET)
    assert stop.pauses == [pause]


@pytest.mark.parametrize("wait", ["61", "86400", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_nobody_waits_for_longer_than_a_minute(wait: str, hub_server: HubServer) -> None:
    stop = Hurried()
    hub_server.fail(fails(429, Retry_After=wait), at="info")
    with hub_of(hub_server, stop) as hub, pytest.raises(DownloadError) as refused:
        hub.model(TARGET)
    assert refused.value.hint.startswith("Come back in ")
    assert not stop.pauses


def test_a_wait_can_be_stopped(hub_server: HubServer) -> None:
    class Interrupted(Hurried):
        def wait(self, seconds: float) -> bool:
            self.set()
            return super().wait(seconds)

    hub_server.fail(fails(503, Retry_After="60"), at="info")
    with hub_of(hub_server, Interrupted()) as hub, pytest.raises(StoppedError):
        hub.model(TARGET)
    assert len(hub_server.requests) == 1


def test_what_does_not_pass_is_asked_once(hub_server: HubServer) -> None:
    stop = Hurried()
    with hub_of(hub_server, stop) as hub, pytest.raises(DownloadError, match="There is no maker/absent"):
        hub.model(HubTarget("maker/absent"))
    assert (len(hub_server.requests), stop.pauses) == (1, [])


def test_a_revision_and_a_file_that_are_not_there_are_named(hub_server: HubServer) -> None:
    with hub_of(hub_server) as hub, pytest.raises(DownloadError, match=f"{REPO} has no revision v9"):
        hub.model(HubTarget(REPO, "v9"))
    del hub_server.repos[REPO].files[NAME]
    assert refusal(describe, hub_server).message == f"{REPO} has no file {NAME}."


def test_a_link_to_the_cdn_that_has_expired_may_be_asked_for_again(hub_server: HubServer) -> None:
    hub_server.fail(fails(403), at="cdn")
    assert isinstance(refusal(fetch, hub_server), TemporaryError)


# 51: redirects


@pytest.mark.parametrize(
    "location",
    [
        "http://cdn.example/x",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/x",
        "file:///etc/passwd",
        "gopher://cdn.example/x",
        "https://cdn.example\\@evil.example/x",
        "",
    ],
)
@pytest.mark.parametrize("place", [look, fetch])
def test_a_redirect_that_could_do_harm_is_not_followed(
    place: Question, location: str, hub_server: HubServer
) -> None:
    hub_server.fail(redirects(location))
    assert "The hub sends on to" in refusal(place, hub_server).message
    assert len(hub_server.requests) == 1


def test_a_circle_is_left(hub_server: HubServer) -> None:
    hub_server.fail(redirects("/round/and/round"))
    assert refusal(look, hub_server).message == "The hub sends in circles."
    assert len(hub_server.requests) == 6


def test_the_next_page_of_a_list_must_lie_on_the_hub(hub_server: HubServer) -> None:
    hub_server.fail(says(Link=f'<{hub_server.cdn_url}/api>; rel="next"'), at="tree")
    assert "does not answer as a model hub does" in refusal(look, hub_server).message
    assert not hub_server.asked("cdn")


def test_a_list_without_an_end_is_left(hub_server: HubServer) -> None:
    hub_server.fail(says(Link=f'<{hub_server.url}/api/models/{REPO}/tree/main?x=1>; rel="next"'), at="tree")
    assert "more files than a model can have" in refusal(look, hub_server).message


# 52: claims that become part of a path


@pytest.mark.parametrize("evil", ["../../etc/passwd", "C:\\x", "\x1b[31m", "x" * 300, "", "e" * 63])
def test_a_hash_that_is_none_is_refused(evil: str, hub_server: HubServer) -> None:
    hub_server.fail(says(X_Linked_Etag=f'"{evil}"'), at="resolve")
    assert "sha256, which is none" in refusal(describe, hub_server).message


@pytest.mark.parametrize("evil", ["../../etc/passwd", "main", "\x1b[31m" + "c" * 35, ""])
def test_a_commit_that_is_none_is_refused(evil: str, hub_server: HubServer) -> None:
    hub_server.fail(says(X_Repo_Commit=evil), at="resolve")
    assert "commit, which is none" in refusal(describe, hub_server).message
    hub_server.repos[REPO].commit = evil
    assert "commit, which is none" in refusal(look, hub_server).message


@pytest.mark.parametrize("evil", ["0", "-1", "1e12", "9" * 20, ""])
def test_a_size_that_no_model_has_is_refused(evil: str, hub_server: HubServer) -> None:
    hub_server.fail(says(X_Linked_Size=evil), at="resolve")
    assert "size, which no model has" in refusal(describe, hub_server).message


@pytest.mark.parametrize(
    "evil", ["../evil.gguf", "C:\\evil.gguf", "\x1b[31m.gguf", "x" * 300 + ".gguf", "a/../b.gguf"]
)
def test_a_file_whose_name_could_lead_elsewhere_does_not_exist(evil: str, hub_server: HubServer) -> None:
    hub_server.add(REPO, {evil: CONTENT})
    assert refusal(look, hub_server).message == f"There is no GGUF model in {REPO}."


def test_a_repository_whose_new_name_could_lead_elsewhere_is_refused(hub_server: HubServer) -> None:
    hub_server.repos[REPO].name = "../../evil"
    assert "no plain owner/name" in refusal(look, hub_server).message


@pytest.mark.parametrize("value", [[], "x", 7, None, {"id": REPO}, {"id": REPO, "sha": 7}, [[[[]]]]])
@pytest.mark.parametrize("place", ["info", "tree"])
def test_json_of_another_kind_is_refused(value: object, place: Place, hub_server: HubServer) -> None:
    hub_server.fail(tells(value), at=place)
    said = (
        "There is no GGUF model" if (place, value) == ("tree", []) else "does not answer as a model hub does"
    )
    assert said in refusal(look, hub_server).message


def test_a_document_without_measure_is_refused(hub_server: HubServer) -> None:
    endless = hub_server.repos[REPO].info() | {"more": "x" * TEXT_LIMIT}
    hub_server.fail(tells(endless), at="info")
    assert "does not answer as a model hub does" in refusal(look, hub_server).message


# 53: words of a server


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("code", ["", "GatedRepo", "RepoNotFound", EVIL])
@pytest.mark.parametrize("place", [look, describe, fetch])
def test_words_of_a_server_never_reach_an_error_as_they_came(
    place: Question, code: str, status: int, hub_server: HubServer
) -> None:
    hub_server.fail(fails(status, code, EVIL, Retry_After=EVIL))
    error = refusal(place, hub_server)
    assert (error.message + error.hint).isprintable()


def test_words_about_a_model_are_kept_as_one_plain_line(hub_server: HubServer) -> None:
    hub_server.repos[REPO].license = f"mit{EVIL}\nline"
    with hub_of(hub_server) as hub:
        assert hub.model(TARGET).license.isprintable()


# 57: stalls, drips, DNS, TLS, proxies


@pytest.mark.parametrize("fault", [silent(), stall(0), stall(1000)], ids=["silent", "at once", "later"])
def test_a_server_that_goes_quiet_is_left(fault: Fault, hub_server: HubServer) -> None:
    hub_server.fail(fault, at="cdn")
    error = refusal(fetch, hub_server)
    assert isinstance(error, TemporaryError)
    assert error.message == "127.0.0.1 has stopped sending."


@pytest.mark.parametrize(("place", "question"), [("cdn", fetch), ("info", look)])
def test_a_server_that_drips_is_left(place: Place, question: Question, hub_server: HubServer) -> None:
    hub_server.fail(slow(rate=20), at=place)
    assert refusal(question, hub_server).message == "127.0.0.1 sends too slowly."


def test_a_slow_server_that_keeps_coming_is_not_left(hub_server: HubServer) -> None:
    hub_server.fail(slow(rate=1_000_000), at="cdn")
    assert fetch(hub_server) == CONTENT
