"""Which model is recommended, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.catalog_entry import CatalogEntry, ModelFile, Scores, Shape
from localr1.engine.reports import Device
from localr1.fit.machine import Machine
from localr1.fit.need import need_of
from localr1.fit.offers import Offer, offers
from localr1.fit.recommend import recommend
from localr1.fit.verdict import fit_of
from localr1.library.library import Library
from localr1.library.local_model import LocalModel

GB = 10**9
SHAPE = Shape(layers=10, embedding=512, feed_forward=1024, vocabulary=1000, kv_heads=2, head=64)
GPU = Device(name="GPU0", description="", kind="gpu", free=10 * GB, total=12 * GB)


def machine(free: float, bandwidth: float | None = 60 * GB, *, arm: bool = False) -> Machine:
    return Machine(round(2 * free), round(free), bandwidth=bandwidth, arm=arm)


def entry(
    name: str,
    quants: dict[str, float],
    *,
    aime: float | None = None,
    math: float | None = None,
    thinks: bool = True,
) -> CatalogEntry:
    """A model with quants of so many GB."""
    files = tuple(
        ModelFile(quant=quant, file=f"{name}-{quant}.gguf", repo="a/b", gb=gb) for quant, gb in quants.items()
    )
    scores = Scores(aime24=aime, math500=math) if aime or math else None
    return CatalogEntry(
        name=name,
        title=name,
        summary="",
        parameters="",
        license="",
        default=files[0].quant,
        files=files,
        scores=scores,
        thinks=thinks,
        shape=SHAPE,
    )


def offered(on: Machine, *entries: CatalogEntry, here: str = "") -> list[Offer]:
    """Every quant of the entries, judged; the one that is `here` is on disk."""
    return [
        Offer(row, file, _local(row, file, here), fit_of(need_of(SHAPE, file.size, 8192), on))
        for row in entries
        for file in row.files
    ]


def _local(row: CatalogEntry, file: ModelFile, here: str) -> LocalModel | None:
    path = Path("/models") / file.file
    return LocalModel(row.name, path, file.size, file.quant, row) if file.quant == here else None


def chosen(on: Machine, *entries: CatalogEntry, here: str = "") -> str:
    return recommend(offered(on, *entries, here=here), on).offer.label


SMALL = entry("small", {"Q4_K_M": 1}, aime=30, math=84)
LARGE = entry("large", {"Q4_K_M": 4}, aime=56, math=93)


def test_of_what_fits_the_one_that_solves_most_is_chosen() -> None:
    assert chosen(machine(8 * GB), SMALL, LARGE) == "large Q4_K_M"


def test_what_does_not_fit_is_not_chosen() -> None:
    assert chosen(machine(3 * GB), SMALL, LARGE) == "small Q4_K_M"


def test_what_is_tight_is_chosen_only_where_nothing_fits_well() -> None:
    assert chosen(machine(4.4 * GB), SMALL, LARGE) == "small Q4_K_M"
    assert chosen(machine(4.4 * GB), LARGE) == "large Q4_K_M"


def test_what_is_too_slow_is_chosen_only_where_nothing_is_faster() -> None:
    assert chosen(machine(8 * GB, 20 * GB), SMALL, LARGE) == "small Q4_K_M"
    assert chosen(machine(8 * GB, 20 * GB), LARGE) == "large Q4_K_M"


def test_where_all_are_too_slow_the_fastest_is_chosen_and_that_is_said() -> None:
    on = machine(8 * GB, 4 * GB)
    recommendation = recommend(offered(on, SMALL, LARGE), on)
    assert recommendation.offer.label == "small Q4_K_M"
    assert recommendation.reason.splitlines()[1].startswith("That is slow for a model that thinks first")


def test_the_harder_test_counts_first() -> None:
    hard = entry("hard", {"Q4_K_M": 1}, aime=60, math=80)
    assert chosen(machine(8 * GB), hard, LARGE) == "hard Q4_K_M"
    even = entry("even", {"Q4_K_M": 1}, aime=56, math=94)
    assert chosen(machine(8 * GB), LARGE, even) == "even Q4_K_M"


def test_a_model_that_does_not_think_is_not_chosen() -> None:
    assert chosen(machine(8 * GB), SMALL, entry("plain", {"Q4_K_M": 2}, aime=90, thinks=False)) == (
        "small Q4_K_M"
    )


QUANTS = {"Q2_K": 0.5, "Q4_K_M": 1.0, "Q6_K": 1.5, "Q8_0": 2.0}


def test_the_best_quant_that_is_comfortably_fast_is_chosen_and_none_beyond_q6() -> None:
    model = entry("model", QUANTS, aime=30)
    assert chosen(machine(8 * GB, 100 * GB), model) == "model Q6_K"
    assert chosen(machine(8 * GB, 15 * GB), model) == "model Q4_K_M"
    assert chosen(machine(8 * GB, None), model) == "model Q6_K"


def test_a_smaller_model_goes_before_a_larger_one_cut_to_two_bits() -> None:
    assert chosen(machine(3 * GB), SMALL, entry("cut", {"Q2_K": 2}, aime=60)) == "small Q4_K_M"


def test_two_bits_are_better_than_nothing() -> None:
    assert chosen(machine(1 * GB), entry("model", QUANTS, aime=30)) == "model Q2_K"


def test_a_quant_that_is_here_already_is_not_fetched_in_another() -> None:
    model = entry("model", QUANTS, aime=30)
    assert chosen(machine(8 * GB, 100 * GB), model, here="Q4_K_M") == "model Q4_K_M"


def test_arm_takes_the_quant_that_is_repacked_for_it_and_others_do_not() -> None:
    model = entry("model", {"Q4_0": 1.0, "Q4_K_M": 1.1}, aime=30)
    assert chosen(machine(8 * GB, arm=True), model) == "model Q4_0"
    assert chosen(machine(8 * GB), model) == "model Q4_K_M"


def test_of_models_that_nobody_measured_the_largest_is_chosen_and_that_is_said() -> None:
    on = machine(8 * GB)
    found = offered(on, entry("a", {"Q4_K_M": 1}), entry("b", {"Q4_K_M": 3}), entry("c", {"Q4_K_M": 2}))
    recommendation = recommend(found, on)
    assert recommendation.offer.label == "b Q4_K_M"
    assert "published no scores" in recommendation.reason


def test_the_reason_is_two_lines_with_numbers() -> None:
    on = machine(3 * GB)
    assert recommend(offered(on, SMALL, LARGE), on).reason.splitlines() == [
        "small Q4_K_M needs 1.11 GB of the 3.00 GB of memory that are free, "
        "and makes about 43 tokens a second.",
        "It solves 30 % of AIME 2024 and 84 % of MATH-500, the most of what runs well here; "
        "large Q4_K_M would need 4.11 GB.",
    ]


def test_the_reason_says_when_the_better_model_would_be_too_slow() -> None:
    on = machine(8 * GB, 20 * GB)
    assert "large Q4_K_M would make only about 3.7 tokens a second" in (
        recommend(offered(on, SMALL, LARGE), on).reason
    )


def test_what_stands_in_the_way_is_said_of_a_quant_that_could_have_been_chosen() -> None:
    on = machine(8 * GB, 20 * GB)
    cut = entry("large", {"Q2_K": 1, "Q4_K_M": 4}, aime=56, math=93)
    assert "large Q4_K_M would make only about" in recommend(offered(on, SMALL, cut), on).reason


def test_the_reason_says_when_nothing_is_better() -> None:
    on = machine(8 * GB)
    assert "nothing in the catalog solves more" in recommend(offered(on, SMALL, LARGE), on).reason


def test_the_reason_names_the_gpu() -> None:
    on = Machine(16 * GB, 8 * GB, devices=(GPU,), bandwidth=40 * GB)
    reason = recommend(offered(on, LARGE), on).reason
    assert reason.startswith("large Q4_K_M needs 4.11 GB, all on the GPU.")


def test_a_model_that_lies_mostly_in_main_memory_goes_behind_one_that_the_gpu_takes_whole() -> None:
    on = Machine(64 * GB, 60 * GB, devices=(GPU,), bandwidth=40 * GB)
    huge = entry("huge", {"Q4_K_M": 30}, aime=70)
    assert chosen(on, LARGE, huge) == "large Q4_K_M"
    assert chosen(on, LARGE, entry("big", {"Q4_K_M": 11}, aime=70)) == "big Q4_K_M"


@pytest.mark.parametrize("free", [0.1 * GB, 0.5 * GB])
def test_where_nothing_fits_nano_is_recommended_with_what_the_next_would_need(
    tmp_path: Path, free: float
) -> None:
    on = machine(free)
    recommendation = recommend(offers(Library(load_catalog, tmp_path), on), on)
    assert recommendation.offer.label == "nano"
    first, second = recommendation.reason.splitlines()
    assert first.startswith("Nothing larger fits: even lfm2.5-1.2b-thinking Q4_K_M needs 1.0")
    assert second.startswith("nano only does sums")


def test_on_a_laptop_the_catalog_recommends_a_distill_with_two_lines_of_reasons(tmp_path: Path) -> None:
    on = machine(8 * GB)
    recommendation = recommend(offers(Library(load_catalog, tmp_path), on), on)
    assert recommendation.offer.label == "r1-0528-qwen3-8b Q4_K_M"
    assert len(recommendation.reason.splitlines()) == 2
