"""A model's vocabulary: text → tokens → bytes."""

from __future__ import annotations

import ctypes

from localr1.engine.worker.bindings import llama

_SPECIAL = (
    llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED | llama.LLAMA_TOKEN_ATTR_UNKNOWN
)


class Vocabulary:
    """Tokenizes for one loaded model."""

    def __init__(self, handle: object) -> None:
        self._handle = handle
        self._buffer = ctypes.create_string_buffer(64)
        self.size = int(llama.llama_vocab_n_tokens(handle))
        bos = llama.llama_vocab_bos(handle)
        self.bos: int | None = bos if bos >= 0 else None
        self.adds_bos = bool(llama.llama_vocab_get_add_bos(handle)) and self.bos is not None
        eos = llama.llama_vocab_eos(handle)
        self.bos_text = self.piece(bos).decode("utf-8", "replace") if bos >= 0 else ""
        self.eos_text = self.piece(eos).decode("utf-8", "replace") if eos >= 0 else ""

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Tokens of a text; with `special`, the names of control tokens in it become these tokens."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            tokens = (llama.llama_token * room)()
            count = llama.llama_tokenize(self._handle, data, len(data), tokens, room, False, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def piece(self, token: int) -> bytes:
        """The bytes of a token, control tokens by their name; a character may span several tokens."""
        size = llama.llama_token_to_piece(self._handle, token, self._buffer, len(self._buffer), 0, True)
        if size < 0:
            self._buffer = ctypes.create_string_buffer(-size)
            size = llama.llama_token_to_piece(self._handle, token, self._buffer, len(self._buffer), 0, True)
        return self._buffer.raw[:size]

    def ends_reply(self, token: int) -> bool:
        """Whether the model says with this token that it has finished."""
        return bool(llama.llama_vocab_is_eog(self._handle, token))

    def new_grammar(self, text: str) -> object:
        """A sampler that allows what a grammar in GBNF allows from its rule `root`; None for a bad one."""
        return llama.llama_sampler_init_grammar(self._handle, text.encode(), b"root")

    def equals(self, other: Vocabulary) -> bool:
        """Whether every token is the same as in another vocabulary."""
        return self.size == other.size and all(
            self._entry(token) == other._entry(token) for token in range(self.size)
        )

    def _entry(self, token: int) -> tuple[bytes, int]:
        return (
            llama.llama_vocab_get_text(self._handle, token),
            llama.llama_vocab_get_attr(self._handle, token),
        )

    def special_names_in(self, text: str) -> list[str]:
        """The names of control and added tokens that occur in a text, longest first; white space is none."""
        found = {token for token in self.tokenize(text, special=True) if self._is_special(token)}
        names = {self.piece(token).decode("utf-8", "replace") for token in found}
        return sorted((name for name in names if name.strip()), key=len, reverse=True)

    def _is_special(self, token: int) -> bool:
        return bool(llama.llama_vocab_get_attr(self._handle, token) & _SPECIAL)
