"""Blocks of bytes become lines of text, however they are cut."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

import pytest

from localr1.cli.batch.lines import LIMIT, Lines
from localr1.errors import UsageError

TEXT = '"größer 🦀"\r\n\n"two"\n"three"'
EXPECTED = ['"größer 🦀"\r', "", '"two"', '"three"']


def lines(blocks: Iterable[bytes]) -> list[bytes]:
    cutting = Lines("It")
    return [line for block in (*blocks, b"") for line in cutting.feed(block)]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with its mark", "UTF-16", "UTF-16 of the other order"],
)
def test_every_cut_gives_the_same_lines(data: bytes) -> None:
    expected = [line.encode() for line in EXPECTED]
    assert lines(data[at : at + 1] for at in range(len(data))) == expected
    for at in range(len(data)):
        assert lines(part for part in (data[:at], data[at:]) if part) == expected


def test_a_line_comes_as_soon_as_its_end_has_come() -> None:
    cutting = Lines("It")
    assert list(cutting.feed(b'"one"\n"tw')) == [b'"one"']
    assert list(cutting.feed(b'o"\n')) == [b'"two"']


def test_of_an_endless_line_no_more_is_kept_than_tells_its_length() -> None:
    block = b"x" * (LIMIT // 4)
    long, short = lines([*[block] * 6, b"\nshort"])
    assert (len(long), short) == (LIMIT + 1, b"short")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n" * 9, bytes(range(256)) * 20, b"\0"])
def test_what_is_no_text_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(UsageError, match="It is not text"):
        lines([data])


def test_nothing_is_one_blank_line() -> None:
    assert lines([]) == [b""]
