"""A model's own chat template, run as the foreign program it is: in a sandbox, with limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from localr1.engine.requests import ChatMessage
from localr1.engine.worker.errors import RequestFailedError
from localr1.engine.worker.limits import OutOfTimeError, limited_memory, limited_time

TIME_LIMIT = 0.8
"""Seconds that one rendering may take."""
OUTPUT_LIMIT = 1024 * 1024
"""Characters that a template may add to the conversation."""
MEMORY_LIMIT = 512 * 1024 * 1024
"""Bytes that one rendering may take beside what the process holds."""
REASON_LENGTH = 300
"""Characters that are told of what went wrong in it."""
NUMBER_LIMIT = 10**6
"""Largest operand of `*` and `**`; real templates count messages."""

FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What a foreign program can raise here; an error of ours passes through."""


class TemplateFailedError(RequestFailedError):
    """The template can't be used for this conversation; the text says why."""

    kind = "template"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Refuses arithmetic that would not end: one `10**(10**8)` can't be interrupted."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        for operand in (left, right):
            if isinstance(operand, int) and abs(operand) > NUMBER_LIMIT:
                raise TemplateFailedError(f"it multiplies by {operand:.3g}")
            if isinstance(operand, str | list | tuple) and len(operand) * _factor(left, right) > OUTPUT_LIMIT:
                raise TemplateFailedError("it writes too much")
        if operator == "**" and isinstance(right, int) and abs(right) > 64:
            raise TemplateFailedError("it raises to a large power")
        return super().call_binop(context, operator, left, right)


def _factor(left: Any, right: Any) -> int:
    return max((operand for operand in (left, right) if isinstance(operand, int)), default=1)


class ChatTemplate:
    """Renders conversations for one model."""

    def __init__(self, source: str, *, bos: str, eos: str) -> None:
        self._values = {"bos_token": bos, "eos_token": eos, "enable_thinking": True, "tools": None}
        environment = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=_EXTENSIONS)
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _raise_exception
        environment.globals["strftime_now"] = _strftime_now
        with _contained():
            self._template = environment.from_string(source)

    def render(self, messages: Sequence[ChatMessage], *, generation_prompt: bool = True) -> str:
        """The conversation as text; raises TemplateFailedError."""
        conversation = [{"role": message.role, "content": message.content} for message in messages]
        limit = OUTPUT_LIMIT + sum(len(message.content) for message in messages)
        parts: list[str] = []
        length = 0
        with _contained():
            for part in self._template.generate(
                messages=conversation, add_generation_prompt=generation_prompt, **self._values
            ):
                parts.append(part)
                length += len(part)
                if length > limit:
                    raise TemplateFailedError("it writes too much")
        return _as_text("".join(parts))


class _GenerationTag(Extension):
    """`{% generation %}…{% endgeneration %}` marks what a trainer learns from; here it is transparent."""

    def parse(self, parser: Any) -> Any:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


_GenerationTag.tags = {"generation"}
_EXTENSIONS = (loopcontrols, _GenerationTag)


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """As the trainers' template engine has it, where markup is not escaped."""
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _strftime_now(pattern: str) -> str:
    return datetime.now().astimezone().strftime(pattern)


def _raise_exception(message: object) -> NoReturn:
    raise TemplateFailedError(_as_text(str(message)[:REASON_LENGTH]))


def _as_text(text: str) -> str:
    """Text that can be sent: templates can write halves of characters, which no encoding knows."""
    return text.encode("utf-8", "replace").decode()


@contextmanager
def _contained() -> Iterator[None]:
    """Bound foreign code and turn whatever it raises into one error."""
    try:
        with limited_time(TIME_LIMIT), limited_memory(MEMORY_LIMIT):
            yield
    except OutOfTimeError:
        raise TemplateFailedError(f"it did not end within {TIME_LIMIT:g} s") from None
    except FAILURES as error:
        reason = f"{type(error).__name__}: {error}"[:REASON_LENGTH].rstrip(".")
        raise TemplateFailedError(_as_text(reason)) from None
