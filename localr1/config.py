"""Every setting, with its default and what it means."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from localr1.about_setting import Effect, about
from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.chat_options import Effort
from localr1.duration import Duration
from localr1.sampling import Count, SamplingChoice, Seed, Share, Speculate, Temperature

TABLES = frozenset({"chat_templates", "forget_after_tag", "sampling"})
"""Settings that are more than a variable can hold."""
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, with what it means; None leaves the choice to the model's family."""

    model: Annotated[
        str,
        about(
            "The model of new chats: a name of `localr1 models list`, or a path to a GGUF file.", Effect.CHATS
        ),
    ] = "nano"
    context: Annotated[
        Count,
        about(
            "Tokens that a chat can hold; memory for them is taken as they come. 0 takes the model's own, "
            "at most 8,192.",
            Effect.LOAD,
        ),
    ] = 0
    threads: Annotated[
        int, msgspec.Meta(ge=0, le=1024), about("Threads that compute; 0 takes one a core.", Effect.LOAD)
    ] = 0
    gpu_layers: Annotated[
        int,
        msgspec.Meta(ge=-1, le=10_000),
        about("Layers put on a GPU where there is one; −1 takes as many as it has room for.", Effect.LOAD),
    ] = -1
    cache_type: Annotated[
        CacheType,
        about(
            "Numbers that a chat is kept in; `q8_0` takes about half the memory of `f16`, where a model's "
            "heads allow it.",
            Effect.LOAD,
        ),
    ] = "f16"
    flash_attention: Annotated[
        FlashAttention,
        about(
            "How attention is computed: fused, or as matrix products; `auto` takes products for models of "
            "more than 256 MB on processors, and flash attention for all else.",
            Effect.LOAD,
        ),
    ] = "auto"
    speculation: Annotated[
        Speculate,
        about(
            "Guess tokens from the chat's own text, and with the draft model, and compute several at once; "
            "`auto` does where it was measured to be faster, `always` wherever there is a guess.",
            Effect.REPLY,
        ),
    ] = "auto"
    draft_model: Annotated[
        str,
        about(
            "A smaller model that guesses what the one of the chat says; it needs the same vocabulary, as "
            "models of one family mostly have.",
            Effect.LOAD,
            unset="none",
        ),
    ] = ""
    max_tokens: Annotated[
        Count,
        about(
            "Tokens of the longest reply, thinking included; 0 takes what the context has left.", Effect.REPLY
        ),
    ] = 0
    effort: Annotated[
        Effort | None,
        about(
            "How long to think; a number counts tokens, 0 is off.",
            Effect.CHATS,
            unset="no bound",
        ),
    ] = None
    min_thinking: Annotated[
        Count, about("Tokens before which a thinking does not end by itself; for scripts.", Effect.REPLY)
    ] = 0
    loop_breaker: Annotated[
        bool, about("End a thinking, or an answer, that says the same over and over.", Effect.REPLY)
    ] = True
    temperature: Annotated[
        Temperature | None,
        about(
            "0 always takes the likeliest token; R1's makers advise 0.5 to 0.7.",
            Effect.REPLY,
            unset="the model's",
        ),
    ] = None
    top_p: Annotated[
        Share | None,
        about(
            "Draw from the likeliest tokens that together reach this share; 1 turns it off.",
            Effect.REPLY,
            unset="the model's",
        ),
    ] = None
    top_k: Annotated[
        Count | None,
        about(
            "Draw from this many of the likeliest tokens; 0 turns it off.", Effect.REPLY, unset="the model's"
        ),
    ] = None
    min_p: Annotated[
        Share | None,
        about(
            "Leave out what is less likely than this share of the likeliest; 0 turns it off.",
            Effect.REPLY,
            unset="the model's",
        ),
    ] = None
    seed: Annotated[
        Seed | None,
        about(
            "Draw the same reply from the same seed; unset, each reply is new.",
            Effect.REPLY,
            unset="new each time",
        ),
    ] = None
    sampling: Annotated[
        dict[str, SamplingChoice],
        about(
            "Temperature, top_p, top_k and min_p for single models, by their names; before the settings "
            "for all of them. F3 in the chat, then m, writes them.",
            Effect.REPLY,
            unset="none",
        ),
    ] = {}
    chat_template: Annotated[
        str,
        about(
            "The format of chats in place of the model's own; "
            "`chatml`, `deepseek-r1`, `gemma`, `llama-3`, `mistral` or `phi`.",
            Effect.LOAD,
            unset="the model's",
        ),
    ] = ""
    chat_templates: Annotated[
        dict[str, str],
        about(
            "The same for single models, by their names; the chat asks where it is needed.",
            Effect.LOAD,
            unset="none",
        ),
    ] = {}
    memory_check: Annotated[
        bool,
        about("Refuse to load a model that does not fit into memory; false tries it anyway.", Effect.LOAD),
    ] = True
    keep_warm: Annotated[
        Duration,
        about(
            "How long `localr1 ask`, `localr1 batch` and Python programs leave their engine in memory, where "
            "the next of them finds it; 0 ends it with the answer.",
            Effect.NOW,
        ),
    ] = "0"
    endpoint: Annotated[
        str,
        about(
            "The hub that models are downloaded from; a mirror perhaps. By https, or on this machine. "
            "`HF_ENDPOINT` counts as well.",
            Effect.NOW,
        ),
    ] = "https://huggingface.co"
    offline: Annotated[
        bool, about("Never open a connection; not even for a download that is asked for.", Effect.NOW)
    ] = False
    thinking: Annotated[
        Literal["fold", "open", "hidden"],
        about(
            "What becomes of thinking when it is over; `fold` folds it, `open` leaves it open, "
            "`hidden` never shows it. Alt+H hides or shows it for the moment.",
            Effect.NOW,
        ),
    ] = "fold"
    saved_states: Annotated[
        int,
        msgspec.Meta(ge=0, le=10_000_000),
        about(
            "Megabytes on the disk for what was evaluated of chats, which then go on at once after a "
            "restart; 0 keeps none.",
            Effect.REPLY,
        ),
    ] = 2_000
    key_file: Annotated[
        str,
        about(
            "A file with the passphrase of encrypted chats; only you may read it.", Effect.NOW, unset="none"
        ),
    ] = ""
    lock_after: Annotated[
        int,
        msgspec.Meta(ge=0, le=10_080),
        about("Minutes without a key until an encrypted chat locks itself; 0 never does.", Effect.NOW),
    ] = 0
    forget_after: Annotated[
        Days,
        about(
            "Days after its last message until a chat is erased; pinned ones stay, 0 keeps all.", Effect.NOW
        ),
    ] = 0
    forget_after_tag: Annotated[
        dict[str, Days],
        about(
            "The same for chats with single tags, before the setting for all; 0 keeps them.",
            Effect.NOW,
            unset="none",
        ),
    ] = {}
    theme: Annotated[str, about("Colours of the chat; F2 shows the themes that there are.", Effect.NOW)] = (
        "textual-dark"
    )
