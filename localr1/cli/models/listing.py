"""localr1 models list: what is on disk, and what is worth getting."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from localr1.cli.chat_counts import chat_counts
from localr1.cli.fits import speed_of, verdict_text
from localr1.cli.json_output import print_json
from localr1.cli.machine import this_machine
from localr1.cli.table import room_on, table_lines
from localr1.config_sources import load_config
from localr1.fit.need import Room
from localr1.fit.offers import Offer, offers
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.paths import find_paths
from localr1.units import size_text

EPILOG = """FIT says whether a model goes into the memory that is free now, with the
context of the settings. SPEED is an estimate from the measured speed of the
memory. MATH-500 is in per cent, as the makers measured it.

\b
Examples:
  localr1 models list --here
  localr1 pull qwen-7b --list            all quants of one model
  localr1 models list --json | jq -r 'select(.here) | .name'"""

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One quant of one model, for programs; sizes in bytes."""

    name: str
    """What `localr1 -m` and `localr1 pull` take."""
    here: bool
    path: Path | None
    quant: str
    size: int
    parameters: str
    license: str
    math500: float | None
    verdict: str | None
    memory: int | None
    """What it needs of the main memory."""
    tokens_per_second: float | None
    chats: int


@click.command("list", epilog=EPILOG)
@click.option("--here", "part", flag_value="here", help="Only what is on this machine.")
@click.option("--available", "part", flag_value="available", help="Only what can be fetched.")
@click.option("--json", "as_json", is_flag=True, help="Every quant of every model as JSON, one a line.")
def list_models(part: str | None, as_json: bool) -> None:
    """List the models that are here, then those that can be fetched."""
    paths = find_paths()
    library = Library.open(paths)
    config = load_config(paths.config_file)
    listed = offers(library, this_machine(paths), Room(config.context, config.cache_type))
    here = [offer for offer in listed if offer.local] if part != "available" else []
    absent = [offer for offer in listed if not offer.local] if part != "here" else []
    counts = chat_counts(paths) if here else {}
    if as_json:
        for offer in (*here, *absent):
            print_json(_row(offer, counts))
        return
    if part != "available":
        gone = [model for model in library.models() if model.missing]
        _print_here(here, gone, counts)
    if part is None:
        click.echo()
    if part != "here":
        _print_available(_one_each(absent, here))


def _row(offer: Offer, counts: dict[str, int]) -> Row:
    entry, local, fit = offer.entry, offer.local, offer.fit
    name = local.name if local else f"{entry.name}:{offer.quant}" if entry else ""
    return Row(
        name=name,
        here=local is not None,
        path=local.path if local else None,
        quant=offer.quant,
        size=offer.size,
        parameters=entry.parameters if entry else "",
        license=entry.license if entry else local.record.license if local and local.record else "",
        math500=_score(offer),
        verdict=fit.verdict.value if fit else None,
        memory=fit.memory if fit else None,
        tokens_per_second=fit.tokens_per_second if fit else None,
        chats=counts.get(name, 0),
    )


def _one_each(absent: Sequence[Offer], here: Sequence[Offer]) -> list[Offer]:
    """Of each model that is not here in any quant, the one that its bare name stands for."""
    names = {offer.entry.name for offer in here if offer.entry}
    return [
        offer
        for offer in absent
        if offer.entry and offer.entry.name not in names and offer.quant == offer.entry.default
    ]


def _print_here(here: Sequence[Offer], gone: Sequence[LocalModel], counts: dict[str, int]) -> None:
    rows = [
        (
            local.name,
            offer.quant or "–",
            size_text(offer.size),
            verdict_text(offer.fit),
            speed_of(offer.fit),
            str(counts.get(local.name, 0)),
            offer.entry.summary if offer.entry else str(local.path),
        )
        for offer in here
        if (local := offer.local)
    ]
    rows += [(model.name, model.quant or "–", "–", "gone", "–", "–", str(model.path)) for model in gone]
    header = ("NAME", "QUANT", "SIZE", "FIT", "SPEED", "CHATS", "WHAT IT IS")
    lines = table_lines(header, rows, right=(2, 4, 5), room=_room(), spare=(5, 1, 4, 3))
    _print_section("On this machine", lines)


def _print_available(absent: Sequence[Offer]) -> None:
    header = ("NAME", "PARAMETERS", "QUANT", "SIZE", "FIT", "SPEED", "MATH-500", "LICENCE")
    rows = [
        (
            entry.name,
            entry.parameters,
            offer.quant,
            size_text(offer.size),
            verdict_text(offer.fit),
            speed_of(offer.fit),
            f"{score:g}" if (score := _score(offer)) is not None else "–",
            entry.license,
        )
        for offer in absent
        if (entry := offer.entry)
    ]
    lines = table_lines(header, rows, right=(1, 3, 5, 6), room=_room(), spare=(7, 1, 2, 6, 5, 4))
    _print_section("To be had", lines)
    click.echo("\n`localr1 pull NAME` fetches one, `localr1 models recommend` says which,", err=True)
    click.echo("and `localr1 models show NAME` all about it.", err=True)


def _print_section(title: str, lines: Sequence[str]) -> None:
    click.echo(click.style(title, bold=True))
    for line in lines:
        click.echo(f"{_INDENT}{line}")


def _room() -> int | None:
    columns = room_on(sys.stdout)
    return None if columns is None else columns - len(_INDENT)


def _score(offer: Offer) -> float | None:
    return offer.entry.scores.math500 if offer.entry and offer.entry.scores else None
