"""How many tokens a text has, before a tokenizer has seen it (pure)."""

from __future__ import annotations

BYTES_PER_TOKEN = 3.5
"""Of English and of code, with the vocabularies of Qwen and Llama."""


def estimate_tokens(text: str) -> int:
    """About as many tokens as the text has."""
    return round(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN)
