"""Damaged models, fetched again as far as they are damaged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from localr1.cli.hub.access import HubAccess
from localr1.cli.progress.progress import Progress
from localr1.cli.pull.download import download
from localr1.cli.pull.finder import Wanted
from localr1.cli.pull.view import WordsView
from localr1.errors import ModelFileError
from localr1.hub.hub import Hub
from localr1.hub.target import HubTarget
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.library.repair import keep_beginnings
from localr1.library.verify import Verified
from localr1.safe_text import safe_line


def repair_models(
    damaged: Sequence[Verified], library: Library, access: HubAccess, progress: Progress
) -> None:
    """Fetch what is wrong in each; raises ModelFileError at the end for those that came from nowhere."""
    for verified in filter(_came_from_hub, damaged):
        wanted = access.ask(partial(_origin, verified.model))
        keep_beginnings(verified)
        for _ in download([wanted], access, library.directory, WordsView(progress)):
            click.echo(safe_line(f"{verified.model.name}: repaired"))
    if rest := [verified.model.name for verified in damaged if not _came_from_hub(verified)]:
        raise ModelFileError(
            f"Where it came from is not known, so it can't be repaired: {', '.join(rest)}.",
            hint="Remove it, and pull or import it again.",
        )


def _came_from_hub(verified: Verified) -> bool:
    record = verified.model.record
    return record is not None and record.how == "pulled"


def _origin(model: LocalModel, hub: Hub) -> Wanted:
    """The same files, in the repository and at the commit that they were pulled from."""
    repo, commit = (model.record.repo, model.record.commit) if model.record else ("", "")
    for remote in hub.models(HubTarget(repo, commit)):
        if remote.name == model.path.name:
            return Wanted(model.name, remote, model.entry)
    raise ModelFileError(f"{repo} has no {model.path.name} any more.", hint="Pull another model.")
