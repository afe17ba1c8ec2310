"""Values in a GGUF header on which llama.cpp ends the whole process instead of refusing the file.

Each was seen to do so with the version that is pinned. What llama.cpp refuses by itself is left to it.
"""

from __future__ import annotations

from localr1.errors import ModelFileError
from localr1.gguf.header import GGUFHeader

BLOCKS_LIMIT = 512
EXPERTS_LIMIT = 1024
ALIGNMENT_LEAST = 32
ROPE_SCALINGS = ("none", "linear", "yarn", "longrope")


def check_header(header: GGUFHeader) -> None:
    """Raises ModelFileError for a model that would take the engine down, with the value that would."""
    for problem in (_shape(header), _heads(header), _experts(header), _numbers(header), _tokenizer(header)):
        if problem:
            raise ModelFileError(
                f"{header.path.name} can't be loaded: {problem}.",
                hint="Its header is damaged or made for another program; look for another GGUF file.",
            )


def _shape(header: GGUFHeader) -> str:
    blocks = header.metadata.get(f"{header.architecture}.block_count")
    if isinstance(blocks, int) and not 1 <= blocks <= BLOCKS_LIMIT:
        return f"it states {blocks:,} layers, and llama.cpp takes 1 to {BLOCKS_LIMIT}"
    if header.alignment < ALIGNMENT_LEAST:
        return f"it aligns its tensors to {header.alignment} bytes, and llama.cpp wants {ALIGNMENT_LEAST}"
    return ""


def _heads(header: GGUFHeader) -> str:
    values, architecture = header.metadata, header.architecture
    width = values.get(f"{architecture}.attention.key_length")
    if isinstance(width, int) and (width < 1 or width % 2):
        return f"its heads are {width:,} numbers wide"
    turned = values.get(f"{architecture}.rope.dimension_count")
    alike = isinstance(values.get(f"{architecture}.attention.head_count"), int)
    if alike and isinstance(turned, int) and (turned % 2 or turned > header.key_length):
        return f"it turns {turned:,} of the {header.key_length:,} numbers of a head"
    return ""


def _experts(header: GGUFHeader) -> str:
    experts, used = header.shape("expert_count"), header.shape("expert_used_count")
    if experts > EXPERTS_LIMIT:
        return f"it states {experts:,} experts, and llama.cpp takes {EXPERTS_LIMIT:,} at most"
    if used > experts or (experts and used < 1):
        return f"it uses {used:,} of its {experts:,} experts"
    return ""


def _numbers(header: GGUFHeader) -> str:
    scaling = header.metadata.get(f"{header.architecture}.rope.scaling.type", "none")
    if isinstance(scaling, str) and scaling not in ROPE_SCALINGS:
        return f"it scales positions in an unknown way, {scaling[:40]}"
    epsilon = header.metadata.get(f"{header.architecture}.attention.layer_norm_rms_epsilon", 0.0)
    if isinstance(epsilon, float) and not epsilon >= 0:
        return f"it normalises with an epsilon of {epsilon}"
    return ""


def _tokenizer(header: GGUFHeader) -> str:
    tokenizer, vocabulary = header.text("tokenizer.ggml.model"), header.vocabulary
    if tokenizer == "bert" or (tokenizer == "rwkv" and "rwkv" not in header.architecture):
        return f"its tokenizer, {tokenizer}, is not that of a model that can chat"
    if vocabulary.size == 1:
        return "its vocabulary is a single token"
    if vocabulary.distinct < vocabulary.size:
        return f"its vocabulary lists tokens twice, {vocabulary.size - vocabulary.distinct:,} in all"
    if tokenizer == "llama" and vocabulary.byte_tokens < 256:
        return f"its vocabulary lacks byte tokens, {256 - vocabulary.byte_tokens} of 256"
    return ""
