"""The lines of a file of prompts, one question each."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from localr1.cli.stdin import say_if_waiting
from localr1.errors import UsageError
from localr1.prompt_templates import PromptTemplate
from localr1.regular_file import open_regular
from localr1.text_file import decode_marked

SIZE_LIMIT = 256 * 1024 * 1024
"""Bytes of the largest file of prompts."""


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


def read_tasks(path: Path, template: PromptTemplate | None, system: str = "") -> list[Task]:
    """The questions of a JSONL file, - for standard input; raises UsageError where it can't be read.

    A line is a text, or an object with `prompt` and perhaps `system` and `id`. With a template, its variables
    are taken from the object's fields, a line that is only a text being `prompt`. `system` is for lines that
    have none of their own. Empty lines are no tasks. The file is UTF-8, or UTF-16 with its mark.
    """
    data = _read(path)
    lines = data.split(b"\n")
    return [_task(number, line, template, system) for number, line in enumerate(lines, 1) if line.strip()]


def _read(path: Path) -> bytes:
    if path == Path("-"):
        if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
            raise UsageError("There are no prompts.", hint="localr1 batch prompts.jsonl > answers.jsonl")
        say_if_waiting()
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    else:
        with open_regular(path, UsageError) as file:
            data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise UsageError("There are more than 256 MiB of prompts.", hint="Split the file.")
    marked = decode_marked(data)
    return marked.text.encode("utf-8", "replace") if marked else data


def _task(number: int, line: bytes, template: PromptTemplate | None, default: str) -> Task:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Task(number, _hash(line.decode("utf-8", "replace"), ""), problem=f"This is no JSON: {error}.")
    fields = {"prompt": value} if isinstance(value, str) else value
    if not isinstance(fields, dict):
        return Task(number, _hash(repr(value), ""), problem="This is neither a text nor an object.")
    try:
        prompt, system = _asked(fields, template)
    except UsageError as error:
        return Task(number, _hash(repr(value), ""), id=fields.get("id"), problem=error.message)
    system = system or default
    return Task(number, _hash(prompt, system), prompt, system, fields.get("id"))


def _asked(fields: dict[str, Any], template: PromptTemplate | None) -> tuple[str, str]:
    """Prompt and instructions; raises UsageError."""
    prompt, system = fields.get("prompt", ""), fields.get("system", "")
    if template:
        prompt = template.fill(dict(_variables(fields, template)))
    if not isinstance(prompt, str) or not prompt.strip():
        raise UsageError("It has no `prompt`, a text with something in it.")
    if not isinstance(system, str):
        raise UsageError("Its `system` is no text.")
    return prompt, system


def _variables(fields: dict[str, Any], template: PromptTemplate) -> Iterator[tuple[str, str]]:
    for name in template.variables:
        if name in fields:
            value = fields[name]
            yield name, value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _hash(prompt: str, system: str) -> str:
    return hashlib.sha256(f"{system}\0{prompt}".encode("utf-8", "replace")).hexdigest()
