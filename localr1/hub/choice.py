"""Which of the models in a repository is meant."""

from __future__ import annotations

from localr1.errors import ModelFileError, UsageError
from localr1.hub.remote import RemoteModel
from localr1.hub.target import HubTarget
from localr1.units import size_text

_LISTED = 20


class AmbiguousError(UsageError):
    """A name means several models; `choices` are these."""

    def __init__(self, message: str, *, hint: str, choices: tuple[RemoteModel, ...]) -> None:
        super().__init__(message, hint=hint)
        self.choices = choices


def choose(models: tuple[RemoteModel, ...], target: HubTarget) -> RemoteModel:
    """The one that is meant; raises ModelFileError where it is not there, AmbiguousError for several."""
    if not models:
        raise ModelFileError(
            f"There is no GGUF model in {target.repo}.",
            hint="Look for a repository whose name ends in -GGUF: localr1 models search TEXT",
        )
    found = meant(models, target)
    if not found:
        raise ModelFileError(
            f"There is no {target.file or target.quant} in {target.repo}.",
            hint=f"There are {_names(models)}.",
        )
    if len(found) > 1:
        raise AmbiguousError(
            f"{target.repo} holds {len(found)} models.", hint=f"Choose one: {_names(found)}.", choices=found
        )
    return found[0]


def meant(models: tuple[RemoteModel, ...], target: HubTarget) -> tuple[RemoteModel, ...]:
    """Those that a target means; any part stands for the whole of a split model."""
    if target.file:
        return tuple(model for model in models if target.file in (file.path for file in model.files))
    return tuple(model for model in models if target.quant in ("", model.quant))


def _names(models: tuple[RemoteModel, ...]) -> str:
    """Quants with their sizes; names of files where quants do not tell the models apart."""
    plain = len({model.quant for model in models} - {""}) == len(models)
    names = [
        f"{model.quant if plain else model.files[0].path} ({size_text(model.size)})"
        for model in models[:_LISTED]
    ]
    rest = len(models) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")
