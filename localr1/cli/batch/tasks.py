"""What the lines of a file of prompts ask (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from localr1.cli.batch.lines import LIMIT
from localr1.errors import UsageError
from localr1.prompt_templates import PromptTemplate


@dataclass(frozen=True, slots=True)
class Task:
    """One line."""

    line: int
    """Its number in the file, from 1."""
    sha256: str
    """Of what is asked: tells that an answer belongs to it."""
    prompt: str = ""
    system: str = ""
    id: object = None
    """What the line calls itself, any JSON."""
    problem: str = ""
    """Why it can't be asked; empty for one that can."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How lines become questions.

    A line is a text, or an object with `prompt` and perhaps `system` and `id`. With a template, its variables
    are taken from the object's fields, a line that is only a text being `prompt`.
    """

    template: PromptTemplate | None = None
    system: str = ""
    """For lines that have none of their own."""

    def task(self, number: int, line: bytes) -> Task:
        """The question of a line that is not blank."""
        try:
            value = _value(line)
        except UsageError as error:
            return Task(number, _hash(line.decode("utf-8", "replace"), ""), problem=error.message)
        fields = {"prompt": value} if isinstance(value, str) else value
        if not isinstance(fields, dict):
            return Task(number, _hash(repr(value), ""), problem="This is neither a text nor an object.")
        try:
            prompt, system = self._asked(fields)
        except UsageError as error:
            return Task(number, _hash(repr(value), ""), id=fields.get("id"), problem=error.message)
        return Task(number, _hash(prompt, system), prompt, system, fields.get("id"))

    def _asked(self, fields: dict[str, Any]) -> tuple[str, str]:
        """Prompt and instructions; raises UsageError."""
        prompt, system = fields.get("prompt", ""), fields.get("system", "")
        if self.template:
            prompt = self.template.fill(dict(_variables(fields, self.template)))
        if not isinstance(prompt, str) or not prompt.strip():
            raise UsageError("It has no `prompt`, a text with something in it.")
        if not isinstance(system, str):
            raise UsageError("Its `system` is no text.")
        return prompt, system or self.system


def _value(line: bytes) -> Any:
    if len(line) > LIMIT:
        raise UsageError(f"It is longer than {LIMIT // 2**20} MiB.")
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"This is no JSON: {error}.") from None


def _variables(fields: dict[str, Any], template: PromptTemplate) -> Iterator[tuple[str, str]]:
    for name in template.variables:
        if name in fields:
            value = fields[name]
            yield name, value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _hash(prompt: str, system: str) -> str:
    return hashlib.sha256(f"{system}\0{prompt}".encode("utf-8", "replace")).hexdigest()
