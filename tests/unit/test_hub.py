"""The hub as it is when nothing goes wrong, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.config import Config
from localr1.errors import DownloadError
from localr1.gguf.header import read_header
from localr1.hub.hub import Hub, open_hub
from localr1.hub.range_file import BLOCK
from localr1.hub.remote import FoundRepo, RemoteModel
from localr1.hub.target import HubTarget
from tests.gguf_files import Gguf, model_values, strings
from tests.hub.repo import COMMIT
from tests.hub.server import HubServer

REPO = "maker/Tiny-GGUF"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def hub(hub_server: HubServer) -> Iterator[Hub]:
    """A hub with one repository of several models."""
    parts = {f"Q8_0/Tiny-Q8_0-0000{part}-of-00002.gguf": CONTENT * (part + 1) for part in (1, 2)}
    files = {"README.md": b"# Tiny", "Tiny-Q4_K_M.gguf": CONTENT, "mmproj-F16.gguf": b"x", **parts}
    hub_server.add(REPO, files, license="apache-2.0")
    with open_hub(Config(endpoint=hub_server.url)) as opened:
        yield opened


def read(hub: Hub, model: RemoteModel, start: int, *, block: int = 100_000) -> bytes:
    """The bytes of the first file from one on."""
    data, room = b"", memoryview(bytearray(block))
    with hub.open(model.files[0], start) as body:
        assert body.start == start
        while count := body.read_into(room):
            data += room[:count]
    return data


def test_a_repository_lists_its_models_whole(hub: Hub) -> None:
    small, split = hub.models(HubTarget(REPO))
    assert (small.quant, small.size, small.license) == ("Q4_K_M", len(CONTENT), "apache-2.0")
    assert (split.quant, split.size, len(split.files)) == ("Q8_0", 5 * len(CONTENT), 2)
    assert split.files[0].commit == COMMIT


def test_a_list_that_comes_in_pages_is_read_to_its_end(hub: Hub, hub_server: HubServer) -> None:
    hub_server.page_size = 1
    assert len(hub.models(HubTarget(REPO))) == 2
    assert len(hub_server.asked("tree")) == 6


def test_a_file_of_the_target_stands_alone(hub: Hub) -> None:
    target = HubTarget(REPO, file="Tiny-Q4_K_M.gguf")
    assert hub.models(target) == (hub.model(target),)


def test_a_repository_that_was_renamed_is_found_and_called_by_its_new_name(
    hub: Hub, hub_server: HubServer
) -> None:
    hub_server.moved["old/name"] = REPO
    assert hub.model(HubTarget("old/name", quant="Q4_K_M")).repo == REPO


def test_bytes_come_from_wherever_they_are_asked_for(hub: Hub) -> None:
    model = hub.model(HubTarget(REPO, quant="Q4_K_M"))
    for start in (0, 1, 100_000, len(CONTENT) - 1):
        assert read(hub, model, start) == CONTENT[start:]


def test_nothing_is_sent_that_tells_who_asks(hub: Hub, hub_server: HubServer) -> None:
    read(hub, hub.model(HubTarget(REPO, quant="Q4_K_M")), 0)
    assert len(hub_server.requests) == 4
    for request in hub_server.requests:
        assert set(request.headers.keys()) <= {"Host", "User-Agent", "Accept-Encoding"}
        assert request.headers["User-Agent"].startswith("localr1/")


def test_one_connection_serves_many_questions(hub: Hub, hub_server: HubServer) -> None:
    for _ in range(3):
        read(hub, hub.model(HubTarget(REPO, quant="Q4_K_M")), 0)
    assert len({request.client for request in hub_server.requests}) == 2


@pytest.mark.parametrize("tokens", [100, 300_000], ids=["small", "large"])
def test_a_header_costs_no_more_than_the_blocks_that_it_lies_in(
    tokens: int, hub_server: HubServer, tmp_path: Path
) -> None:
    values = model_values() | {"tokenizer.ggml.tokens": strings(f"token {index}" for index in range(tokens))}
    model = Gguf(values=values)
    path = tmp_path / "Tiny.gguf"
    path.write_bytes(model.whole() + bytes(5 * BLOCK))
    hub_server.add("maker/Large", {"Tiny.gguf": path})
    with open_hub(Config(endpoint=hub_server.url)) as hub:
        header = hub.header(hub.model(HubTarget("maker/Large")))
    assert (header.metadata, header.size) == (read_header(path).metadata, path.stat().st_size)
    assert header.vocabulary.size == tokens
    assert hub_server.sent("cdn") == -(-len(model.header()) // BLOCK) * BLOCK


def test_the_header_of_the_real_nano_reads_as_it_does_on_disk(hub_server: HubServer, nano: Path) -> None:
    hub_server.add("maker/nano", {"nano.gguf": nano})
    with open_hub(Config(endpoint=hub_server.url)) as hub:
        header = hub.header(hub.model(HubTarget("maker/nano")))
    assert header.tensors == read_header(nano).tensors
    assert header.chat_template == read_header(nano).chat_template


def test_a_search_brings_the_most_downloaded_first(hub_server: HubServer) -> None:
    hub_server.add("a/R1-small", {}, downloads=5, likes=1, updated="2026-02-03T00:00:00.000Z")
    hub_server.add("b/R1-large", {}, downloads=9, gated="auto")
    hub_server.add("c/other", {})
    with open_hub(Config(endpoint=hub_server.url)) as hub:
        found = hub.search("r1")
        assert found == (
            FoundRepo("b/R1-large", 9, 0, "2026-01-02", True),
            FoundRepo("a/R1-small", 5, 1, "2026-02-03", False),
        )
        assert len(hub.search("r1", limit=1)) == 1


def entry_of(**fields: str | float) -> tuple[CatalogEntry, ModelFile]:
    file = ModelFile(quant="Q4_K_M", file="Tiny-Q4_K_M.gguf", repo=REPO, **fields)  # type: ignore[arg-type]
    entry = CatalogEntry(
        name="tiny", title="Tiny", summary="", parameters="", license="mit", default="Q4_K_M", files=(file,)
    )
    return entry, file


def test_a_file_of_the_catalog_is_described_by_one_question(hub: Hub, hub_server: HubServer) -> None:
    model = hub.file_of(*entry_of(gb=0.1))
    assert model.files == hub.model(HubTarget(REPO, quant="Q4_K_M")).files
    assert (model.quant, model.license) == ("Q4_K_M", "mit")
    assert [request.place for request in hub_server.requests[:1]] == ["resolve"]
    assert len(hub_server.asked(method="HEAD")) == 1


def test_a_file_of_the_catalog_may_be_pinned(hub: Hub, hub_server: HubServer) -> None:
    sha256 = hub_server.repos[REPO].files["Tiny-Q4_K_M.gguf"].sha256
    model = hub.file_of(*entry_of(bytes=len(CONTENT), sha256=sha256, revision=COMMIT))
    assert model.files[0].sha256 == sha256


@pytest.mark.parametrize("pin", [{"gb": 0.1, "sha256": "b" * 64}, {"bytes": 7}])
def test_another_file_than_the_catalog_s_is_refused(hub: Hub, pin: dict[str, str | float]) -> None:
    with pytest.raises(DownloadError) as refused:
        hub.file_of(*entry_of(**pin))
    assert "has been replaced since" in refused.value.message
    assert refused.value.hint.endswith(f"localr1 pull hf:{REPO}:Q4_K_M")


def test_offline_means_that_nobody_is_asked(hub_server: HubServer) -> None:
    with (
        pytest.raises(DownloadError, match="stay offline"),
        open_hub(Config(endpoint=hub_server.url, offline=True)),
    ):
        pass
    assert not hub_server.requests
