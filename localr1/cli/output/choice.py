"""The renderer that a plan asks for."""

from __future__ import annotations

import click

from localr1.cli.output.plan import Format, Part, Plan, ThinkingPlace
from localr1.cli.output.renderers import AsWritten, Json, JsonLines, Renderer, boxed, last_code
from localr1.safe_text import safe_text


def renderer_of(plan: Plan) -> Renderer:
    """A renderer for one turn; on a terminal nothing in it is an order to the terminal."""
    safe = safe_text if plan.on_terminal else _as_it_is
    match plan:
        case Plan(part=Part.LAST_CODE):
            return last_code(safe)
        case Plan(part=Part.BOXED):
            return boxed(safe)
        case Plan(format=Format.JSON):
            return Json(thinking=plan.thinking is not ThinkingPlace.HIDE)
        case Plan(format=Format.JSONL):
            return JsonLines(thinking=plan.thinking is not ThinkingPlace.HIDE)
    shows = plan.thinking in (ThinkingPlace.SHOW, ThinkingPlace.ONLY)
    answers = plan.thinking is not ThinkingPlace.ONLY
    quiet = _dim if plan.on_terminal and not plan.terminals.dumb else safe
    written = AsWritten(safe, quiet, thinking=shows, answer=answers)
    if plan.format is Format.TEXT or not answers:
        return written
    from localr1.cli.output.drawn import Drawn  # what draws takes a tenth of a second to import

    return Drawn(written, terminal=plan.on_terminal)


def _as_it_is(text: str) -> str:
    return text


def _dim(text: str) -> str:
    return click.style(safe_text(text), dim=True)
