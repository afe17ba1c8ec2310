"""A long list of JSON, object by object, however it is cut."""

from __future__ import annotations

import json
import random

import pytest

from localr1.errors import UsageError
from localr1.importing.elements import elements
from localr1.importing.json_value import read_value

LETTERS = 'ab"\\{}[],:\n é🦀'


def value(chance: random.Random, depth: int = 0) -> object:
    """Anything that JSON can hold."""
    match chance.randrange(4 if depth < 3 else 2):
        case 0:
            return "".join(chance.choices(LETTERS, k=chance.randrange(6)))
        case 1:
            return chance.choice([None, True, -7, 0.5])
        case 2:
            return [value(chance, depth + 1) for _ in range(chance.randrange(3))]
        case _:
            return chat(chance, depth + 1)


def chat(chance: random.Random, depth: int = 0) -> dict[str, object]:
    keys = ("".join(chance.choices(LETTERS, k=2)) for _ in range(chance.randrange(4)))
    return {key: value(chance, depth) for key in keys}


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("seed", range(20))
def test_every_object_of_a_list_comes_out_as_it_was_however_that_is_cut(seed: int) -> None:
    chance = random.Random(seed)
    chats = [chat(chance) for _ in range(seed % 4)]
    data = json.dumps(chats, ensure_ascii=seed % 2 == 0, indent=chance.choice([None, 1])).encode()
    for size in range(1, len(data) + 1):
        assert [json.loads(each) for each in elements(cut(data, size))] == chats


@pytest.mark.parametrize("seed", range(5))
def test_objects_may_stand_one_after_the_other(seed: int) -> None:
    chance = random.Random(seed)
    chats = [chat(chance) for _ in range(3)]
    data = b"\xef\xbb\xbf" + b"\n".join(json.dumps(each).encode() for each in chats)
    for size in range(1, len(data) + 1):
        assert [json.loads(each) for each in elements(cut(data, size))] == chats


@pytest.mark.parametrize("data", [b"[1]", b'["a"]', b"no JSON", b"[{}]]", b"\x89PNG\r\n", b'"text"', b"}"])
def test_what_is_no_list_of_objects_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="no list"):
        list(elements([data]))


@pytest.mark.parametrize("data", [b'[{"a":1}', b"[", b'{"a":"', b'[{"a":"\\'])
def test_what_breaks_off_is_refused_after_what_is_whole(data: bytes) -> None:
    with pytest.raises(UsageError, match="breaks off"):
        list(elements([data]))


def test_an_object_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    endless = iter(lambda: b"x" * 1000, None)
    with pytest.raises(UsageError, match="longer"):
        list(elements((b'[{"a":"', *(next(endless) for _ in range(3))), longest=2000))


def test_halves_of_characters_and_bytes_of_no_encoding_are_replaced() -> None:
    raw = rb'{"a":"\ud800 \\ud800 \ud83e\udd80 ' + b'\xff"}'
    assert read_value(raw, dict[str, str]) == {"a": "\ufffd \\ud800 🦀 \ufffd"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":NaN}', "malformed"),
        (b'{"a":1e999}', "out of range"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b'{"a":"b"}', r"Expected `int`, got `str` - at `\$\[...\]`"),
    ],
)
def test_values_that_are_none_are_refused_with_their_place(raw: bytes, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_value(raw, object if b"b" not in raw else dict[str, int])
