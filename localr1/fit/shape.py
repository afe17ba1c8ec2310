"""The shape of a model, from the header of its file."""

from __future__ import annotations

from localr1.catalog_entry import Shape
from localr1.gguf.header import GGUFHeader

_STATE_ELEMENT = 4
"""Bytes."""


def shape_of(header: GGUFHeader) -> Shape | None:
    """What the header tells; None where it leaves out, or misstates, what has to be known."""
    try:
        return _shape(header)
    except ValueError:
        return None


def _shape(header: GGUFHeader) -> Shape:
    attention = _attention_layers(header)
    windowed = min(_windowed_layers(header), header.block_count)
    return Shape(
        layers=header.block_count,
        embedding=header.embedding_length,
        feed_forward=max(
            header.shape("feed_forward_length"),
            header.shape("expert_feed_forward_length") * header.shape("expert_used_count"),
        ),
        vocabulary=header.vocabulary.size,
        kv_heads=header.head_count_kv,
        head=header.key_length,
        value_head=header.shape("attention.value_length"),
        attention_layers=attention if attention < header.block_count else 0,
        window=header.shape("attention.sliding_window") if windowed else 0,
        windowed_layers=windowed,
        state=_state(header, header.block_count - attention),
        read_share=_read_share(header),
    )


def _attention_layers(header: GGUFHeader) -> int:
    """Layers with a cache: those with heads in a list of one a layer, or every so many-th, or all."""
    match header.metadata.get(f"{header.architecture}.attention.head_count_kv"):
        case tuple() as heads:
            return sum(1 for count in heads if count)
        case _:
            return header.block_count // max(header.shape("full_attention_interval"), 1)


def _windowed_layers(header: GGUFHeader) -> int:
    """Layers that keep a window only, where the header says which; else none, as some models never use it."""
    match header.metadata.get(f"{header.architecture}.attention.sliding_window_pattern"):
        case tuple() as windowed:
            return sum(1 for layer in windowed if layer)
        case int(period) if period > 1:
            return header.block_count - header.block_count // period
        case _:
            return 0


def _state(header: GGUFHeader, recurrent_layers: int) -> int:
    """Bytes of the state of all recurrent layers."""
    inner, state = header.shape("ssm.inner_size"), header.shape("ssm.state_size")
    return max(recurrent_layers, 0) * inner * (state + header.shape("ssm.conv_kernel")) * _STATE_ELEMENT


def _read_share(header: GGUFHeader) -> float:
    """Share of the weights that a token reads: not all experts, and of a table of tokens one row."""
    names = {tensor.name for tensor in header.tensors}
    used = header.shape("expert_used_count") / max(header.shape("expert_count"), 1)
    total = read = 0.0
    for tensor in header.tensors:
        total += tensor.size
        if tensor.name == "token_embd.weight" and "output.weight" in names:
            continue
        read += tensor.size * (used if "_exps." in tensor.name else 1)
    return read / total if read else 1.0
