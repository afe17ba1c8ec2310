"""What a models directory already holds of a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.hub.remote import RemoteFile, RemoteModel
from localr1.hub.stock import Stock

MODEL = RemoteModel(
    tuple(
        RemoteFile("maker/repo", "c" * 40, f"folder/{name}.gguf", 100, str(number) * 64)
        for number, name in enumerate("abc")
    ),
    "Q8_0",
)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    stock = Stock(MODEL, tmp_path)
    stock.directory.mkdir(parents=True)
    return stock


def test_folders_of_the_repository_are_not_made_here(stock: Stock, tmp_path: Path) -> None:
    assert stock.path(MODEL.files[0]) == tmp_path / "maker" / "repo" / "a.gguf"
    assert stock.part(MODEL.files[0]) == tmp_path / "maker" / "repo" / "a.gguf.0000000000000000.part"


def test_what_is_whole_or_begun_need_not_come_again(stock: Stock) -> None:
    assert stock.missing(MODEL.files) == 300
    whole, begun, _ = MODEL.files
    stock.path(whole).write_bytes(bytes(100))
    stock.part(begun).write_bytes(bytes(30))
    assert stock.missing(MODEL.files) == 170


@pytest.mark.parametrize("size", [0, 99, 101])
def test_a_file_of_another_size_has_to_come(size: int, stock: Stock) -> None:
    stock.path(MODEL.files[0]).write_bytes(bytes(size))
    assert stock.missing(MODEL.files) == 300


def test_a_part_that_is_too_long_gives_nothing_back(stock: Stock) -> None:
    stock.part(MODEL.files[0]).write_bytes(bytes(1000))
    assert stock.missing(MODEL.files) == 200
