"""What the worker tells the app."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from localr1.engine.line import Line
from localr1.engine.requests import Load


class Device(msgspec.Struct, frozen=True):
    """A device that llama.cpp can compute on; memory in bytes, 0 where it does not say."""

    name: str
    description: str
    kind: str
    """cpu, gpu, igpu or accel."""
    free: int
    total: int


class Held(msgspec.Struct, frozen=True):
    """A model that the worker has loaded already."""

    load: Load
    model: ModelInfo


class Ready(Line, frozen=True, tag="ready"):
    """The worker runs; sent once to each app that it serves."""

    version: int
    llama_cpp: str
    """Version of the bindings."""
    system_info: str
    """llama.cpp's own line about its build and the CPU features it uses."""
    devices: tuple[Device, ...]
    backends: tuple[str, ...] = ()
    """What llama.cpp is built to compute on, whether or not there is a device for it: CPU, CUDA, …"""
    pid: int = 0
    held: Held | None = None


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a loaded model says about itself."""

    name: str
    architecture: str
    description: str
    """llama.cpp's own words: architecture, size, quant."""
    parameters: int
    size: int
    """Bytes of its weights."""
    context_train: int
    context: int
    """The most tokens that a chat can hold; the memory for them is taken when they come."""
    threads: int
    gpu_layers: int
    gpu_layers_left: int = 0
    """Layers that were meant for a GPU too, and for which it had no memory when it came to it."""
    template: str
    """Jinja source of its chat template."""
    generation_prompt: str
    """What the template puts after a conversation to make the model speak."""
    takes_system: bool = True
    """The template writes what a system message says."""
    load_seconds: float
    draft_refused: str = ""
    """Why the draft model can't be used, if there is one."""


class Loaded(Line, frozen=True, tag="loaded"):
    """The model is ready."""

    id: int
    model: ModelInfo


class LoadProgress(Line, frozen=True, tag="load_progress"):
    """Share of the weights that are loaded, 0 to 1."""

    id: int
    share: float


class Rendered(Line, frozen=True, tag="rendered"):
    """The template has been rendered and counted; evaluation starts."""

    id: int
    prompt_tokens: int
    cached_tokens: int
    pause_at: int = 0
    """Tokens of the reply after which it will be paused; 0 for none."""


class Evaluated(Line, frozen=True, tag="evaluated"):
    """Tokens of the prompt that are in the cache by now, out of `total`."""

    id: int
    done: int
    total: int


class Piece(Line, frozen=True, tag="piece"):
    """More text of the reply, and its tokens so far."""

    id: int
    text: str
    tokens: int
    sample: int = 0


class Paused(Line, frozen=True, tag="paused"):
    """All text so far has been sent; the reply waits for `GoOn` or `Cancel`."""

    id: int
    tokens: int
    """Of the reply so far."""
    before: bool = False
    """The token `pause_before` has been drawn and waits to be taken."""
    sample: int = 0


EndReason: TypeAlias = Literal["stop", "length", "cancelled"]
"""`length` is max_tokens or the end of the context."""


class Done(Line, frozen=True, tag="done"):
    """The reply ended."""

    id: int
    finish_reason: EndReason
    prompt_tokens: int = 0
    evaluated_tokens: int = 0
    generated_tokens: int = 0
    drafted_tokens: int = 0
    """Guesses that were evaluated together with a token before them."""
    accepted_tokens: int = 0
    """Those of them that came true; they count as generated."""
    prompt_seconds: float = 0.0
    generation_seconds: float = 0.0
    sample: int = 0
    last: bool = True
    """No other sample of the request goes on; those that never began have no end of their own."""
    pace: dict[int, float] = msgspec.field(default_factory=dict)
    """Times of a token by numbers of threads, in those of the quickest; empty while too little is known."""


FailureKind: TypeAlias = Literal[
    "cancelled",
    "context",
    "decode",
    "grammar",
    "library",
    "memory",
    "model",
    "request",
    "template",
    "weights",
]


class Failed(Line, frozen=True, tag="failed"):
    """The request can't be answered, or not to its end; the worker lives on."""

    id: int
    """0 for what concerns no request: a library that is missing, a line that can't be read."""
    kind: FailureKind
    message: str
    fitting: float = 0.0
    """Share of a prompt that the context has room for, where that is what failed."""


class Counted(Line, frozen=True, tag="counted"):
    """The tokens of a text."""

    id: int
    tokens: int


class Measured(Line, frozen=True, tag="measured"):
    """How long llama.cpp itself took."""

    id: int
    prompt_seconds: float
    generation_seconds: float


class Prepared(Line, frozen=True, tag="prepared"):
    """The next question of a conversation is prepared and kept, as far as there was time."""

    id: int
    known_tokens: int = 0
    """Of the next prompt; 0 for one that would leave no room for a reply."""
    evaluated_tokens: int = 0


class Heartbeat(Line, frozen=True, tag="heartbeat"):
    """The worker is alive; sent by a side thread."""


Report: TypeAlias = (
    Ready
    | Loaded
    | LoadProgress
    | Rendered
    | Evaluated
    | Piece
    | Paused
    | Done
    | Failed
    | Counted
    | Measured
    | Prepared
    | Heartbeat
)
