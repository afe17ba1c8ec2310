"""What the header of a model says about it, put together for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from localr1.gguf.header import GGUFHeader
from localr1.gguf.types import TENSOR_TYPES


@dataclass(frozen=True, slots=True)
class QuantShare:
    """How much of a model is stored in one tensor type."""

    name: str
    """Such as Q4_K."""
    share: float
    """Of the weights, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Description:
    """A number that a header does not state is 0, a text empty."""

    title: str
    architecture: str
    parameters: int
    quant: str
    quant_mix: tuple[QuantShare, ...]
    """The largest share first."""
    layers: int
    heads: int
    key_value_heads: int
    embedding: int
    context: int
    """Tokens that it was trained for."""
    experts: int
    experts_used: int
    vocabulary: int
    """Tokens."""
    template: str
    """Jinja source; the tags that it thinks in are found in it."""
    license: str
    base: str
    """The model that it was made from."""


def describe(headers: Sequence[GGUFHeader]) -> Description:
    """The model whose parts have these headers: one, or several of a split model, the first part first."""
    first = headers[0]
    return Description(
        title=first.name,
        architecture=first.architecture,
        parameters=sum(header.parameters for header in headers),
        quant=first.quant,
        quant_mix=_quant_mix(headers),
        layers=first.block_count,
        heads=first.head_count,
        key_value_heads=first.head_count_kv,
        embedding=first.embedding_length,
        context=first.context_length,
        experts=first.shape("expert_count"),
        experts_used=first.shape("expert_used_count"),
        vocabulary=first.vocabulary.size,
        template=first.chat_template,
        license=first.text("general.license"),
        base=first.text("general.base_model.0.name") or first.text("general.basename"),
    )


def _quant_mix(headers: Sequence[GGUFHeader]) -> tuple[QuantShare, ...]:
    weights: Counter[str] = Counter()
    for header in headers:
        for tensor in header.tensors:
            weights[TENSOR_TYPES[tensor.type].name] += tensor.elements
    total = weights.total() or 1
    return tuple(QuantShare(name, count / total) for name, count in weights.most_common())
