"""What an answer may look like: a grammar that holds from where the answer begins."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from localr1.engine.worker.bindings import llama, take_errors
from localr1.engine.worker.sampler import sampler_chain
from localr1.engine.worker.vocabulary import Vocabulary
from localr1.sampling import Sampling


class GrammarFailedError(Exception):
    """llama.cpp can't read a grammar; the text says why, where it does."""


class Grammar:
    """A grammar in GBNF, how far a reply has come in it, and the sampler that keeps to it."""

    def __init__(self, handle: object, strict_chain: object, begin: str) -> None:
        """`begin` is the text that ends the thinking; empty for a reply that is all answer."""
        self._handle = handle
        self._strict_chain = strict_chain
        self._begin = begin
        self._seen = ""
        self._one = (llama.llama_token_data * 1)()

    @property
    def holds(self) -> bool:
        """The answer has begun."""
        return not self._begin

    def see(self, text: str) -> None:
        """More text of the reply that was not drawn under the grammar."""
        if self._begin:
            self._seen += text
            if self._begin in self._seen:
                self._begin = self._seen = ""
            else:
                self._seen = self._seen[-len(self._begin) + 1 :] if len(self._begin) > 1 else ""

    def sample(self, chain: object, context: object) -> int:
        """The next token: what the chain draws where that is allowed, else what it draws of those that are.

        To look at one token is quick, to look at all of a vocabulary is not.
        """
        token = int(llama.llama_sampler_sample(chain, context, -1))
        if self._allows(token):
            llama.llama_sampler_accept(self._handle, token)
            return token
        return int(llama.llama_sampler_sample(self._strict_chain, context, -1))

    def _allows(self, token: int) -> bool:
        self._one[0] = llama.llama_token_data(token, 1.0, 0.0)
        candidates = llama.llama_token_data_array(self._one, 1, -1, False)
        llama.llama_sampler_apply(self._handle, ctypes.byref(candidates))
        return bool(self._one[0].logit > -1e30)


@contextmanager
def grammar_of(text: str, begin: str, vocabulary: Vocabulary, sampling: Sampling) -> Iterator[Grammar | None]:
    """The grammar while the block lasts, None for an empty text; raises GrammarFailedError."""
    if not text:
        yield None
        return
    take_errors()
    handle = vocabulary.new_grammar(text)
    if not handle:
        raise GrammarFailedError(take_errors() or "llama.cpp can't read it and does not say why")
    with sampler_chain(sampling, first=handle) as strict_chain:
        yield Grammar(handle, strict_chain, begin)
