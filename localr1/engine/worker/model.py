"""A loaded model with its context and what it says about itself."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from localr1.engine.protocol import BATCH, CONTEXT_STEP, DEFAULT_CONTEXT, FailureKind, Load, ModelInfo
from localr1.engine.worker import bindings
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.prompt import PromptBuilder
from localr1.engine.worker.template import ChatTemplate
from localr1.engine.worker.threads import Threads
from localr1.engine.worker.vocabulary import Vocabulary

SEQUENCES = 17
"""A chat, and the samples that are drawn together; each has room for the scores of a token."""


class LoadFailedError(Exception):
    """The model can't be loaded."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Model:
    """Weights, context, vocabulary and template of one GGUF file; `close` frees what C holds."""

    def __init__(self, request: Load, flag: AbortFlag, on_progress: Callable[[float], None]) -> None:
        started = time.monotonic()
        with ExitStack() as resources:
            self._handle = _load_weights(request, flag, on_progress)
            resources.callback(llama.llama_model_free, self._handle)
            self._read_template(request.template)
            self.threads = Threads.choose(request.threads, int(llama.llama_model_size(self._handle)))
            self.context = self._new_context(request.context)
            resources.callback(llama.llama_free, self.context)
            self.threads.attach(partial(llama.llama_set_n_threads, self.context))
            self.close = resources.pop_all().close
        flag.attach(self.context)
        self.context_size = int(llama.llama_n_ctx(self.context))
        self._gpu_layers = request.gpu_layers
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
    def sequences(self) -> int:
        """How many of them the context's memory holds beside each other."""
        return int(llama.llama_n_seq_max(self.context))

    def info(self) -> ModelInfo:
        """What the app is told about this model."""
        handle = self._handle
        return ModelInfo(
            name=_metadata(handle, "general.name"),
            architecture=_metadata(handle, "general.architecture"),
            description=_text(lambda buffer, size: llama.llama_model_desc(handle, buffer, size)),
            parameters=llama.llama_model_n_params(handle),
            size=llama.llama_model_size(handle),
            context_train=llama.llama_model_n_ctx_train(handle),
            context=self.context_size,
            threads=self.threads.most,
            gpu_layers=self._offloaded(),
            template=self._template_source,
            generation_prompt=self._generation_prompt,
            takes_system=self._takes_system,
            load_seconds=self._load_seconds,
        )

    def _offloaded(self) -> int:
        """Layers on a GPU; 0 where llama.cpp was built without one."""
        if not llama.llama_supports_gpu_offload():
            return 0
        layers = int(llama.llama_model_n_layer(self._handle)) + 1
        return layers if self._gpu_layers < 0 else min(self._gpu_layers, layers)

    @contextmanager
    def another_context(self, tokens: int) -> Iterator[object]:
        """A context of its own that computes as the model's does, with all threads, while the block lasts."""
        context = self._new_context(tokens)
        try:
            yield context
        finally:
            llama.llama_free(context)

    def _new_context(self, wanted: int) -> object:
        trained = int(llama.llama_model_n_ctx_train(self._handle))
        size = wanted or min(trained or DEFAULT_CONTEXT, DEFAULT_CONTEXT)
        params = llama.llama_context_default_params()
        params.n_ctx = -(-size // CONTEXT_STEP) * CONTEXT_STEP
        params.n_batch = params.n_ubatch = BATCH
        params.n_threads = params.n_threads_batch = self.threads.most
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.n_seq_max = self._most_sequences()
        params.kv_unified = True
        params.no_perf = True
        context = llama.llama_init_from_model(self._handle, params)
        if not context:
            raise LoadFailedError("memory", f"there is no memory for {params.n_ctx:,} tokens of context")
        return context

    def _most_sequences(self) -> int:
        """One where each would cost as much as a chat: a state of its own, or a window of its own."""
        has_state = llama.llama_model_is_recurrent(self._handle) or llama.llama_model_is_hybrid(self._handle)
        return 1 if has_state or llama.llama_model_n_swa(self._handle) else SEQUENCES


def _load_weights(request: Load, flag: AbortFlag, on_progress: Callable[[float], None]) -> object:
    def progress(share: float, _data: object) -> bool:
        on_progress(share)
        return not flag

    bindings.take_errors()
    params = llama.llama_model_default_params()
    params.n_gpu_layers = request.gpu_layers if request.gpu_layers >= 0 else 2**31 - 1
    params.progress_callback = callback = llama.llama_progress_callback(progress)
    handle = llama.llama_model_load_from_file(request.path, params)
    del callback
    if handle:
        return handle
    if flag:
        raise LoadFailedError("cancelled", "loading was stopped")
    raise LoadFailedError("model", bindings.take_errors() or "llama.cpp can't load it and does not say why")


def _template_source(handle: object) -> str:
    source = llama.llama_model_chat_template(handle, None)
    if not source:
        raise LoadFailedError("template", "it carries no chat template")
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
