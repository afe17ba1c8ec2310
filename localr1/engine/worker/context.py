"""A model's context: it begins small, and grows while a chat needs more."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

from localr1.engine.limits import FIRST_CONTEXT
from localr1.engine.worker.attention import set_batch
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.errors import RequestFailedError

CHAT = 0
"""The sequence that moves along when a context grows."""


class NoMemoryError(RequestFailedError):
    """There is no memory for a context, or for more of it; the text says of what size."""

    kind = "memory"


class Context:
    """What llama.cpp computes in; growing replaces its handle, so that nobody keeps a copy of it."""

    def __init__(
        self,
        model: object,
        params: Any,
        flag: AbortFlag,
        free: Callable[[], int],
        first: int = FIRST_CONTEXT,
    ) -> None:
        """`params` are llama.cpp's own, with the most tokens that it may hold; `flag` stops what it computes.

        `free` says how many bytes the cache of all tokens may take beside what is taken now.
        """
        self.most = int(params.n_ctx)
        self._model = model
        self._params = params
        self._flag = flag
        self._free = free
        self.handle = self._opened(min(first, self.most))
        if not self.handle:
            raise NoMemoryError(f"there is no memory for {params.n_ctx:,} tokens of context")

    def set_threads(self, tokens: int, prompts: int) -> None:
        """How many threads compute single tokens, and how many a prompt."""
        self._params.n_threads, self._params.n_threads_batch = tokens, prompts
        llama.llama_set_n_threads(self.handle, tokens, prompts)

    def make_room(self, tokens: int) -> None:
        """Let it hold so many tokens, as far as it may; the chat in it stays. Raises NoMemoryError."""
        if self.size < min(tokens, self.most):
            size = grown(self.size, tokens, self.most)
            if self._taken(size) > self._free():
                raise self._too_large()
            self._move(size)

    def close(self) -> None:
        """Free what C holds."""
        llama.llama_free(self.handle)

    def _opened(self, size: int) -> object:
        """A new context of this size in tokens; None where there is no memory for it."""
        self.size = self._params.n_ctx = size
        set_batch(self._params, self._model)
        handle = llama.llama_init_from_model(self._model, self._params)
        if handle:
            self._flag.attach(handle)
        return handle

    def _move(self, size: int) -> None:
        """Make the chat move; the old context is freed first, as there may be no memory for both."""
        before, chat = self.size, self._chat()
        llama.llama_free(self.handle)
        larger = self._opened(size)
        self.handle = larger or self._opened(before) or _end()
        if not llama.llama_state_seq_set_data(self.handle, chat, len(chat), CHAT):
            _end()
        if not larger:
            raise self._too_large()

    def _chat(self) -> Any:
        """The state of the chat, as bytes in memory that goes back to the system with them."""
        size = llama.llama_state_seq_get_size(self.handle, CHAT)
        try:
            state = (ctypes.c_uint8 * size).from_buffer(mmap.mmap(-1, size))
        except OSError:
            raise self._too_large() from None
        llama.llama_state_seq_get_data(self.handle, state, size, CHAT)
        return state

    def _taken(self, size: int) -> int:
        """Bytes that moving takes beside what is taken now: the new cache, as the old one makes room for the
        tokens that are held; 0 while there are no tokens to tell what one takes."""
        tokens = llama.llama_memory_seq_pos_max(llama.llama_get_memory(self.handle), CHAT) + 1
        return llama.llama_state_seq_get_size(self.handle, CHAT) * size // tokens if tokens else 0

    def _too_large(self) -> NoMemoryError:
        return NoMemoryError(f"the context could not grow beyond {self.size:,} tokens: there is no memory")


def grown(size: int, tokens: int, most: int) -> int:
    """Tokens that a context of this `size` grows to, in doublings, to hold so many `tokens`."""
    while size < tokens:
        size *= 2
    return min(size, most)


def _end() -> NoReturn:
    """End as the system ends a process that it has no memory for; the app knows what that means."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise MemoryError
