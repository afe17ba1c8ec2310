"""What an answer may look like: a grammar that holds from where the answer begins."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

from localr1.engine.requests import Generate
from localr1.engine.worker.bindings import llama, take_errors
from localr1.engine.worker.errors import RequestFailedError
from localr1.engine.worker.sampler import Sampler, sampler_chain
from localr1.engine.worker.vocabulary import Vocabulary

_IMPOSSIBLE = -1e30
"""A token that a grammar does not allow has a score below this."""


class GrammarFailedError(RequestFailedError):
    """llama.cpp can't read a grammar; the text says why, where it does."""

    kind = "grammar"


class GrammarSampler:
    """Draws what the grammar allows, once the reply has said what it begins after."""

    def __init__(self, chain: object, strict_chain: object, grammar: object, begin: str) -> None:
        """`strict_chain` is the grammar, then the samplers of the `chain`."""
        self._chain = chain
        self._strict_chain = strict_chain
        self._grammar = grammar
        self._begin = begin.encode()
        self._seen = b""
        self._one = (llama.llama_token_data * 1)()

    def sample(self, context: object, row: int) -> int:
        """The next token: what the chain draws where that is allowed, else what it draws of those that are.

        To look at one token is quick, to look at all of a vocabulary is not.
        """
        token = int(llama.llama_sampler_sample(self._chain, context, row))
        if self._begin:
            return token
        if self._allows(token):
            llama.llama_sampler_accept(self._grammar, token)
            return token
        return int(llama.llama_sampler_sample(self._strict_chain, context, row))

    def see(self, piece: bytes) -> None:
        """A token has become a part of the reply."""
        if self._begin:
            self._seen += piece
            if self._begin in self._seen:
                self._begin = self._seen = b""
            else:
                self._seen = self._seen[-len(self._begin) :]

    def _allows(self, token: int) -> bool:
        self._one[0] = llama.llama_token_data(token, 1.0, 0.0)
        candidates = llama.llama_token_data_array(self._one, 1, -1, False)
        llama.llama_sampler_apply(self._grammar, ctypes.byref(candidates))
        return bool(self._one[0].logit > _IMPOSSIBLE)


def require_grammar(text: str, vocabulary: Vocabulary) -> None:
    """Raises GrammarFailedError for what llama.cpp can't read; an empty text is none."""
    if text:
        llama.llama_sampler_free(_grammar(text, vocabulary))


@contextmanager
def sampler_of(request: Generate, vocabulary: Vocabulary, sample: int) -> Iterator[Sampler | GrammarSampler]:
    """What draws the tokens of a sample while the block lasts; raises GrammarFailedError."""
    with sampler_chain(request.sampling, sample=sample) as chain:
        if not request.grammar:
            yield Sampler(chain)
            return
        grammar = _grammar(request.grammar, vocabulary)
        with sampler_chain(request.sampling, grammar, sample=sample) as strict_chain:
            yield GrammarSampler(chain, strict_chain, grammar, request.answer_begin)


def _grammar(text: str, vocabulary: Vocabulary) -> object:
    take_errors()
    grammar = vocabulary.new_grammar(text)
    if not grammar:
        raise GrammarFailedError(take_errors() or "llama.cpp can't read it and does not say why")
    return grammar
