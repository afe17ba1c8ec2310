"""What a context has evaluated: a prefix that stays equal is never evaluated again."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from localr1.engine.limits import BATCH
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.context import Context, NoMemoryError
from localr1.engine.worker.errors import RequestFailedError
from localr1.engine.worker.prompt import common_length
from localr1.engine.worker.state import State, copy_state, put_back, state_size

_ABORTED = 2


class AbortedError(Exception):
    """The abort flag was set during a computation."""


class DecodeFailedError(RequestFailedError):
    """llama.cpp could not compute; the text says what it answered."""

    kind = "decode"


class Cache:
    """The tokens in a context's memory, as sequence 0; it grows with them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tokens: list[int] = []
        self._one = (llama.llama_token * 1)()
        self._batch_of_one = llama.llama_batch_get_one(self._one, 1)

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def tokens(self) -> list[int]:
        """What was evaluated, in its order."""
        return self._tokens

    @property
    def state_size(self) -> int:
        """Bytes that a copy of it would take."""
        return state_size(self._context.handle)

    def state(self) -> State | None:
        """A copy of it; None where there is none to have."""
        return copy_state(self._context.handle, self._tokens)

    def restore(self, state: State) -> None:
        """Hold a copy that was made before; nothing, where that is not possible."""
        with suppress(NoMemoryError):
            self.reserve(len(state.tokens))
        self._tokens = list(state.tokens) if put_back(self._context.handle, state) else []

    def keep_prefix(self, wanted: list[int], known: int = 0) -> int:
        """Forget what differs from the tokens wanted, some `known` not to; the count of those kept."""
        common = known + common_length(self._tokens[known:], wanted[known:])
        memory = llama.llama_get_memory(self._context.handle)
        if not llama.llama_memory_seq_rm(memory, 0, common, -1):
            llama.llama_memory_clear(memory, True)  # a recurrent state has no prefix to keep
            common = 0
        del self._tokens[common:]
        return common

    def reserve(self, tokens: int) -> None:
        """Have room for so many tokens at once, in place of growing step by step; raises NoMemoryError."""
        self._context.make_room(tokens)

    def cut(self, length: int) -> None:
        """Forget all but the first tokens; only for a model that can forget a tail."""
        llama.llama_memory_seq_rm(llama.llama_get_memory(self._context.handle), 0, length, -1)
        del self._tokens[length:]

    def evaluate(self, tokens: list[int]) -> None:
        """Evaluate the next tokens; none of them counts when it raises.

        Raises AbortedError, DecodeFailedError, or NoMemoryError.
        """
        self.reserve(len(self._tokens) + len(tokens))
        array = (llama.llama_token * len(tokens))(*tokens)
        decode(self._context.handle, llama.llama_batch_get_one(array, len(tokens)))
        self._tokens += tokens

    def evaluate_each(self, tokens: list[int]) -> None:
        """The same for a few tokens, with the logits after each of them."""
        size = len(tokens)
        self.reserve(len(self._tokens) + size)
        batch = llama.llama_batch(
            n_tokens=size,
            token=(llama.llama_token * size)(*tokens),
            logits=(ctypes.c_int8 * size)(*[1] * size),
        )
        decode(self._context.handle, batch)
        self._tokens += tokens

    def extend(self, tokens: list[int]) -> None:
        """Evaluate the next tokens, however many; for a single one no batch is built."""
        if len(tokens) == 1:
            self.reserve(len(self._tokens) + 1)
            self._one[0] = tokens[0]
            decode(self._context.handle, self._batch_of_one)
            self._tokens += tokens
            return
        for start in range(0, len(tokens), BATCH):
            self.evaluate(tokens[start : start + BATCH])


def decode(context: object, batch: object) -> None:
    """Compute a batch; raises AbortedError or DecodeFailedError."""
    code = llama.llama_decode(context, batch)
    if code == 0:
        return
    if code == _ABORTED:
        raise AbortedError
    raise DecodeFailedError(f"llama_decode answered {code}")
