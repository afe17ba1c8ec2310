"""What is remembered of the pace of models."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from localr1.engine.paces import MOST, Paces
from localr1.engine.reports import ModelInfo

INFO = ModelInfo(
    name="a model",
    architecture="qwen2",
    description="qwen2 1.5B Q4_K",
    parameters=1_500_000_000,
    size=1_100_000_000,
    context_train=4096,
    context=4096,
    threads=4,
    gpu_layers=0,
    template="",
    generation_prompt="",
    load_seconds=0.1,
)
PACE = {3: 1.0, 4: 1.2}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "paces.json"


def test_what_was_kept_is_known_to_the_next_one_of_the_same_model_alone(file: Path) -> None:
    Paces(file).keep(INFO, PACE)
    assert Paces(file).of(INFO) == PACE
    assert Paces(file).of(msgspec.structs.replace(INFO, threads=8)) == {}
    assert Paces(file).of(msgspec.structs.replace(INFO, size=1)) == {}


def test_it_is_written_only_when_it_says_something_new(file: Path) -> None:
    paces = Paces(file)
    paces.keep(INFO, {})
    assert not file.exists()
    paces.keep(INFO, PACE)
    paces.keep(INFO, {3: 1.0, 4: 1.1})
    assert paces.of(INFO) == PACE
    paces.keep(INFO, {3: 1.5, 4: 1.0})
    assert paces.of(INFO) == {3: 1.25, 4: 1.1}


def test_the_models_that_were_used_last_are_kept(file: Path) -> None:
    paces = Paces(file)
    models = [msgspec.structs.replace(INFO, size=number) for number in range(MOST + 1)]
    for model in models:
        paces.keep(model, PACE)
    assert paces.of(models[0]) == {}
    assert paces.of(models[1]) == paces.of(models[-1]) == PACE


@pytest.mark.parametrize("text", [b"", b"[]", b'{"a": 1}', b"\xff"])
def test_a_damaged_file_is_as_good_as_none(file: Path, text: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(text)
    assert Paces(file).of(INFO) == {}
    Paces(file).keep(INFO, PACE)
    assert Paces(file).of(INFO) == PACE


def test_a_place_that_can_not_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Paces(tmp_path / "file" / "paces.json").keep(INFO, PACE)
