"""Sizes that the app and its worker agree on."""

from __future__ import annotations

LINE_LIMIT = 32 * 1024 * 1024
"""Bytes of the longest line that either side accepts."""

DEFAULT_CONTEXT = 8192
"""Tokens of context when nobody asks for more: room for one long reasoning at a bearable price in memory."""
FIRST_CONTEXT = 2048
"""Tokens that a context has room for at the beginning; it grows in doublings while a chat needs more."""
CONTEXT_STEP = 256
"""llama.cpp rounds a context up to this."""
GPU_RESERVE = 512 * 1024 * 1024
"""Bytes of each GPU that are left to its driver and to the screen."""
BATCH = 512
"""Tokens of the largest piece of a prompt that is evaluated at once."""
SEQUENCES = 17
"""A chat, and the samples that are drawn together; each has room for the scores that one token gets."""
MIN_REPLY = 256
"""Tokens of context that a prompt must leave for its reply; half of a smaller context."""
