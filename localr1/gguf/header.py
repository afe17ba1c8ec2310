"""What a GGUF file says about itself: shape, quant, template, size; read without a byte of its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from localr1.errors import ModelFileError
from localr1.gguf.file_kind import kind_of
from localr1.gguf.reader import FETCH_AGAIN, HeaderReader, Skipped, Value
from localr1.gguf.tensors import TensorInfo, padded, read_tensors
from localr1.gguf.types import ARRAY, FILE_TYPES
from localr1.gguf.vocabulary import Vocabulary, read_vocabulary
from localr1.regular_file import open_regular
from localr1.units import size_text

MAGIC = b"GGUF"
VERSIONS = (2, 3)
VALUES_LIMIT = 16_384
"""Metadata values; models in use have fewer than 200."""

_LOOK_FURTHER = "Look for another GGUF file of the same model."
_ALIGNMENT = "general.alignment"
_TOKENS = "tokenizer.ggml.tokens"


@dataclass(frozen=True, slots=True)
class GGUFHeader:
    """The header of one file; a number that it does not state is 0, a text empty."""

    path: Path
    size: int
    """Bytes of the file."""
    version: int
    metadata: Mapping[str, Value]
    vocabulary: Vocabulary
    alignment: int
    """Bytes that the place of each tensor is a multiple of."""
    tensors: tuple[TensorInfo, ...]
    data_offset: int
    """Byte at which the tensors begin."""

    @property
    def size_needed(self) -> int:
        """Bytes of the whole file; it may end without the padding after its last tensor."""
        return self.data_offset + max((tensor.offset + tensor.size for tensor in self.tensors), default=0)

    @property
    def parameters(self) -> int:
        """Weights in this file; a part of a split model has a part of them."""
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        return self.text("general.name")

    @property
    def quant(self) -> str:
        """Such as Q4_K_M; empty where the file does not state it."""
        return FILE_TYPES.get(self.number("general.file_type", absent=-1), "")

    @property
    def chat_template(self) -> str:
        """Jinja source."""
        return self.text("tokenizer.chat_template")

    @property
    def context_length(self) -> int:
        """Tokens that the model was trained for."""
        return self.shape("context_length")

    @property
    def block_count(self) -> int:
        return self.shape("block_count")

    @property
    def embedding_length(self) -> int:
        return self.shape("embedding_length")

    @property
    def head_count(self) -> int:
        return self.shape("attention.head_count")

    @property
    def head_count_kv(self) -> int:
        return self.shape("attention.head_count_kv") or self.head_count

    @property
    def key_length(self) -> int:
        """Width of a head."""
        return self.shape("attention.key_length") or self.embedding_length // max(self.head_count, 1)

    @property
    def split_count(self) -> int:
        """Files that the model is split into; 0 for one that is whole."""
        return self.number("split.count")

    @property
    def split_index(self) -> int:
        """Which of these files this is, from 0."""
        return self.number("split.no")

    def shape(self, key: str) -> int:
        """A number that belongs to the architecture; where layers differ, the largest."""
        return self.number(f"{self.architecture}.{key}")

    def number(self, key: str, *, absent: int = 0) -> int:
        """An integer of the metadata, of several the largest."""
        match self.metadata.get(key):
            case int(value):
                return value
            case (int(), *_) as values:
                return int(max(values))
            case _:
                return absent

    def text(self, key: str) -> str:
        """A text of the metadata."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""


def read_header(path: Path) -> GGUFHeader:
    """The header of a file that is whole; raises ModelFileError naming the file and what is wrong with it."""
    with open_regular(path, ModelFileError) as file:
        return header_of(file, path)


def header_of(file: BinaryIO, path: Path) -> GGUFHeader:
    """The same of any file that is open and can seek, wherever it lies; `path` is what to call it."""
    reader = HeaderReader(file, path.name)
    _require_gguf(file.read(64), path.name)
    file.seek(0)
    header = _header(reader, path)
    if header.size < header.size_needed:
        share = _share(header.size, header.size_needed)
        raise ModelFileError(f"{path.name} is cut short: {share}.", hint=FETCH_AGAIN)
    return header


def _require_gguf(first: bytes, name: str) -> None:
    if not first:
        raise ModelFileError(f"{name} is incomplete: it is empty.", hint=FETCH_AGAIN)
    if not (first.startswith(MAGIC) or MAGIC.startswith(first)):
        kind = kind_of(first)
        raise ModelFileError(f"{name} is {kind.name}, not a GGUF model.", hint=kind.hint)


def _header(reader: HeaderReader, path: Path) -> GGUFHeader:
    reader.take(len(MAGIC))
    version = _version(reader)
    tensor_count = reader.number("q")
    metadata, vocabulary = _metadata(reader, reader.number("q"))
    alignment = metadata.get(_ALIGNMENT, 32)
    if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
        raise reader.damaged("its alignment is no power of two")
    tensors = read_tensors(reader, tensor_count, alignment)
    data_offset = padded(reader.position, alignment) if tensors else reader.position
    return GGUFHeader(path, reader.size, version, metadata, vocabulary, alignment, tensors, data_offset)


def _version(reader: HeaderReader) -> int:
    version = reader.number("I")
    if version and not version & 0xFFFF:
        raise ModelFileError(f"{reader.file_name} is for big-endian machines.", hint=_LOOK_FURTHER)
    if version not in VERSIONS:
        raise ModelFileError(
            f"{reader.file_name} is a GGUF file of version {version}; localr1 reads versions 2 and 3.",
            hint=_LOOK_FURTHER,
        )
    return version


def _metadata(reader: HeaderReader, count: int) -> tuple[dict[str, Value], Vocabulary]:
    if not 0 <= count <= VALUES_LIMIT:
        raise reader.damaged(f"it claims to hold {count:,} values")
    metadata: dict[str, Value] = {}
    vocabulary = Vocabulary()
    for _ in range(count):
        key = reader.name()
        if key in metadata:
            raise reader.damaged(f"it has two values of the name {key}")
        kind = reader.number("I")
        if key == _TOKENS and kind == ARRAY:
            vocabulary = read_vocabulary(reader)
            metadata[key] = Skipped("string", vocabulary.size)
        else:
            metadata[key] = reader.value(kind)
    return metadata, vocabulary


def _share(part: int, whole: int) -> str:
    """In units, such as 812 MB of 1.12 GB; to the byte where units would say the same twice."""
    if size_text(part) == size_text(whole):
        return f"{part:,} of {whole:,} bytes"
    return f"{size_text(part)} of {size_text(whole)}"
