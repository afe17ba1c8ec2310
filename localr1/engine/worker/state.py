"""What a sequence of tokens has left in a context's memory, as a copy that can be put back."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from localr1.engine.worker import bindings
from localr1.engine.worker.bindings import llama

SEQUENCE = 0
"""The sequence of a chat."""
_TERMS = ("type_", "flash_attn", "rope_", "yarn_", "attention_", "swa_")
"""What the names of such parameters of a context begin with."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Some tokens, and what llama.cpp computed of them."""

    tokens: tuple[int, ...]
    data: memoryview

    @property
    def size(self) -> int:
        """Bytes."""
        return self.data.nbytes


def state_terms(params: Any, template: str) -> str:
    """What decides what is computed, beside the weights: the library, the context and the template."""
    names = (name for name, _ in params._fields_ if name.startswith(_TERMS))
    values = [f"{name}={getattr(params, name)}" for name in names]
    digest = hashlib.sha256(template.encode()).hexdigest()
    return " ".join((bindings.version(), bindings.system_info(), *values, digest))


def state_size(context: object) -> int:
    """Bytes that a copy of the sequence would take."""
    return int(llama.llama_state_seq_get_size(context, SEQUENCE))


def copy_state(context: object, tokens: Sequence[int]) -> State | None:
    """A copy of the sequence, which holds these tokens; None where it holds others, or has none to give.

    So it is where there is no memory for one.
    """
    newest = llama.llama_memory_seq_pos_max(llama.llama_get_memory(context), SEQUENCE)
    if newest != len(tokens) - 1:
        return None
    size = state_size(context)
    try:
        buffer = (ctypes.c_uint8 * size)()
    except MemoryError:
        return None
    if llama.llama_state_seq_get_data(context, buffer, size, SEQUENCE) != size:
        return None
    return State(tuple(tokens), memoryview(buffer).cast("B"))


def put_back(context: object, state: State) -> bool:
    """Replace the sequence by a copy; False where it does not fit the context, which is empty then."""
    size = state.size
    buffer = (ctypes.c_uint8 * size).from_buffer(state.data)
    if llama.llama_state_seq_set_data(context, buffer, size, SEQUENCE) == size:
        return True
    llama.llama_memory_seq_rm(llama.llama_get_memory(context), SEQUENCE, -1, -1)
    return False
