"""The vocabulary in a GGUF header: counted, never kept."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.gguf.reader import HeaderReader
from localr1.gguf.types import STRING

TOKENS_LIMIT = 1024 * 1024
"""The largest vocabularies in use have about 262,000 tokens."""

_BYTE_TOKENS = frozenset(b"<0x%02X>" % byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of a vocabulary; all 0 where the file has none."""

    size: int = 0
    distinct: int = 0
    """Empty tokens are no copies of one another: llama.cpp gives each a name."""
    byte_tokens: int = 0
    """How many of the 256 tokens `<0x00>` to `<0xFF>` are in it."""


def read_vocabulary(reader: HeaderReader) -> Vocabulary:
    """The array that comes next; its tokens are told apart by their 64-bit hash, so that none is kept."""
    kind, count = reader.number("I"), reader.number("Q")
    if kind != STRING:
        raise reader.damaged("its vocabulary is no list of tokens")
    if count > TOKENS_LIMIT:
        raise reader.damaged(f"it claims to hold {count:,} tokens")
    distinct: set[int] = set()
    empty = byte_tokens = 0
    for token in reader.texts(count):
        distinct.add(hash(token))
        empty += not token
        byte_tokens += token in _BYTE_TOKENS
    return Vocabulary(count, len(distinct) + max(empty - 1, 0), byte_tokens)
