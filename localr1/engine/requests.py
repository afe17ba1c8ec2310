"""What the app asks of its worker."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.engine.line import Line
from localr1.regular_file import FileMark
from localr1.sampling import Sampling, Speculate


class Load(Line, frozen=True, tag="load"):
    """Load a model file, in place of the one that is loaded."""

    id: int
    path: bytes
    """As the file system spells it; not every name is text."""
    mark: FileMark = ()
    """Of that file when it is asked for; another one is another model."""
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
    flash_attention: FlashAttention = "auto"
    """How attention is computed on processors, where the type of the cache leaves a choice."""
    draft: bytes = b""
    """Path of a smaller model that guesses what this one says; empty for none."""
    draft_mark: FileMark = ()


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


class Generate(Line, frozen=True, tag="generate"):
    """Answer a conversation; text in `messages` can't become control tokens, text in `prefill` can."""

    messages: tuple[ChatMessage, ...]
    sampling: Sampling
    id: int = 0
    """0 until the engine gives it one."""
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
    pace: dict[int, float] = msgspec.field(default_factory=dict)
    """What an earlier worker reported of this model, as `Done` has it."""


class Pause(Line, frozen=True, tag="pause"):
    """Pause the reply with this id at the next whole character; `Paused` follows, or else `Done`."""

    id: int
    sample: int = 0


class GoOn(Line, frozen=True, tag="go_on"):
    """End a pause; the next one is set anew, in tokens of the whole reply."""

    id: int
    insert: str = ""
    """Goes into the reply as if it had been generated, and in place of the token that paused it, if one did.

    May hold control tokens. When it is empty, that token is taken after all.
    """
    pause_at: int = 0
    pause_before: str = ""
    sample: int = 0


class Count(Line, frozen=True, tag="count"):
    """Count the tokens of a text."""

    id: int
    text: str


class Measure(Line, frozen=True, tag="measure"):
    """Compute a prompt of one token over and over, then the tokens after it, and nothing else."""

    id: int
    prompt_tokens: int
    tokens: int


class Prepare(Line, frozen=True, tag="prepare"):
    """Evaluate the beginning that every next question of a conversation shares; any other request ends it."""

    id: int
    messages: tuple[ChatMessage, ...]
    """The last one is a reply that has ended."""
    evaluate: bool = True
    """Otherwise only what is evaluated already is kept."""
    state: StateFile | None = None
    """Where it is kept on the disk as well."""


class Cancel(Line, frozen=True, tag="cancel"):
    """End the reply with this id; its `Done` follows."""

    id: int
    sample: int | None = None
    """Only this one of several; None for all of them."""


Request: TypeAlias = Load | Generate | Count | Measure | Prepare | Pause | GoOn | Cancel
