"""Hashing in a thread of its own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from localr1.hub.hashing import BLOCK, BLOCKS, Hasher, hashing

TIMEOUT = 10


def put(data: bytes, block: memoryview) -> int:
    block[: len(data)] = data
    return len(data)


@pytest.fixture
def hasher() -> Iterator[Hasher]:
    with hashing() as hasher:
        yield hasher


@pytest.mark.parametrize("size", [1, 1000, BLOCK])
def test_the_hash_is_that_of_all_blocks_in_their_order(size: int, hasher: Hasher) -> None:
    pieces = [bytes([number]) * size for number in range(3 * BLOCKS)]
    assert [hasher.feed(partial(put, piece)) for piece in pieces] == [size] * len(pieces)
    assert hasher.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_the_hash_of_nothing_is_known_too(hasher: Hasher) -> None:
    assert hasher.hexdigest() == hashlib.sha256().hexdigest()


def test_nothing_of_what_came_before_a_restart_counts(hasher: Hasher) -> None:
    hasher.feed(partial(put, b"wrong"))
    hasher.restart()
    hasher.feed(partial(put, b"right"))
    assert hasher.hexdigest() == hashlib.sha256(b"right").hexdigest()


def test_filling_may_fail_again_and_again_without_a_block_being_lost(hasher: Hasher) -> None:
    def fail(block: memoryview) -> int:
        block[:5] = b"never"
        raise ConnectionError

    for _ in range(2 * BLOCKS):
        with pytest.raises(ConnectionError):
            hasher.feed(fail)
    hasher.feed(partial(put, b"right"))
    assert hasher.hexdigest() == hashlib.sha256(b"right").hexdigest()


class HeldHash:
    """An algorithm that is slow: it begins when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def update(self, data: memoryview, /) -> None:
        assert self.go.wait(TIMEOUT)

    def hexdigest(self) -> str:
        return "done"


def test_a_slow_hash_holds_up_who_is_too_far_ahead_and_uses_no_more_memory() -> None:
    held, full = HeldHash(), threading.Event()
    blocks: list[memoryview] = []

    def fill(block: memoryview) -> int:
        blocks.append(block)
        if len(blocks) == BLOCKS:
            full.set()
        return 1

    def feed(hasher: Hasher) -> None:
        for _ in range(3 * BLOCKS):
            hasher.feed(fill)

    with hashing(lambda: held) as hasher:
        feeding = threading.Thread(target=feed, args=(hasher,), daemon=True)
        feeding.start()
        assert full.wait(TIMEOUT)
        assert len(blocks) == BLOCKS
        held.go.set()
        feeding.join(TIMEOUT)
        assert hasher.hexdigest() == "done"
    assert len(blocks) == 3 * BLOCKS
    assert len({id(block.obj) for block in blocks}) == BLOCKS


def test_no_thread_is_left_behind_by_an_error() -> None:
    with pytest.raises(ConnectionError), hashing():
        raise ConnectionError
    assert "localr1-hashing" not in [thread.name for thread in threading.enumerate()]
