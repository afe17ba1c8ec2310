"""What a context has evaluated: a prefix that stays equal is never evaluated again."""

from __future__ import annotations

from localr1.engine.protocol import BATCH
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.prompt import common_length

_ABORTED = 2


class AbortedError(Exception):
    """The abort flag was set during a computation."""


class DecodeFailedError(Exception):
    """llama.cpp could not compute; the text says what it answered."""


class Cache:
    """The tokens in a context's memory, as sequence 0."""

    def __init__(self, context: object) -> None:
        self._context = context
        self._memory = llama.llama_get_memory(context)
        self._tokens: list[int] = []
        self._one = (llama.llama_token * 1)()
        self._batch_of_one = llama.llama_batch_get_one(self._one, 1)

    def __len__(self) -> int:
        return len(self._tokens)

    def keep_prefix(self, prompt: list[int], *, leave: int = 1) -> int:
        """Forget what differs from a prompt; the count of tokens that stay.

        The last token of a prompt is left to evaluate, as the reply starts from its logits; where none
        follows there is nothing to `leave`.
        """
        common = common_length(self._tokens, prompt[: len(prompt) - leave])
        if not llama.llama_memory_seq_rm(self._memory, 0, common, -1):
            llama.llama_memory_clear(self._memory, True)  # a recurrent state has no prefix to keep
            common = 0
        del self._tokens[common:]
        return common

    def evaluate(self, tokens: list[int]) -> None:
        """Evaluate the next tokens; raises AbortedError or DecodeFailedError, and none of them counts."""
        array = (llama.llama_token * len(tokens))(*tokens)
        decode(self._context, llama.llama_batch_get_one(array, len(tokens)))
        self._tokens += tokens

    def extend(self, tokens: list[int]) -> None:
        """Evaluate the next tokens, however many; for a single one no batch is built."""
        if len(tokens) == 1:
            self._one[0] = tokens[0]
            decode(self._context, self._batch_of_one)
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
