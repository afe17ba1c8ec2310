"""What llama.cpp is told about how to compute attention."""

from __future__ import annotations

from typing import Any

from localr1.attention import FlashAttention, is_fused, tokens_together
from localr1.cache_type import CacheType
from localr1.engine.limits import BATCH
from localr1.engine.worker.bindings import llama


def flash_attention(wanted: FlashAttention, cache_type: CacheType, weights: int, *, on_gpu: bool) -> int:
    """llama.cpp's `flash_attn_type`; graphics processors have it wherever they can."""
    if cache_type == "q8_0":
        return int(llama.LLAMA_FLASH_ATTN_TYPE_ENABLED)  # it may not fall back: without it, V can't be q8_0
    if is_fused(wanted, cache_type, weights) or (on_gpu and wanted == "auto"):
        return int(llama.LLAMA_FLASH_ATTN_TYPE_AUTO)
    return int(llama.LLAMA_FLASH_ATTN_TYPE_DISABLED)


def set_batch(params: Any, model: object) -> None:
    """Size what is computed at once by the context, where attention is computed as products."""
    products = params.flash_attn_type == llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    heads = int(llama.llama_model_n_head(model))
    params.n_ubatch = tokens_together(heads, params.n_ctx) if products else BATCH
