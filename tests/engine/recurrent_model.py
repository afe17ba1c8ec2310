"""A tiny mamba of random weights, with the vocabulary and the template of the bundled model."""

from __future__ import annotations

from pathlib import Path

import numpy
from gguf import GGUFReader, GGUFWriter, TokenType

WIDTH, INNER, STATES, CONVOLUTION, RANK, LAYERS = 32, 64, 8, 4, 2, 2


def write_mamba(path: Path, vocabulary_of: Path) -> Path:
    """Write the model; whatever it says is noise, but the same noise for the same prompt."""
    writer = GGUFWriter(path, "mamba")
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(0)
    writer.add_head_count(0)
    writer.add_block_count(LAYERS)
    writer.add_ssm_conv_kernel(CONVOLUTION)
    writer.add_ssm_inner_size(INNER)
    writer.add_ssm_state_size(STATES)
    writer.add_ssm_time_step_rank(RANK)
    writer.add_layer_norm_rms_eps(1e-5)
    tokens = copy_vocabulary(GGUFReader(vocabulary_of), writer)
    random = numpy.random.default_rng(1)
    for name, shape in _shapes(tokens).items():
        tensor = random.standard_normal(shape, dtype=numpy.float32) * 0.3
        writer.add_tensor(name, -numpy.abs(tensor) if name.endswith("ssm_a") else tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def copy_vocabulary(reader: GGUFReader, writer: GGUFWriter, size: int = 0) -> int:
    """Give a model the tokens and the template of another, and as many without use as its size asks for."""
    fields = {name: field.contents() for name, field in reader.fields.items()}
    writer.add_tokenizer_model(fields["tokenizer.ggml.model"])
    writer.add_tokenizer_pre(fields["tokenizer.ggml.pre"])
    tokens, kinds = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
    unused = range(len(tokens), size)
    writer.add_token_list([*tokens, *(f"[unused {number}]" for number in unused)])
    writer.add_token_types([*kinds, *(TokenType.UNUSED for _ in unused)])
    writer.add_token_merges(fields["tokenizer.ggml.merges"])
    writer.add_bos_token_id(fields["tokenizer.ggml.bos_token_id"])
    writer.add_eos_token_id(fields["tokenizer.ggml.eos_token_id"])
    writer.add_add_bos_token(True)
    writer.add_chat_template(fields["tokenizer.chat_template"])
    return len(tokens) + len(unused)


def _shapes(tokens: int) -> dict[str, tuple[int, ...]]:
    """As numpy has them, the fastest axis last."""
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (tokens, WIDTH),
        "output_norm.weight": (WIDTH,),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        shapes |= {
            f"{block}attn_norm.weight": (WIDTH,),
            f"{block}ssm_in.weight": (2 * INNER, WIDTH),
            f"{block}ssm_conv1d.weight": (INNER, CONVOLUTION),
            f"{block}ssm_conv1d.bias": (INNER,),
            f"{block}ssm_x.weight": (RANK + 2 * STATES, INNER),
            f"{block}ssm_dt.weight": (INNER, RANK),
            f"{block}ssm_dt.bias": (INNER,),
            f"{block}ssm_a": (INNER, STATES),
            f"{block}ssm_d": (INNER,),
            f"{block}ssm_out.weight": (WIDTH, INNER),
        }
    return shapes
