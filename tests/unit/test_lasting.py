"""What stays in memory until the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from localr1.cli.lasting import lasting


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave the garbage collector as it was."""
    yield
    gc.unfreeze()


def test_the_garbage_collector_never_goes_through_what_the_block_made() -> None:
    with lasting():
        made = [[number] for number in range(1_000)]
    assert not any(each is made for each in gc.get_objects())
    assert gc.isenabled()


def test_garbage_is_looked_for_again_after_an_error() -> None:
    with pytest.raises(ImportError), lasting():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
