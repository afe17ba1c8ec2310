"""One model of the catalog: what it is, and which files of it there are."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from localr1.errors import ModelFileError
from localr1.gguf.types import FILE_TYPES
from localr1.sampling import Sampling

QUANTS = frozenset(FILE_TYPES.values())
PerCent = Annotated[float, msgspec.Meta(ge=0, le=100)]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\.gguf")
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_REVISION = re.compile(r"[0-9a-f]{40}|")


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One quant of a model, as one file."""

    quant: str
    file: str
    repo: str = ""
    """`owner/name` on the hub; empty for the model that ships with localr1."""
    revision: str = ""
    """The commit to take it from; empty for the newest."""
    gb: float = 0.0
    """10⁹ bytes, rounded, where the exact size is not known."""
    bytes: int = 0
    sha256: str = ""

    @property
    def size(self) -> int:
        """Bytes, exact or nearly so; 0 for the model that ships with localr1."""
        return self.bytes or round(self.gb * 1e9)

    def __post_init__(self) -> None:
        _require(self.quant in QUANTS, f"quant must be one of {', '.join(sorted(QUANTS))}")
        _require(_FILE.fullmatch(self.file), "file must be a plain file name that ends in .gguf")
        _require(not self.repo or _REPO.fullmatch(self.repo), "repo must be owner/name, without a host")
        _require(_REVISION.fullmatch(self.revision), "revision must be 40 lower-case hex digits")
        _require(_SHA256.fullmatch(self.sha256), "sha256 must be 64 lower-case hex digits")
        _require(0 <= self.gb < 10_000 and self.bytes >= 0, "a size must be positive")
        _require(not self.repo or bool(self.gb) != bool(self.bytes), "either gb or bytes must state its size")


class Scores(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Results that the model's makers published: per cent, and a Codeforces rating."""

    aime24: PerCent | None = None
    aime24_cons64: PerCent | None = None
    """The majority of 64 samples."""
    math500: PerCent | None = None
    gpqa_diamond: PerCent | None = None
    livecodebench: PerCent | None = None
    codeforces: int | None = None


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the memory that a model takes depends on, beside the size of its file."""

    layers: int
    embedding: int
    feed_forward: int
    """Of a mixture of experts, all those that one token uses."""
    vocabulary: int
    """Tokens."""
    kv_heads: int
    head: int
    """Width of a head's keys."""
    value_head: int = 0
    """Width of its values; 0 where it is the same."""
    attention_layers: int = 0
    """Layers that keep every token, where not all of them do; 0 where all do."""
    window: int = 0
    """Tokens that some layers keep, instead of all."""
    windowed_layers: int = 0
    state: int = 0
    """Bytes that recurrent layers keep, however long the chat."""
    read_share: float = 1.0
    """Share of the weights that are read for each token; less than 1 for a mixture of experts."""

    def __post_init__(self) -> None:
        counts = (self.layers, self.embedding, self.vocabulary, self.kv_heads, self.head)
        _require(min(counts) > 0, "layers, embedding, vocabulary, kv_heads and head must be positive")
        rest = (self.feed_forward, self.value_head, self.attention_layers, self.window, self.state)
        _require(min(*rest, self.windowed_layers) >= 0, "no number of a shape may be negative")
        _require(0 < self.read_share <= 1, "read_share must be a share")


class CatalogEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model; what is not known of it is empty, 0 or None."""

    name: str
    """What a user types."""
    title: str
    """What its makers call it."""
    summary: str
    parameters: str
    license: str
    license_note: str = ""
    base: str = ""
    family: str = ""
    """How it thinks: the name of one of `chat.families`."""
    thinks: bool = True
    context: int = 0
    """Tokens."""
    default: str
    """The quant that its bare name stands for."""
    files: tuple[ModelFile, ...]
    sampling: Sampling | None = None
    """What its makers advise."""
    scores: Scores | None = None
    shape: Shape | None = None
    bundled: bool = False
    """It ships with localr1."""

    def __post_init__(self) -> None:
        _require(_NAME.fullmatch(self.name), "name must be lower-case letters, digits, dots and dashes")
        _require(self.context >= 0, "context must be positive")
        _require(
            any(file.quant == self.default for file in self.files), "default must be a quant of its files"
        )
        _require(all(self.bundled or file.repo for file in self.files), "repo is missing")

    def file(self, quant: str = "") -> ModelFile:
        """The file of a quant, or of the default one; raises ModelFileError naming those that there are."""
        wanted = (quant or self.default).upper()
        for file in self.files:
            if file.quant == wanted:
                return file
        raise ModelFileError(
            f"The catalog has no quant {quant[:40]} of {self.name}.",
            hint=f"There are {', '.join(file.quant for file in self.files)}.",
        )


def _require(condition: object, sentence: str) -> None:
    """msgspec turns the ValueError into one that names the place."""
    if not condition:
        raise ValueError(sentence)
