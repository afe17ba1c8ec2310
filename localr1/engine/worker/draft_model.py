"""A smaller model of the same vocabulary, which guesses what the chat's model says."""

from __future__ import annotations

from contextlib import ExitStack

import msgspec

from localr1.engine.limits import BATCH
from localr1.engine.requests import Load
from localr1.engine.worker.attention import flash_attention
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.context import Context, NoMemoryError
from localr1.engine.worker.errors import LoadFailedError
from localr1.engine.worker.model import Model, goes_back, load_weights
from localr1.engine.worker.threads import default_threads
from localr1.engine.worker.vocabulary import Vocabulary
from localr1.memory import read_memory


class DraftModel:
    """Weights and context of a draft model; `close` frees what C holds.

    Raises LoadFailedError for a file that can't be loaded, is no smaller than the chat's model or has other
    tokens.
    """

    def __init__(self, request: Load, model: Model, flag: AbortFlag) -> None:
        wanted = _of_the_draft(request)
        with ExitStack() as resources:
            self._handle = load_weights(wanted, flag, lambda share: None)
            resources.callback(llama.llama_model_free, self._handle)
            size = int(llama.llama_model_size(self._handle))
            if size >= model.size:
                raise LoadFailedError("model", "it is not smaller than the chat's model")
            if not goes_back(self._handle):
                raise LoadFailedError("model", "its memory can't go back by a token")
            if not Vocabulary(llama.llama_model_get_vocab(self._handle)).equals(model.vocabulary):
                raise LoadFailedError("model", "its vocabulary is another one")
            self._context = self._new_context(model, flag, on_gpu=model.on_gpu and wanted.gpu_layers != 0)
            resources.callback(self._context.close)
            self._sampler = llama.llama_sampler_init_greedy()
            resources.callback(llama.llama_sampler_free, self._sampler)
            self.close = resources.pop_all().close
        self.context_size = model.context_size
        """Tokens of the longest text that it can follow."""
        self._cache = Cache(self._context)

    def has_room(self, tokens: int) -> bool:
        """Whether it can hold so many tokens; where there is no memory for them, it can't from then on."""
        try:
            self._cache.reserve(tokens)
        except NoMemoryError:
            self.context_size = self._context.size
        return tokens <= self.context_size

    def follow(self, text: list[int], known: int) -> int:
        """Evaluate a text, of which so many tokens are known to be evaluated already; how many were not."""
        kept = self._cache.keep_prefix(text[:-1], known)
        self._cache.extend(text[kept:])
        return len(text) - kept

    def next(self) -> int:
        """The likeliest token after what was evaluated."""
        return int(llama.llama_sampler_sample(self._sampler, self._context.handle, -1))

    def extend(self, token: int) -> None:
        """Evaluate one more token."""
        self._cache.extend([token])

    def _new_context(self, model: Model, flag: AbortFlag, *, on_gpu: bool) -> Context:
        params = llama.llama_context_default_params()
        params.n_ctx = model.context_size
        params.n_batch = BATCH
        size = int(llama.llama_model_size(self._handle))
        params.n_threads = params.n_threads_batch = min(model.threads.most, default_threads(size))
        params.flash_attn_type = flash_attention("auto", "f16", size, on_gpu=on_gpu)
        params.no_perf = True
        try:
            return Context(self._handle, params, flag, lambda: read_memory().free)
        except NoMemoryError as error:
            raise LoadFailedError("memory", str(error)) from None


def _of_the_draft(request: Load) -> Load:
    """On the CPU, unless all layers of the chat's model go to a GPU."""
    layers = request.gpu_layers if request.gpu_layers < 0 else 0
    return msgspec.structs.replace(request, path=request.draft, gpu_layers=layers)
