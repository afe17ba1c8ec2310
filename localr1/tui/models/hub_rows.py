"""What the hub has answered, as lines of the list."""

from __future__ import annotations

from localr1.config import Config
from localr1.errors import ModelFileError
from localr1.fit.machine import Machine
from localr1.fit.need import Room
from localr1.fit.shape import shape_of
from localr1.fit.verdict import Fit, judge
from localr1.gguf.header import GGUFHeader
from localr1.gguf.quant_name import quant_in
from localr1.hub.remote import FoundRepo, RemoteModel
from localr1.hub.target import HubTarget
from localr1.tui.downloads.downloads import Download
from localr1.tui.models.shelf import Choice, Place, Row
from localr1.wording import model_name, plural


def repo_row(repo: FoundRepo) -> Row:
    """A repository of which the models are not known yet."""
    about = [plural(repo.downloads, "download"), plural(repo.likes, "like")]
    about += [f"changed {repo.updated}"] if repo.updated else []
    about += ["its licence has to be accepted first"] if repo.gated else []
    name = f"hf:{repo.repo}"
    return Row(name, repo.repo, Place.HUB, (Choice("", 0, name=name),), about=", ".join(about))


def download_row(download: Download) -> Row:
    """A model that is on its way, and of which nothing else is known."""
    quant = quant_in(download.name.removesuffix(".gguf"))
    choice = Choice(quant, download.total, name=download.name)
    return Row(download.name, model_name(download.name), Place.HUB, (choice,))


def models_row(
    target: HubTarget,
    models: tuple[RemoteModel, ...],
    header: GGUFHeader | None,
    machine: Machine | None,
    config: Config,
) -> Row:
    """All quants in a repository; raises ModelFileError where there is none."""
    if not models or header is None:
        raise ModelFileError(
            f"There is no GGUF model in {target.repo}.",
            hint="Look for a repository whose name ends in -GGUF.",
        )
    revision = "" if target.revision == "main" else f"@{target.revision}"
    choices = tuple(
        Choice(
            model.quant or model.name.removesuffix(".gguf"),
            model.size,
            name=f"hf:{model.repo}{revision}:{model.files[0].path}",
            fit=_fit(model, header, machine, config),
        )
        for model in models
    )
    meant = [index for index, model in enumerate(models) if model.quant == (target.quant or "Q4_K_M")]
    about = f"A repository of the hub; its licence: {models[0].license or 'not stated'}."
    return Row(f"hf:{target.repo}", target.repo, Place.HUB, choices, (meant or [0])[0], about=about)


def _fit(model: RemoteModel, header: GGUFHeader, machine: Machine | None, config: Config) -> Fit | None:
    return judge(
        shape_of(header),
        model.size,
        machine,
        trained=header.context_length,
        room=Room(config.context, config.cache_type),
        gpu_layers=config.gpu_layers,
    )
