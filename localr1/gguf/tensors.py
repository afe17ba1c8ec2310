"""The tensors that a GGUF header lists: their names, shapes, types and places, but none of their data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from localr1.gguf.reader import HeaderReader
from localr1.gguf.types import TENSOR_TYPES

TENSORS_LIMIT = 65_536
"""The largest models in use have fewer than 3,000."""
DIMENSIONS_LIMIT = 4
NAME_LIMIT = 63
"""Bytes."""
ELEMENTS_LIMIT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor; a row is the first dimension, `offset` counts bytes from the beginning of all tensors."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int

    @property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """Bytes."""
        kind = TENSOR_TYPES[self.type]
        return self.elements // kind.block * kind.size


def read_tensors(reader: HeaderReader, count: int, alignment: int) -> tuple[TensorInfo, ...]:
    """The next tensors; raises ModelFileError unless they follow one another as llama.cpp wants them to."""
    if not 0 <= count <= TENSORS_LIMIT:
        raise reader.damaged(f"it claims to hold {count:,} tensors")
    tensors: dict[str, TensorInfo] = {}
    expected = 0
    for _ in range(count):
        tensor = _tensor(reader)
        if tensor.name in tensors:
            raise reader.damaged(f"it has two tensors of the name {tensor.name}")
        if tensor.offset != expected:
            raise reader.damaged(f"its tensor {tensor.name} is not where the one before it ends")
        expected += padded(tensor.size, alignment)
        tensors[tensor.name] = tensor
    return tuple(tensors.values())


def padded(size: int, alignment: int) -> int:
    """The next multiple of the alignment."""
    return -(-size // alignment) * alignment


def _tensor(reader: HeaderReader) -> TensorInfo:
    name = reader.name()
    if len(name.encode()) > NAME_LIMIT:
        raise reader.damaged(f"its tensor {name} has a name of more than {NAME_LIMIT} bytes")
    dimensions = reader.number("I")
    if dimensions > DIMENSIONS_LIMIT:
        raise reader.damaged(f"its tensor {name} has {dimensions:,} dimensions")
    shape = tuple(reader.number("q") for _ in range(dimensions))
    tensor = TensorInfo(name, shape, type=reader.number("I"), offset=reader.number("Q"))
    if min(shape, default=0) < 0 or tensor.elements > ELEMENTS_LIMIT:
        raise reader.damaged(f"its tensor {name} has an impossible shape")
    if tensor.type not in TENSOR_TYPES:
        raise reader.damaged(f"its tensor {name} is of type {tensor.type}, which this localr1 does not know")
    if math.prod(shape[:1]) % TENSOR_TYPES[tensor.type].block:
        raise reader.damaged(f"its tensor {name} has rows that are no whole number of blocks")
    return tensor
