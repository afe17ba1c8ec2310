"""localr1 models recommend: the model for this machine."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from localr1.cli.json_output import print_json
from localr1.cli.machine import this_machine
from localr1.cli.table import room_on
from localr1.config_sources import load_config
from localr1.fit.need import Room
from localr1.fit.offers import Offer, offers
from localr1.fit.recommend import recommend as recommend_one
from localr1.library.library import Library
from localr1.paths import find_paths
from localr1.safe_text import safe_text


@dataclass(frozen=True, slots=True)
class Advice:
    """The recommendation, for programs."""

    name: str
    """What `localr1 pull` takes, or `localr1 -m` where it is here."""
    here: bool
    reason: str
    command: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def recommend(as_json: bool) -> None:
    """Say which model suits this machine best, and why."""
    paths = find_paths()
    machine = this_machine(paths)
    config = load_config(paths.config_file)
    room = Room(config.context, config.cache_type)
    chosen = recommend_one(offers(Library.open(paths), machine, room), machine)
    name = _name(chosen.offer)
    here = chosen.offer.local is not None
    command = f"localr1 models use {name}" if here else f"localr1 pull {name}"
    if as_json:
        print_json(Advice(name, here, chosen.reason, command))
        return
    columns = room_on(sys.stdout)
    for line in safe_text(chosen.reason).splitlines():
        click.echo(click.wrap_text(line, columns) if columns else line)
    click.echo(f"\n  {safe_text(command)}")


def _name(offer: Offer) -> str:
    """The bare name for the quant that it stands for."""
    if offer.local or not offer.entry:
        return offer.local.name if offer.local else offer.label
    return offer.entry.name if offer.quant == offer.entry.default else f"{offer.entry.name}:{offer.quant}"
