"""The numbers that a chat is kept in."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from localr1.cache_type import CacheType
from localr1.engine.client import Engine
from localr1.engine.requests import Load
from localr1.engine.worker.bindings import AbortFlag, llama, start_backend
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.model import Model
from tests.engine.asking import ask, user

U32 = 4
"""The type of a value in a GGUF file."""


@contextmanager
def opened(path: Path, cache_type: CacheType) -> Iterator[Model]:
    start_backend()
    request = Load(id=1, path=os.fsencode(path), context=512, threads=1, cache_type=cache_type)
    with closing(Model(request, AbortFlag(), lambda share: None)) as model:
        yield model


def kept_bytes(path: Path, cache_type: CacheType) -> int:
    """What 400 tokens of a chat take."""
    with opened(path, cache_type) as model:
        Cache(model.growing).extend([7] * 400)
        return int(llama.llama_state_seq_get_size(model.context, 0))


def with_other_heads(model: Path, copy: Path) -> Path:
    """The bundled model with heads of 48 numbers in place of 32, which makes no sense but runs."""
    data = model.read_bytes()
    for name, before, after in ((b"head_count", 6, 4), (b"head_count_kv", 3, 2)):
        key = b"qwen2.attention." + name + struct.pack("<I", U32)
        assert data.count(key + struct.pack("<I", before)) == 1
        data = data.replace(key + struct.pack("<I", before), key + struct.pack("<I", after))
    copy.write_bytes(data)
    return copy


def test_q8_0_takes_about_half_the_memory_of_f16(nano: Path) -> None:
    assert kept_bytes(nano, "q8_0") / kept_bytes(nano, "f16") == pytest.approx(17 / 32, rel=0.02)


def test_heads_that_q8_0_can_not_keep_are_kept_as_f16(nano: Path, tmp_path: Path) -> None:
    odd = with_other_heads(nano, tmp_path / "odd.gguf")
    assert kept_bytes(odd, "q8_0") == kept_bytes(odd, "f16")


async def test_a_chat_that_is_kept_as_q8_0_is_answered_and_grows(engine: Engine, nano: Path) -> None:
    question = user("7" * 2500 + "What is 47 + 85?")
    await engine.load(nano, cache_type="q8_0")
    first = await ask(engine, user("What is 47 + 85?"))
    assert "132" in first.text
    assert (await ask(engine, question, max_tokens=2)).done.evaluated_tokens > 2500
    assert (await ask(engine, question, max_tokens=2)).done.evaluated_tokens == 1
