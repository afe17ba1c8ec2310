"""The facts about a model as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from localr1.catalog_entry import Scores
from localr1.cli.chat_counts import chats_text
from localr1.cli.fits import fit_lines
from localr1.cli.models.facts import Facts
from localr1.safe_text import safe_line
from localr1.units import size_text, weights_text

LEAST_SHARE = 0.005
"""Of the weights; tensor types below it are not worth a word."""


def fact_lines(facts: Facts, free: int) -> Iterator[str]:
    """One fact a line, what is not known left out; `free` bytes of memory are."""
    yield click.style(safe_line(facts.title or facts.name), bold=True)
    for name, value in _rows(facts, free):
        if value:
            yield f"{click.style(f'{name:>12}', dim=True)}  {safe_line(value)}"


def _rows(facts: Facts, free: int) -> Iterator[tuple[str, str]]:
    yield "", facts.summary
    yield "name", facts.name
    yield "where", facts.place
    yield "source", facts.source
    yield "size", size_text(facts.size)
    yield "architecture", _architecture(facts)
    yield "parameters", weights_text(facts.parameters) if facts.parameters else ""
    yield "quant", _quant(facts)
    yield "context", f"{facts.context:,} tokens" if facts.context else ""
    yield "vocabulary", f"{facts.vocabulary:,} tokens" if facts.vocabulary else ""
    yield "thinking", _thinking(facts)
    yield "base", facts.base
    yield "licence", f"{facts.license}. {facts.license_note}".rstrip(". ")
    yield "scores", _scores(facts.scores) if facts.scores else ""
    yield from (("sha256", sha256) for sha256 in facts.sha256)
    if facts.fit:
        yield from zip(("fit", ""), fit_lines(facts.fit, free), strict=True)
    yield "chats", chats_text(facts.chats) if facts.chats else ""


def _architecture(facts: Facts) -> str:
    if not facts.layers:
        return facts.architecture
    heads = f"{facts.heads} heads ({facts.key_value_heads} for keys and values)"
    return f"{facts.architecture}: {facts.layers} layers, {heads}, width {facts.embedding:,}"


def _quant(facts: Facts) -> str:
    mix = ", ".join(
        f"{each.name} {100 * each.share:.0f} %" for each in facts.quant_mix if each.share >= LEAST_SHARE
    )
    return f"{facts.quant}: {mix}" if mix else facts.quant


def _thinking(facts: Facts) -> str:
    if facts.tags:
        return f"between {facts.tags[0]} and {facts.tags[1]} ({facts.family})"
    if facts.has_template is None:
        return facts.family
    return "none that its template tells of" if facts.has_template else "not known: there is no chat template"


def _scores(scores: Scores) -> str:
    known = (
        ("AIME 2024", scores.aime24),
        ("MATH-500", scores.math500),
        ("GPQA", scores.gpqa_diamond),
        ("LiveCodeBench", scores.livecodebench),
    )
    return ", ".join(f"{name} {value:g} %" for name, value in known if value is not None)
