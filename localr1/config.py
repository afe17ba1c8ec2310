"""Settings: the command line goes before the environment, config.toml and the defaults, in this order."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from localr1.chat_options import Effort
from localr1.errors import ConfigError
from localr1.regular_file import is_there
from localr1.sampling import Count, Share, Temperature
from localr1.toml_file import read_toml

TABLES = frozenset({"chat_templates"})
"""Settings that are more than a variable can hold."""
_ELSEWHERE = {"endpoint": "HF_ENDPOINT"}
"""Variables of other programs that are understood where ours is not set."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, with what it means; None leaves the choice to the model's family."""

    model: str = "nano"
    """A name of `localr1 models list`, or a path to a GGUF file. LOCALR1_MODEL"""
    context: Count = 0
    """Tokens that a chat can hold; 0 takes the model's own, at most 8,192. LOCALR1_CONTEXT"""
    threads: Annotated[int, msgspec.Meta(ge=0, le=1024)] = 0
    """Threads that compute; 0 takes one a core. LOCALR1_THREADS"""
    gpu_layers: Annotated[int, msgspec.Meta(ge=-1, le=10_000)] = -1
    """Layers put on a GPU where there is one; −1 takes as many as it has room for. LOCALR1_GPU_LAYERS"""
    max_tokens: Count = 0
    """Tokens of the longest reply; 0 takes what the context has left. LOCALR1_MAX_TOKENS"""
    effort: Effort | None = None
    """How long new chats think: off, low, medium, high or a number of tokens. LOCALR1_EFFORT"""
    min_thinking: Count = 0
    """Tokens before which a thinking does not end by itself, for scripts. LOCALR1_MIN_THINKING"""
    loop_breaker: bool = True
    """End a thinking, or an answer, that says the same over and over. LOCALR1_LOOP_BREAKER"""
    temperature: Temperature | None = None
    """0 always takes the likeliest token; R1's makers advise 0.5 to 0.7. LOCALR1_TEMPERATURE"""
    top_p: Share | None = None
    """Draw from the likeliest tokens that together reach this share. LOCALR1_TOP_P"""
    top_k: Count | None = None
    """Draw from this many of the likeliest tokens; 0 turns it off. LOCALR1_TOP_K"""
    min_p: Share | None = None
    """Leave out what is less likely than this share of the likeliest. LOCALR1_MIN_P"""
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 2)] | None = None
    """The same seed draws the same reply; unset, each reply is new. LOCALR1_SEED"""
    chat_template: str = ""
    """The format of chats, such as chatml, in place of the model's own. LOCALR1_CHAT_TEMPLATE"""
    chat_templates: dict[str, str] = {}
    """The same for single models, by their names."""
    memory_check: bool = True
    """Refuse to load a model that does not fit into memory; false tries it anyway. LOCALR1_MEMORY_CHECK"""
    endpoint: str = "https://huggingface.co"
    """The hub that models are downloaded from, a mirror of it perhaps. LOCALR1_ENDPOINT, or HF_ENDPOINT"""
    offline: bool = False
    """Never open a connection, not even for a download that is asked for. LOCALR1_OFFLINE"""
    thinking: Literal["fold", "open", "hidden"] = "fold"
    """Thinking in the chat: folded when it is over, left open, or never shown. LOCALR1_THINKING"""
    theme: str = "textual-dark"
    """Colours of the chat; any of Textual's themes. LOCALR1_THEME"""


def load_config(
    file: Path, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> Config:
    """The settings in force; `overrides` are the command line's, None among them meaning "not given".

    Raises ConfigError, naming the file or variable, for what can't be used.
    """
    from_file = read_toml(file)[0] if is_there(file) else {}
    _convert(from_file, source=str(file))
    from_environment = _variables(os.environ if environ is None else environ)
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    return _convert({**from_file, **from_environment, **given}, source="The command line")


def hub_token(environ: Mapping[str, str] | None = None) -> str:
    """What HF_TOKEN holds, for whoever was told to send it; empty where it is not set."""
    return (os.environ if environ is None else environ).get("HF_TOKEN", "")


def dumb_terminal(environ: Mapping[str, str] | None = None) -> str | None:
    """What TERM calls a terminal that can't move its cursor, "" among it; None for all others."""
    term = (os.environ if environ is None else environ).get("TERM", "")
    return term if term in ("", "dumb", "unknown") else None


def find_editor(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The user's editor and its arguments, as VISUAL or EDITOR say; raises ConfigError where neither does."""
    env = os.environ if environ is None else environ
    for variable in ("VISUAL", "EDITOR"):
        if value := env.get(variable, "").strip():
            try:
                return tuple(shlex.split(value))
            except ValueError:
                raise ConfigError(f"{variable} has a quote that does not end.") from None
    raise ConfigError("No editor is set: export EDITOR=nano, for example")


def _variables(environ: Mapping[str, str]) -> dict[str, object]:
    """LOCALR1_<NAME> of every setting; each is checked alone, so that an error can name it."""
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(Config):
        if field.name in TABLES:
            continue
        for variable in (_ELSEWHERE.get(field.name, ""), f"LOCALR1_{field.name.upper()}"):
            if value := environ.get(variable):
                config = _convert({field.name: value}, source=variable, strict=False)
                found[field.name] = getattr(config, field.name)
    return found


def _convert(values: Mapping[str, object], *, source: str, strict: bool = True) -> Config:
    try:
        return msgspec.convert(dict(values), Config, strict=strict)
    except msgspec.ValidationError as error:
        raise ConfigError(
            f"{source}: {_sentence(error)}.", hint="docs/configuration.md lists every setting."
        ) from None


def _sentence(error: msgspec.ValidationError) -> str:
    """msgspec says "Expected `int` >= 0 - at `$.context`"; people want to know what they may write there."""
    problem, _, place = str(error).partition(" - at `$.")
    name = place.rstrip("`").partition("[")[0]
    for field in msgspec.structs.fields(Config):
        if field.name == name:
            return f"{name} must be {_allowed(msgspec.inspect.type_info(field.type))}"
    return problem.replace("Object contains unknown field", "there is no setting")


def _allowed(kind: msgspec.inspect.Type) -> str:
    kinds = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    return " or ".join(_described(each) for each in kinds if each != msgspec.inspect.NoneType())


def _described(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
        case msgspec.inspect.IntType(ge=least, le=most):
            return f"a whole number from {least:,} to {most:,}"
        case msgspec.inspect.FloatType(ge=least, le=most):
            return f"a number from {least:g} to {most:g}"
        case _:
            return _KINDS.get(type(kind), "a text")


_KINDS = {msgspec.inspect.BoolType: "true or false", msgspec.inspect.DictType: "a table of texts"}
