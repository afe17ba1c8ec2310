"""Tokens of several sequences, evaluated together."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.engine.limits import BATCH
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import decode


class Batch:
    """A batch that is filled again and again; `close` frees what C holds."""

    def __init__(self) -> None:
        self._batch = llama.llama_batch_init(BATCH, 0, 1)

    def close(self) -> None:
        llama.llama_batch_free(self._batch)

    def add(self, sequence: int, position: int, token: int, *, speaks: bool = True) -> int:
        """One more token; where its logits will be, if it `speaks`."""
        batch = self._batch
        row = int(batch.n_tokens)
        batch.token[row] = token
        batch.pos[row] = position
        batch.n_seq_id[row] = 1
        batch.seq_id[row][0] = sequence
        batch.logits[row] = speaks
        batch.n_tokens = row + 1
        return row

    def add_silent(self, sequence: int, position: int, tokens: Sequence[int]) -> None:
        """Tokens that nothing is drawn after."""
        for offset, token in enumerate(tokens):
            self.add(sequence, position + offset, token, speaks=False)

    def evaluate(self, context: object) -> None:
        """Evaluate what was added, and begin anew; raises AbortedError or DecodeFailedError."""
        try:
            decode(context, self._batch)
        finally:
            self._batch.n_tokens = 0
