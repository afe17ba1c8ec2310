"""localr1 models: what is on disk, and what is worth getting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from localr1.catalog_entry import CatalogEntry
    from localr1.library import Library, LocalModel

EPILOG = """\b
Examples:
  localr1 models list
  localr1 ask -m qwen-1.5b "…"           a model of the catalog that is on disk
  localr1 ask -m ~/Downloads/x.gguf "…"  any GGUF file, wherever it lies
"""


@click.group(epilog=EPILOG)
def models() -> None:
    """Show the models that can be used."""


@models.command("list")
def list_models() -> None:
    """List the models on disk, then those of the catalog that are not."""
    from localr1.catalog import load_catalog
    from localr1.cli.table import table_lines
    from localr1.library import Library
    from localr1.paths import find_paths

    directory = find_paths().models
    library = Library(load_catalog, directory)
    here = library.models()
    click.echo(click.style("On disk", bold=True))
    for line in table_lines(
        ("NAME", "QUANT", "SIZE", "WHAT IT IS"), [_here_row(model) for model in here], right=(2,)
    ):
        click.echo(f"  {line}")
    click.echo(click.style("\nIn the catalog", bold=True))
    header = ("NAME", "PARAMETERS", "QUANT", "SIZE", "MATH-500", "LICENCE")
    for line in table_lines(
        header, [_catalog_row(entry) for entry in _absent(library, here)], right=(1, 3, 4)
    ):
        click.echo(f"  {line}")
    click.echo(
        f"\nTo use one, put its GGUF file into {directory}, or name any file with -m.\n"
        "`localr1 ask -m NAME hello` says which file of which repository it is.\n"
        "MATH-500 is in per cent, as the makers measured it.",
        err=True,
    )


def _absent(library: Library, here: list[LocalModel]) -> list[CatalogEntry]:
    names = {model.entry.name for model in here if model.entry}
    return [entry for entry in library.catalog.entries if entry.name not in names]


def _here_row(model: LocalModel) -> tuple[str, str, str, str]:
    from localr1.units import size_text

    return (
        model.name,
        model.quant or "–",
        size_text(model.size),
        model.entry.summary if model.entry else str(model.path),
    )


def _catalog_row(entry: CatalogEntry) -> tuple[str, str, str, str, str, str]:
    from localr1.units import size_text

    file = entry.file("")
    score = entry.scores.math500 if entry.scores else None
    return (
        entry.name,
        entry.parameters,
        file.quant,
        size_text(file.size) if file.size else "–",
        f"{score:g}" if score is not None else "–",
        entry.license,
    )
