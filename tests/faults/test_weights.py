"""Models whose header can be read and whose tensors are missing, misshaped or filled with nothing."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from tests.engine.asking import ask, engine_of, user
from tests.engine.processes import WAIT_SECONDS
from tests.gguf_files import text


def renamed(model: Path, name: str) -> bytes:
    """The model without a tensor of this name: it has another of the same length."""
    return replaced(model, text(name), text("x" * len(name)))


def reshaped(model: Path, name: str, shape: tuple[int, ...]) -> bytes:
    """The model with another shape of a tensor, of as many weights."""
    (before,) = (tensor.shape for tensor in read_header(model).tensors if tensor.name == name)
    old, new = (text(name) + struct.pack("<Iqq", 2, *dimensions) for dimensions in (before, shape))
    return replaced(model, old, new)


def replaced(model: Path, old: bytes, new: bytes) -> bytes:
    data = model.read_bytes()
    assert data.count(old) == 1
    return data.replace(old, new)


def filled(model: Path, byte: bytes) -> bytes:
    """The model with the same byte in all its weights."""
    data, start = model.read_bytes(), read_header(model).data_offset
    return data[:start] + byte * (len(data) - start)


async def load(engine: Engine, path: Path) -> None:
    check_header(read_header(path))
    await asyncio.wait_for(engine.load(path), WAIT_SECONDS)


@pytest.mark.parametrize("name", ["token_embd.weight", "blk.0.attn_q.weight", "output_norm.weight"])
async def test_a_missing_tensor_is_named_and_the_engine_lives_on(
    name: str, nano: Path, tmp_path: Path
) -> None:
    (tmp_path / "m.gguf").write_bytes(renamed(nano, name))
    async with engine_of(tmp_path) as engine:
        with pytest.raises(ModelFileError, match=f"m.gguf can't be loaded: .*{name}' not found"):
            await load(engine, tmp_path / "m.gguf")
        await load(engine, nano)


async def test_a_misshaped_tensor_is_named_and_the_engine_lives_on(nano: Path, tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(reshaped(nano, "blk.0.ffn_up.weight", (384, 192)))
    async with engine_of(tmp_path) as engine:
        with pytest.raises(ModelFileError, match=r"blk\.0\.ffn_up\.weight' has wrong shape"):
            await load(engine, tmp_path / "m.gguf")
        await load(engine, nano)


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"], ids=["zeros", "not a number"])
async def test_weights_that_mean_nothing_are_named_and_the_engine_lives_on(
    byte: bytes, nano: Path, tmp_path: Path
) -> None:
    (tmp_path / "m.gguf").write_bytes(filled(nano, byte))
    async with engine_of(tmp_path) as engine:
        await load(engine, tmp_path / "m.gguf")
        with pytest.raises(ModelFileError, match="weights are damaged"):
            await asyncio.wait_for(ask(engine, user("2 + 2?"), max_tokens=8), WAIT_SECONDS)
        await load(engine, nano)
