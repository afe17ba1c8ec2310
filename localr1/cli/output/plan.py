"""What of a reply is printed, in which format, and where."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from localr1.environment import dumb_terminal
from localr1.errors import UsageError
from localr1.regular_file import is_free, require_regular


class Format(str, Enum):
    """How an answer is written."""

    AUTO = "auto"
    TEXT = "text"
    """As the model wrote it."""
    MARKDOWN = "markdown"
    """Drawn from the Markdown that the model wrote."""
    JSON = "json"
    JSONL = "jsonl"


class ThinkingPlace(str, Enum):
    """Where the thinking goes."""

    AUTO = "auto"
    HIDE = "hide"
    SHOW = "show"
    """Before the answer, on standard output."""
    ONLY = "only"
    """In the place of the answer."""
    STDERR = "stderr"
    FILE = "file"


class Part(str, Enum):
    """A part of an answer, in the place of all of it."""

    LAST_CODE = "--last-code"
    BOXED = "--boxed"


FOR_PROGRAMS = frozenset({Format.JSON, Format.JSONL})


@dataclass(frozen=True, slots=True)
class Terminals:
    """Which streams somebody looks at."""

    stdout: bool
    stderr: bool
    dumb: bool = False
    """They print lines and can do nothing else."""

    @classmethod
    def find(cls) -> Terminals:
        """Those of this process."""
        return cls(sys.stdout.isatty(), sys.stderr.isatty(), dumb=dumb_terminal() is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for, with what was left to choose chosen."""

    format: Format
    thinking: ThinkingPlace
    terminals: Terminals
    thinking_file: Path | None = None
    part: Part | None = None
    stream: bool = True
    """False prints nothing before the reply is whole."""
    file: Path | None = None
    """Where the output goes in place of standard output."""

    @property
    def on_terminal(self) -> bool:
        """Whether somebody sees the output as it comes."""
        return self.terminals.stdout and self.file is None


def make_plan(
    *,
    terminals: Terminals,
    output_format: str = "auto",
    thinking: str = "auto",
    part: Part | None = None,
    stream: bool = True,
    file: Path | None = None,
) -> Plan:
    """The plan for these options; raises UsageError where they exclude each other or a file can't be."""
    place, _, name = thinking.partition(":")
    plan = Plan(
        format=Format(output_format),
        thinking=ThinkingPlace(place),
        terminals=terminals,
        thinking_file=Path(name) if name else None,
        part=part,
        stream=stream and file is None and part is None and output_format != Format.JSON,
        file=file,
    )
    _refuse_contradictions(plan)
    for path in (plan.file, plan.thinking_file):
        if path is not None:
            _require_writable(path)
    return _chosen(plan)


def _refuse_contradictions(plan: Plan) -> None:
    both = plan.thinking in (ThinkingPlace.SHOW, ThinkingPlace.ONLY)
    if plan.part and (both or plan.format not in (Format.AUTO, Format.TEXT)):
        raise UsageError(
            f"{plan.part.value} prints a part of the answer as text.",
            hint="Leave out --format, and --thinking show and only.",
        )
    if plan.format in FOR_PROGRAMS and plan.thinking is ThinkingPlace.ONLY:
        raise UsageError(
            f"--format {plan.format.value} has a place for the thinking.", hint="Leave out --thinking only."
        )


def _require_writable(path: Path) -> None:
    """Told before the model has worked for minutes."""
    if not is_free(path):
        require_regular(path, UsageError)
    directory = path.resolve().parent
    if not directory.is_dir() or not os.access(directory, os.W_OK):
        raise UsageError(f"{path} can't be written: {directory} is no directory that you may write in.")


def _chosen(plan: Plan) -> Plan:
    """People at a terminal see the thinking dim and the answer drawn, programs get what they can read."""
    chosen, place = plan.format, plan.thinking
    if chosen is Format.AUTO:
        chosen = Format.MARKDOWN if plan.on_terminal and not plan.part else Format.TEXT
    if place is ThinkingPlace.AUTO:
        watched = plan.on_terminal and plan.terminals.stderr and plan.stream
        shown = ThinkingPlace.STDERR if watched else ThinkingPlace.HIDE
        place = ThinkingPlace.SHOW if chosen in FOR_PROGRAMS else shown
    return replace(plan, format=chosen, thinking=place)
