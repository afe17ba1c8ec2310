"""Conversion: the student's weights, vocabulary and template as one GGUF file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType, quants
from model import Student
from vocabulary import BOS, EOS, SIZE, TEMPLATE, list_tokens, spell_byte

NAMES = {
    "embedding": "token_embd",
    "norm": "output_norm",
    "attention_norm": "attn_norm",
    "attention.output": "attn_output",
    "attention.query": "attn_q",
    "attention.key": "attn_k",
    "attention.value": "attn_v",
    "hidden_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}

QUANTS = {
    "F32": (GGMLQuantizationType.F32, LlamaFileType.ALL_F32),
    "F16": (GGMLQuantizationType.F16, LlamaFileType.MOSTLY_F16),
    "Q8_0": (GGMLQuantizationType.Q8_0, LlamaFileType.MOSTLY_Q8_0),
}

# llama.cpp wants at least one merge; this one joins two bytes that UTF-8 never has.
NO_MERGE = f"{spell_byte(0xFF)} {spell_byte(0xFF)}"


def rename(name: str) -> str:
    """Return llama.cpp's name for one of the student's tensors."""
    stem, _, kind = name.rpartition(".")
    if stem.startswith("blocks."):
        _, index, stem = stem.split(".", 2)
        return f"blk.{index}.{NAMES[stem]}.{kind}"
    return f"{NAMES[stem]}.{kind}"


def describe(writer: GGUFWriter, student: Student, quant: str) -> None:
    """Write what the model is: its name, licence, sizes, vocabulary and template."""
    shape = student.shape
    writer.add_name("localr1 nano")
    writer.add_author("localr1")
    writer.add_license("MIT")
    writer.add_description(
        "The small bundled reasoning model of localr1, distilled from a rule-based teacher."
    )
    writer.add_file_type(QUANTS[quant][1])
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.blocks)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("deepseek-r1-qwen")
    writer.add_token_list(list_tokens())
    marks = [TokenType.CONTROL, TokenType.CONTROL] + [TokenType.USER_DEFINED] * (SIZE - 258)
    writer.add_token_types([TokenType.NORMAL] * 256 + marks)
    writer.add_token_merges([NO_MERGE])
    writer.add_bos_token_id(BOS)
    writer.add_eos_token_id(EOS)
    writer.add_pad_token_id(EOS)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_chat_template(TEMPLATE)


def convert(student: Student, path: Path, quant: str) -> None:
    """Write the student as a GGUF file in one step, so that a reader never sees half of it."""
    part = path.with_suffix(".part")
    writer = GGUFWriter(part, "qwen2")
    describe(writer, student, quant)
    for name, weight in student.state_dict().items():
        data = weight.detach().float().numpy().astype(np.float32)
        if data.ndim < 2:
            writer.add_tensor(rename(name), data)
            continue
        kind = QUANTS[quant][0]
        writer.add_tensor(rename(name), quants.quantize(data, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)
