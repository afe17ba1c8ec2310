"""What `localr1 pull` does, from the names to the models that are here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from localr1.cli.confirmation import can_ask
from localr1.cli.fits import Fits
from localr1.cli.hub.access import open_access
from localr1.cli.path_output import print_path
from localr1.cli.progress.progress import open_progress
from localr1.cli.pull.download import download
from localr1.cli.pull.finder import Finder, Wanted
from localr1.cli.pull.quants import choice_lines, usual
from localr1.cli.pull.view import JSONView, WordsView
from localr1.cli.usage_hint import print_usage
from localr1.config_sources import load_config
from localr1.errors import ModelFileError, StoppedError, UsageError
from localr1.fit.verdict import Fit, Verdict
from localr1.hub.choice import AmbiguousError
from localr1.library.chat_model import read_chat_model
from localr1.library.library import Library
from localr1.paths import find_paths
from localr1.safe_text import safe_line


@dataclass(frozen=True, slots=True)
class Pulling:
    """Everything that it takes."""

    finder: Finder
    library: Library

    @classmethod
    def open(cls, token_file: Path | None, use_token: bool) -> Pulling:
        """With the settings in force."""
        paths = find_paths()
        config = load_config(paths.config_file)
        library = Library.open(paths)
        access = open_access(config, token_file, use_token)
        return cls(Finder(access, library.catalog, Fits.measure(paths, config)), library)

    def print_choices(self, names: Sequence[str]) -> None:
        """The quants of each model."""
        for name in names:
            if len(names) > 1:
                click.echo(click.style(safe_line(name), bold=True))
            for line in choice_lines(self.finder.choices(name)):
                click.echo(line)

    def pull(self, names: Sequence[str], *, anyway: bool, quiet: bool, as_json: bool) -> None:
        """Fetch them all; raises UsageError, ModelFileError, DownloadError or StoppedError."""
        wanted = [self._find(name) for name in dict.fromkeys(names)]
        for each in wanted:
            self._warn(each, self.finder.fit(each), ask=not (anyway or quiet or as_json), quiet=quiet)
        paths = []
        with open_progress(quiet=quiet or as_json) as progress:
            view = JSONView() if as_json else WordsView(progress)
            for path in download(wanted, self.finder.access, self.library.directory, view):
                paths.append(path)
                if not as_json and not sys.stdout.isatty():
                    print_path(path)
        if not (quiet or as_json):
            for path in paths:
                self._tell_use(path)

    def _tell_use(self, path: Path) -> None:
        """How to ask a model that has come, or why it can't be asked, although it is what the hub has."""
        try:
            read_chat_model(path)
        except ModelFileError as error:
            click.echo(safe_line(f"But it can't be used: {error.message} {error.hint}"), err=True)
        else:
            print_usage(self.library.look_up(str(path)).name)

    def _find(self, name: str) -> Wanted:
        """The model that is meant; what there is to choose from is shown before that is an error."""
        try:
            return self.finder.wanted(name)
        except AmbiguousError as error:
            choices = self.finder.choices(name)
            for line in choice_lines(choices):
                click.echo(line, err=True)
            raise UsageError(error.message, hint=f"Choose one: localr1 pull {usual(choices).name}") from None

    def _warn(self, wanted: Wanted, fit: Fit | None, *, ask: bool, quiet: bool) -> None:
        """Say what a model needs that is no easy fit; on a terminal, ask about one that does not fit."""
        warning = self.finder.fits.warning(wanted.name, fit)
        if not warning or quiet:
            return
        click.echo(safe_line(f"{warning} {self.finder.smaller(wanted)}"), err=True)
        too_big = fit is not None and fit.verdict is Verdict.TOO_BIG
        if too_big and ask and can_ask() and not click.confirm("Fetch it anyway?", err=True):
            raise StoppedError("Nothing was fetched.")
