"""GGUF files made by hand, right ones and wrong ones, byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

U32, F32, STRING, ARRAY = 4, 6, 8, 9
"""Metadata types."""
TYPE_F32, TYPE_Q4_0 = 0, 2
"""Tensor types."""

SHAPE: Mapping[str, int] = {
    "context_length": 512,
    "embedding_length": 64,
    "block_count": 2,
    "feed_forward_length": 128,
    "attention.head_count": 4,
    "attention.head_count_kv": 2,
}


def text(value: str | bytes) -> bytes:
    """A text with its length before it."""
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(data)) + data


def u32(value: int) -> bytes:
    return struct.pack("<II", U32, value)


def f32(value: float) -> bytes:
    return struct.pack("<If", F32, value)


def string(value: str | bytes) -> bytes:
    return struct.pack("<I", STRING) + text(value)


def strings(values: Iterable[str | bytes]) -> bytes:
    items = [text(value) for value in values]
    return struct.pack("<IIQ", ARRAY, STRING, len(items)) + b"".join(items)


def numbers(values: Iterable[int]) -> bytes:
    items = list(values)
    return struct.pack(f"<IIQ{len(items)}I", ARRAY, U32, len(items), *items)


def model_values() -> dict[str, bytes]:
    """The metadata of a small model."""
    shape = {f"qwen2.{key}": u32(value) for key, value in SHAPE.items()}
    return shape | {
        "general.architecture": string("qwen2"),
        "general.name": string("Tiny"),
        "general.file_type": u32(15),
        "qwen2.attention.layer_norm_rms_epsilon": f32(1e-6),
        "tokenizer.ggml.model": string("gpt2"),
        "tokenizer.ggml.tokens": strings(["a", "b", "<eos>"]),
        "tokenizer.chat_template": string("{{ messages }}"),
    }


@dataclass
class Tensor:
    """A row of the tensor list; `offset` None puts it after the one before."""

    name: str = "token_embd.weight"
    shape: tuple[int, ...] = (64, 3)
    type: int = TYPE_F32
    offset: int | None = None

    def size(self) -> int:
        elements = 1
        for length in self.shape:
            elements *= length
        return elements * 4 if self.type == TYPE_F32 else elements // 32 * 18


@dataclass
class Gguf:
    """A model of three tokens and two tensors; each test changes what it is about."""

    values: dict[str, bytes] = field(default_factory=model_values)
    tensors: list[Tensor] = field(default_factory=lambda: [Tensor(), Tensor("output_norm.weight", (64,))])
    version: int = 3
    magic: bytes = b"GGUF"
    alignment: int = 32
    value_count: int | None = None
    tensor_count: int | None = None

    def header(self) -> bytes:
        """Everything before the padding in front of the data."""
        value_count = len(self.values) if self.value_count is None else self.value_count
        tensor_count = len(self.tensors) if self.tensor_count is None else self.tensor_count
        counts = struct.pack("<Iqq", self.version, tensor_count, value_count)
        values = b"".join(text(key) + value for key, value in self.values.items())
        return self.magic + counts + values + self._tensor_list()

    def data(self) -> bytes:
        """What follows the header; it ends with the last byte of the last tensor."""
        sizes = [tensor.size() for tensor in self.tensors]
        return bytes(sum(self._padded(size) for size in sizes[:-1]) + sizes[-1]) if sizes else b""

    def whole(self) -> bytes:
        header = self.header()
        return header.ljust(self._padded(len(header)), b"\0") + self.data()

    def write(self, path: Path) -> Path:
        path.write_bytes(self.whole())
        return path

    def _tensor_list(self) -> bytes:
        rows, offset = [], 0
        for tensor in self.tensors:
            place = offset if tensor.offset is None else tensor.offset
            shape = struct.pack(f"<I{len(tensor.shape)}q", len(tensor.shape), *tensor.shape)
            rows.append(text(tensor.name) + shape + struct.pack("<IQ", tensor.type, place))
            offset += self._padded(tensor.size())
        return b"".join(rows)

    def _padded(self, size: int) -> int:
        return -(-size // self.alignment) * self.alignment
