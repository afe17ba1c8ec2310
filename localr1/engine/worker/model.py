"""A loaded model with its context and what it says about itself."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from localr1.engine.limits import BATCH, CONTEXT_STEP, DEFAULT_CONTEXT, FIRST_CONTEXT, SEQUENCES
from localr1.engine.reports import ModelInfo
from localr1.engine.requests import Load
from localr1.engine.worker import bindings
from localr1.engine.worker.attention import flash_attention
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.context import Context, NoMemoryError
from localr1.engine.worker.errors import LoadFailedError
from localr1.engine.worker.offload import gpu_shares
from localr1.engine.worker.prompt import PromptBuilder
from localr1.engine.worker.state import state_terms
from localr1.engine.worker.template import ChatTemplate
from localr1.engine.worker.threads import Threads
from localr1.engine.worker.vocabulary import Vocabulary
from localr1.memory import read_memory

TEMPLATE_LIMIT = 1024 * 1024
"""Bytes; those in use have fewer than 20,000."""
_OUT_OF_MEMORY = ("unable to allocate", os.strerror(errno.ENOMEM))
"""llama.cpp's words for weights that no device has room for."""


class Model:
    """Weights, context, vocabulary and template of one GGUF file; `close` frees what C holds."""

    def __init__(self, request: Load, flag: AbortFlag, on_progress: Callable[[float], None]) -> None:
        started = time.monotonic()
        with ExitStack() as resources:
            self._handle = load_weights(request, flag, on_progress)
            resources.callback(llama.llama_model_free, self._handle)
            self._read_template(request.template)
            self.threads = Threads.choose(request.threads, self.size)
            self._gpu_layers, self._flag = request.gpu_layers, flag
            self._cache_type, self._flash = request.cache_type, request.flash_attention
            self.growing = self._new_context(request.context, FIRST_CONTEXT)
            resources.callback(self.growing.close)
            self.threads.attach(self.growing.set_threads)
            self.close = resources.pop_all().close
        self.goes_back = goes_back(self._handle)
        """The memory of a sequence can lose its end and keep its beginning."""
        self._load_seconds = time.monotonic() - started

    def _read_template(self, given: str) -> None:
        self.vocabulary = Vocabulary(llama.llama_model_get_vocab(self._handle))
        self._template_source = given or _template_source(self._handle)
        template = ChatTemplate(
            self._template_source, bos=self.vocabulary.bos_text, eos=self.vocabulary.eos_text
        )
        self.prompts = PromptBuilder(self.vocabulary, template)
        self._generation_prompt = self.prompts.generation_prompt()
        self._takes_system = self.prompts.takes_system()

    @property
    def context(self) -> object:
        """llama.cpp's handle, as it is now."""
        return self.growing.handle

    @property
    def context_size(self) -> int:
        """The most tokens that a chat can hold."""
        return self.growing.most

    @property
    def sequences(self) -> int:
        """How many of them the context's memory holds beside each other."""
        return int(llama.llama_n_seq_max(self.context))

    @property
    def size(self) -> int:
        """Bytes of its weights."""
        return int(llama.llama_model_size(self._handle))

    @property
    def on_gpu(self) -> bool:
        """Whether a layer is there."""
        return self._offloaded(self._gpu_layers) > 0

    def info(self, wanted: int) -> ModelInfo:
        """What the app is told about this model, of which so many layers were wanted on a GPU."""
        handle = self._handle
        return ModelInfo(
            name=_metadata(handle, "general.name"),
            architecture=_metadata(handle, "general.architecture"),
            description=_text(lambda buffer, size: llama.llama_model_desc(handle, buffer, size)),
            parameters=llama.llama_model_n_params(handle),
            size=self.size,
            context_train=llama.llama_model_n_ctx_train(handle),
            context=self.context_size,
            threads=self.threads.most,
            gpu_layers=self._offloaded(self._gpu_layers),
            gpu_layers_left=self._offloaded(wanted) - self._offloaded(self._gpu_layers),
            template=self._template_source,
            generation_prompt=self._generation_prompt,
            takes_system=self._takes_system,
            load_seconds=self._load_seconds,
        )

    def _offloaded(self, wanted: int) -> int:
        """Layers on a GPU when so many are wanted there; 0 where llama.cpp was built without one."""
        if not llama.llama_supports_gpu_offload():
            return 0
        layers = int(llama.llama_model_n_layer(self._handle)) + 1
        return layers if wanted < 0 else min(wanted, layers)

    @contextmanager
    def another_context(self, tokens: int) -> Iterator[object]:
        """A context of its own that computes as the model's does, with all threads, while the block lasts."""
        with closing(self._new_context(tokens, tokens)) as context:
            yield context.handle

    def _new_context(self, wanted: int, first: int) -> Context:
        trained = int(llama.llama_model_n_ctx_train(self._handle))
        size = wanted or min(trained or DEFAULT_CONTEXT, DEFAULT_CONTEXT)
        params = llama.llama_context_default_params()
        params.n_ctx = -(-size // CONTEXT_STEP) * CONTEXT_STEP
        params.n_batch = BATCH
        params.n_threads = params.n_threads_batch = self.threads.most
        if self._cache_type == "q8_0":
            params.type_k = params.type_v = llama.GGML_TYPE_Q8_0
        params.flash_attn_type = flash_attention(self._flash, self._cache_type, self.size, on_gpu=self.on_gpu)
        params.n_seq_max = self._most_sequences()
        params.kv_unified = True
        params.no_perf = True
        self.terms = state_terms(params, self._template_source)
        """What has to be the same for a state of this model to be of use to another load of it."""
        try:
            return Context(self._handle, params, self._flag, self._free, first)
        except NoMemoryError as error:
            if self._cache_type == "q8_0":  # some heads can't be kept so
                self._cache_type = "f16"
                return self._new_context(wanted, first)
            raise LoadFailedError("memory", str(error)) from None

    def _free(self) -> int:
        """Bytes that the cache may grow by: what is free in main memory, for the layers that are in it."""
        layers = int(llama.llama_model_n_layer(self._handle)) + 1
        here = layers - self._offloaded(self._gpu_layers)
        return read_memory().free * layers // here if here else sys.maxsize

    def _most_sequences(self) -> int:
        """One where each would cost as much as a chat: a state of its own, or a window of its own."""
        has_state = llama.llama_model_is_recurrent(self._handle) or llama.llama_model_is_hybrid(self._handle)
        return 1 if has_state or llama.llama_model_n_swa(self._handle) else SEQUENCES


def load_weights(request: Load, flag: AbortFlag, on_progress: Callable[[float], None]) -> object:
    """The handle of a file's weights; raises LoadFailedError."""

    def progress(share: float, _data: object) -> bool:
        on_progress(share)
        return not flag

    bindings.take_errors()
    params = llama.llama_model_default_params()
    params.n_gpu_layers = request.gpu_layers if request.gpu_layers >= 0 else 2**31 - 1
    params.tensor_split = split = _tensor_split()
    params.progress_callback = callback = llama.llama_progress_callback(progress)
    handle = llama.llama_model_load_from_file(request.path, params)
    del callback, split
    if handle:
        return handle
    if flag:
        raise LoadFailedError("cancelled", "loading was stopped")
    reason = bindings.take_errors() or "llama.cpp can't load it and does not say why"
    raise LoadFailedError("memory" if any(each in reason for each in _OUT_OF_MEMORY) else "model", reason)


def _tensor_split() -> Any:
    """For llama.cpp, what each GPU takes; None leaves it to it."""
    shares = gpu_shares(bindings.devices())
    return (ctypes.c_float * llama.llama_max_devices())(*shares) if any(shares) else None


def goes_back(handle: object) -> bool:
    """Whether the memory of a model can drop the newest tokens; a recurrent state can't."""
    return not (llama.llama_model_is_recurrent(handle) or llama.llama_model_is_hybrid(handle))


def _template_source(handle: object) -> str:
    source = llama.llama_model_chat_template(handle, None)
    if not source:
        raise LoadFailedError("template", "it carries no chat template")
    if len(source) > TEMPLATE_LIMIT:
        raise LoadFailedError("template", "its chat template is longer than 1 MiB")
    try:
        return str(source.decode("utf-8"))
    except UnicodeDecodeError:
        raise LoadFailedError("template", "its chat template is no text") from None


def _metadata(handle: object, key: str) -> str:
    return _text(lambda buffer, size: llama.llama_model_meta_val_str(handle, key.encode(), buffer, size))


def _text(read: Callable[[object, int], int]) -> str:
    """A C string that a function writes into a buffer, empty where there is none."""
    buffer = ctypes.create_string_buffer(512)
    return buffer.value.decode("utf-8", "replace") if read(buffer, len(buffer)) >= 0 else ""
