"""The JSON lines that the app and its engine process exchange.

The app writes requests to the worker's standard input, the worker writes reports to its standard output:
one JSON object a line, its type in the field `type`. Reports about a request carry that request's id; a
report for another id belongs to a request that has been given up and is dropped.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from localr1.cache_type import CacheType
from localr1.sampling import Sampling, Speculate

VERSION = 1
LINE_LIMIT = 32 * 1024 * 1024
"""Bytes of the longest line that either side accepts."""

DEFAULT_CONTEXT = 8192
"""Tokens of context when nobody asks for more: room for one long reasoning at a bearable price in memory."""
FIRST_CONTEXT = 2048
"""Tokens that a context has room for at the beginning; it grows in doublings while a chat needs more."""
CONTEXT_STEP = 256
"""llama.cpp rounds a context up to this."""
GPU_RESERVE = 512 * 1024 * 1024
"""Bytes of each GPU that are left to its driver and to the screen."""
BATCH = 512
"""Tokens of the largest piece of a prompt that is evaluated at once."""
SEQUENCES = 17
"""A chat, and the samples that are drawn together; each has room for the scores that one token gets."""
MIN_REPLY = 256
"""Tokens of context that a prompt must leave for its reply; half of a smaller context."""


class _Line(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """One line of the protocol."""


# ---- app → worker


class Load(_Line, frozen=True, tag="load"):
    """Load a model file, in place of the one that is loaded."""

    id: int
    path: bytes
    """As the file system spells it; not every name is text."""
    context: int = 0
    """The most tokens that a chat may hold; 0 takes the model's own, at most `DEFAULT_CONTEXT`."""
    threads: int = 0
    """0 takes one for each core that this process may use."""
    gpu_layers: int = -1
    """Layers to put on a GPU where there is one; −1 takes all of them."""
    template: str = ""
    """Jinja source of the chat template to use in place of the model's own."""
    cache_type: CacheType = "f16"
    """Numbers that the chat is kept in, where the model's heads allow it."""
    draft: bytes = b""
    """Path of a smaller model that guesses what this one says; empty for none."""


class ChatMessage(msgspec.Struct, frozen=True):
    """One message of a request, as the model's template sees it."""

    role: str
    content: str


class StateFile(msgspec.Struct, frozen=True):
    """Where the state of a chat is kept on the disk."""

    path: bytes
    model: str
    """What tells the file of the model from all others."""
    limit: int
    """Bytes that the states of all chats may take."""


class Generate(_Line, frozen=True, tag="generate"):
    """Answer a conversation; text in `messages` can't become control tokens, text in `prefill` can."""

    id: int
    messages: tuple[ChatMessage, ...]
    sampling: Sampling
    prefill: str = ""
    """What the reply begins with, after the template's own generation prompt."""
    max_tokens: int = 0
    """Tokens of the reply; 0 takes what the context has left."""
    pause_at: int = 0
    """Tokens of the reply after which it is paused, the character that they end in made whole; 0 for none."""
    pause_share: float = 1.0
    """Of the tokens that the reply has room for, the share at which it is paused at the latest."""
    pause_before: str = ""
    """Name of a control token that pauses the reply in place of being taken; empty for none."""
    state: StateFile | None = None
    """The chat may go on from what is kept there."""
    grammar: str = ""
    """GBNF that the answer keeps to; empty for none."""
    answer_begin: str = ""
    """What the reply has to say before the grammar holds; empty where it holds from the beginning."""
    endless: bool = False
    """Tokens that end a reply are taken like any others; for measurements."""
    samples: int = 1
    """So many replies are drawn, each with pieces, pauses and an end of its own; the seed grows by one."""
    speculate: Speculate = "off"


class Pause(_Line, frozen=True, tag="pause"):
    """Pause the reply with this id at the next whole character; `Paused` follows, or else `Done`."""

    id: int
    sample: int = 0


class GoOn(_Line, frozen=True, tag="go_on"):
    """End a pause; the next one is set anew, in tokens of the whole reply."""

    id: int
    insert: str = ""
    """Goes into the reply as if it had been generated, and in place of the token that paused it, if one did.

    May hold control tokens. When it is empty, that token is taken after all.
    """
    pause_at: int = 0
    pause_before: str = ""
    sample: int = 0


class Count(_Line, frozen=True, tag="count"):
    """Count the tokens of a text."""

    id: int
    text: str


class Measure(_Line, frozen=True, tag="measure"):
    """Compute a prompt of one token over and over, then the tokens after it, and nothing else."""

    id: int
    prompt_tokens: int
    tokens: int


class Prepare(_Line, frozen=True, tag="prepare"):
    """Evaluate the beginning that every next question of a conversation shares; any other request ends it."""

    id: int
    messages: tuple[ChatMessage, ...]
    """The last one is a reply that has ended."""
    evaluate: bool = True
    """Otherwise only what is evaluated already is kept."""
    state: StateFile | None = None
    """Where it is kept on the disk as well."""


class Cancel(_Line, frozen=True, tag="cancel"):
    """End the reply with this id; its `Done` follows."""

    id: int
    sample: int | None = None
    """Only this one of several; None for all of them."""


Request: TypeAlias = Load | Generate | Count | Measure | Prepare | Pause | GoOn | Cancel


# ---- worker → app


class Device(msgspec.Struct, frozen=True):
    """A device that llama.cpp can compute on; memory in bytes, 0 where it does not say."""

    name: str
    description: str
    kind: str
    """cpu, gpu, igpu or accel."""
    free: int
    total: int


class Held(msgspec.Struct, frozen=True):
    """A model that the worker has loaded already, from a file that has not changed since."""

    load: Load
    model: ModelInfo


class Ready(_Line, frozen=True, tag="ready"):
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


class Loaded(_Line, frozen=True, tag="loaded"):
    """The model is ready."""

    id: int
    model: ModelInfo


class LoadProgress(_Line, frozen=True, tag="load_progress"):
    """Share of the weights that are loaded, 0 to 1."""

    id: int
    share: float


class Rendered(_Line, frozen=True, tag="rendered"):
    """The template has been rendered and counted; evaluation starts."""

    id: int
    prompt_tokens: int
    cached_tokens: int
    pause_at: int = 0
    """Tokens of the reply after which it will be paused; 0 for none."""


class Evaluated(_Line, frozen=True, tag="evaluated"):
    """Tokens of the prompt that are in the cache by now, out of `total`."""

    id: int
    done: int
    total: int


class Piece(_Line, frozen=True, tag="piece"):
    """More text of the reply, and its tokens so far."""

    id: int
    text: str
    tokens: int
    sample: int = 0


class Paused(_Line, frozen=True, tag="paused"):
    """All text so far has been sent; the reply waits for `GoOn` or `Cancel`."""

    id: int
    tokens: int
    """Of the reply so far."""
    before: bool = False
    """The token `pause_before` has been drawn and waits to be taken."""
    sample: int = 0


EndReason: TypeAlias = Literal["stop", "length", "cancelled"]
"""`length` is max_tokens or the end of the context."""


class Done(_Line, frozen=True, tag="done"):
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


class Failed(_Line, frozen=True, tag="failed"):
    """The request can't be answered, or not to its end; the worker lives on."""

    id: int
    """0 for what concerns no request: a library that is missing, a line that can't be read."""
    kind: FailureKind
    message: str
    fitting: float = 0.0
    """Share of a prompt that the context has room for, where that is what failed."""


class Counted(_Line, frozen=True, tag="counted"):
    """The tokens of a text."""

    id: int
    tokens: int


class Measured(_Line, frozen=True, tag="measured"):
    """How long llama.cpp itself took."""

    id: int
    prompt_seconds: float
    generation_seconds: float


class Prepared(_Line, frozen=True, tag="prepared"):
    """The next question of a conversation is prepared and kept, as far as there was time."""

    id: int
    known_tokens: int = 0
    """Of the next prompt; 0 for one that would leave no room for a reply."""
    evaluated_tokens: int = 0


class Heartbeat(_Line, frozen=True, tag="heartbeat"):
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

_requests = msgspec.json.Decoder(Request)
_reports = msgspec.json.Decoder(Report)
_encoder = msgspec.json.Encoder()


def encode(line: Request | Report) -> bytes:
    """One line, its newline included."""
    return _encoder.encode(line) + b"\n"


def decode_request(line: bytes) -> Request:
    """The request on a line; raises msgspec.DecodeError."""
    request: Request = _requests.decode(line)
    return request


def decode_report(line: bytes) -> Report:
    """The report on a line; raises msgspec.DecodeError."""
    report: Report = _reports.decode(line)
    return report
