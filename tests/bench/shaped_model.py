"""Random weights in the shape of DeepSeek-R1-Distill-Qwen-1.5B: as fast and as large, and of no use.

.venv/bin/python -m tests.bench.shaped_model FILE writes one of 1.1 GB.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFReader, GGUFWriter
from numpy.typing import NDArray

from localr1.paths import bundled
from tests.engine.recurrent_model import copy_vocabulary

LAYERS, WIDTH, FORWARD, HEADS, KV_WIDTH, VOCABULARY = 28, 1536, 8960, 12, 256, 151_936
CONTEXT = 131_072
Q4_K, Q6_K = GGMLQuantizationType.Q4_K, GGMLQuantizationType.Q6_K
SCALE = numpy.frombuffer(numpy.float16(0.0004).tobytes(), dtype=numpy.uint8)
"""Of a block: small, so that no layer runs out of the range of its numbers."""
SCALE_AT = {Q4_K: (0, 2), Q6_K: (208,)}
"""Where the scales of a block are, in bytes."""


def write_shaped(path: Path) -> Path:
    """Write the model in the quants of a Q4_K_M, with the vocabulary of the bundled model filled up."""
    writer = GGUFWriter(path, "qwen2")
    writer.add_name("a model of random weights")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_WIDTH * HEADS // WIDTH)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    copy_vocabulary(GGUFReader(bundled("nano.gguf")), writer, VOCABULARY)
    random = numpy.random.default_rng(1)
    for name, rows, columns, quant in _matrices():
        writer.add_tensor(name, _noise(random, rows, columns, quant), raw_dtype=quant)
    for name, size in _vectors():
        writer.add_tensor(name, numpy.ones(size, dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _noise(
    random: numpy.random.Generator, rows: int, columns: int, quant: GGMLQuantizationType
) -> NDArray[numpy.uint8]:
    """Blocks of random bits with small scales, a row of bytes for each row of weights."""
    weights, size = GGML_QUANT_SIZES[quant]
    blocks = random.integers(0, 256, (rows * columns // weights, size), dtype=numpy.uint8)
    for start in SCALE_AT[quant]:
        blocks[:, start : start + 2] = SCALE
    return blocks.reshape(rows, columns // weights * size)


def _matrices() -> Iterator[tuple[str, int, int, GGMLQuantizationType]]:
    """Name, rows, columns, quant."""
    yield "token_embd.weight", VOCABULARY, WIDTH, Q4_K
    yield "output.weight", VOCABULARY, WIDTH, Q6_K
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        more_bits = Q6_K if layer % 2 else Q4_K
        yield f"{block}attn_q.weight", WIDTH, WIDTH, Q4_K
        yield f"{block}attn_k.weight", KV_WIDTH, WIDTH, Q4_K
        yield f"{block}attn_v.weight", KV_WIDTH, WIDTH, more_bits
        yield f"{block}attn_output.weight", WIDTH, WIDTH, Q4_K
        yield f"{block}ffn_gate.weight", FORWARD, WIDTH, Q4_K
        yield f"{block}ffn_up.weight", FORWARD, WIDTH, Q4_K
        yield f"{block}ffn_down.weight", WIDTH, FORWARD, more_bits


def _vectors() -> Iterator[tuple[str, int]]:
    yield "output_norm.weight", WIDTH
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        yield f"{block}attn_norm.weight", WIDTH
        yield f"{block}ffn_norm.weight", WIDTH
        yield f"{block}attn_q.bias", WIDTH
        yield f"{block}attn_k.bias", KV_WIDTH
        yield f"{block}attn_v.bias", KV_WIDTH


if __name__ == "__main__":
    write_shaped(Path(sys.argv[1]))
