"""The catalog and the models on disk, joined, with how each fits."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from localr1.catalog import Catalog, load_catalog
from localr1.fit.machine import Machine
from localr1.fit.need import Room
from localr1.fit.offers import Offer, offers
from localr1.fit.verdict import Verdict
from localr1.library.library import Library
from tests.gguf_files import Gguf, u32

GB = 10**9
LAPTOP = Machine(memory_total=16 * GB, memory_free=8 * GB, cores=4, bandwidth=40 * GB)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    directory = tmp_path / "models"
    directory.mkdir()
    return directory


@pytest.fixture
def library(models: Path) -> Library:
    return Library(load_catalog, models)


def labelled(found: list[Offer]) -> dict[str, Offer]:
    return {offer.label: offer for offer in found}


def test_every_quant_of_the_catalog_is_offered_in_its_order(library: Library) -> None:
    found = offers(library, LAPTOP)
    expected = [(entry.name, file.quant) for entry in library.catalog.entries for file in entry.files]
    assert [(offer.entry.name, offer.quant) for offer in found if offer.entry] == expected


def test_every_offer_of_the_catalog_is_judged(library: Library) -> None:
    found = labelled(offers(library, LAPTOP))
    assert [label for label, offer in found.items() if not offer.fit] == []
    verdicts = {label: offer.fit.verdict for label, offer in found.items() if offer.fit}
    assert verdicts["qwen-1.5b Q4_K_M"] is Verdict.FITS
    assert verdicts["qwen-7b Q6_K"] is Verdict.TIGHT
    assert verdicts["qwen-32b Q2_K"] is Verdict.TOO_BIG


def test_the_bundled_model_is_offered_as_it_lies_there(library: Library, nano: Path) -> None:
    offer = labelled(offers(library, LAPTOP))["nano"]
    assert offer.local
    assert (offer.local.path, offer.size) == (nano, nano.stat().st_size)


def test_a_model_that_is_here_is_joined_to_its_row(library: Library, models: Path) -> None:
    path = Gguf().write(models / "DeepSeek-R1-Distill-Qwen-7B-Q6_K.gguf")
    found = labelled(offers(library, LAPTOP))
    offer = found["qwen-7b Q6_K"]
    assert offer.local
    assert (offer.local.path, offer.size) == (path, path.stat().st_size)
    assert found["qwen-7b Q4_K_M"].local is None
    assert len(found) == len(offers(library, LAPTOP))


def test_a_model_that_the_catalog_does_not_know_is_judged_by_its_header(
    library: Library, models: Path
) -> None:
    gguf = Gguf()
    gguf.values["qwen2.context_length"] = u32(4096)
    path = gguf.write(models / "own.gguf")
    offer = offers(library, LAPTOP)[-1]
    assert (offer.label, offer.entry, offer.file, offer.size) == ("own", None, None, path.stat().st_size)
    assert offer.fit
    assert offer.fit.need.layers == 2
    assert offer.fit.need.cache == 4096 * 2 * 2 * 2 * (16 + 16)


def test_a_model_whose_shape_the_catalog_does_not_tell_is_judged_by_its_header_when_it_is_here(
    models: Path,
) -> None:
    shapeless = Catalog(tuple(msgspec.structs.replace(entry, shape=None) for entry in load_catalog().entries))
    Gguf().write(models / "DeepSeek-R1-Distill-Qwen-7B-Q6_K.gguf")
    found = labelled(offers(Library(lambda: shapeless, models), LAPTOP))
    assert found["qwen-7b Q6_K"].fit
    assert found["qwen-7b Q4_K_M"].fit is None


def test_a_damaged_model_is_offered_without_a_verdict(library: Library, models: Path) -> None:
    (models / "broken.gguf").write_bytes(b"GGUF")
    offer = offers(library, LAPTOP)[-1]
    assert (offer.label, offer.fit) == ("broken", None)


def test_a_larger_context_needs_more(library: Library) -> None:
    usual, large = (labelled(offers(library, LAPTOP, Room(context))) for context in (0, 65_536))
    for label in ("qwen-1.5b Q4_K_M", "nano"):
        before, after = usual[label].fit, large[label].fit
        assert before
        assert after
        assert after.need.cache > before.need.cache
