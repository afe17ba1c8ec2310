"""localr1 models show: everything that is known of a model."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.chat_counts import chat_counts
from localr1.cli.fits import Fits
from localr1.cli.hub.options import token_options
from localr1.cli.json_output import print_json
from localr1.cli.models.fact_lines import fact_lines
from localr1.cli.models.facts import Facts, facts_of_entry, facts_of_local
from localr1.cli.parameter_types import ModelName
from localr1.cli.pull.quants import Choice, choice_lines, choices_of_entry
from localr1.config_sources import load_config
from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import GGUFHeader, read_header
from localr1.gguf.split_model import split_model
from localr1.hub.target import hub_target
from localr1.library.chat_model import not_for_chat
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.paths import find_paths

EPILOG = """\b
Examples:
  localr1 models show qwen-1.5b
  localr1 models show ~/Downloads/x.gguf
  localr1 models show hf:OWNER/REPO:Q4_K_M

Of a model on the hub a few megabytes are read, and nothing is kept.

Exit codes: 0 shown, 3 it is no model that can be used, 6 the hub."""


@click.command(epilog=EPILOG)
@click.argument("name", type=ModelName())
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@token_options
def show(name: str, *, as_json: bool, token_file: Path | None, use_token: bool) -> None:
    """Show what is known of model NAME, and whether it fits."""
    paths = find_paths()
    config = load_config(paths.config_file)
    library, fits = Library.open(paths), Fits.measure(paths, config)
    if model := _local(library, name):
        headers = _headers(model)
        _print(facts_of_local(model, headers, fits, chat_counts(paths).get(model.name, 0)), [], fits, as_json)
        _require_usable(model, headers[0])
    elif target := hub_target(name):
        from localr1.cli.hub.access import open_access
        from localr1.cli.models.remote_facts import look_up_remote

        access = open_access(config, token_file, use_token)
        _print(*look_up_remote(target, access, library.catalog, fits), fits, as_json)
    else:
        entry, file = library.catalog.find(name)
        _print(facts_of_entry(entry, file.quant, fits), choices_of_entry(entry, fits), fits, as_json)


def _local(library: Library, name: str) -> LocalModel | None:
    """The model on disk; None for one that is only on the hub or in the catalog."""
    try:
        return library.look_up(name)
    except ModelFileError:
        listed = name.partition(":")[0].lower() in {entry.name for entry in library.catalog.entries}
        if listed or hub_target(name):
            return None
        raise


def _headers(model: LocalModel) -> list[GGUFHeader]:
    split = split_model(model.path)
    return [read_header(path) for path in (split.parts() if split else (model.path,))]


def _print(facts: Facts, choices: list[Choice], fits: Fits, as_json: bool) -> None:
    if as_json:
        print_json(facts)
        return
    for line in fact_lines(facts, fits.machine.memory_free):
        click.echo(line)
    if len(choices) > 1:
        click.echo()
        for line in choice_lines(choices):
            click.echo(line)


def _require_usable(model: LocalModel, header: GGUFHeader) -> None:
    """Raises ModelFileError for what can be described but not used."""
    check_header(header)
    if problem := not_for_chat(header):
        raise ModelFileError(f"{model.path.name} is no chat model: it {problem}.")
