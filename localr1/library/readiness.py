"""Whether a model may be run: it is there, it is whole, and it is still what was checked."""

from __future__ import annotations

from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.library.local_model import LocalModel


def require_ready(model: LocalModel) -> LocalModel:
    """The model; raises ModelFileError that says why it can't be run and what to do."""
    if model.missing:
        raise ModelFileError(
            f"{model.name} is gone: there is no {model.path} any more.",
            hint=f"`localr1 models remove {model.name}` forgets it.",
        )
    _require_text(model)
    _require_whole(model)
    _require_unchanged(model)
    return model


def _require_text(model: LocalModel) -> None:
    """Chats and settings keep the name, and they are text."""
    try:
        model.name.encode()
    except UnicodeEncodeError:
        raise ModelFileError(
            f"The name of {model.name} is not valid text.", hint="Rename the file."
        ) from None


def _require_whole(model: LocalModel) -> None:
    split = split_model(model.path)
    if split and (missing := split.missing()):
        raise ModelFileError(
            f"{model.name} is incomplete: of its {split.count:,} parts, there is no {missing}.",
            hint=f"Put the missing parts into {split.directory}.",
        )


def _require_unchanged(model: LocalModel) -> None:
    """What another program keeps is that program's to change."""
    if model.record is None or model.record.how == "referenced":
        return
    if not all(file.describes(model.path.parent) for file in model.record.files):
        raise ModelFileError(
            f"{model.name} has changed since it was checked.", hint=f"localr1 models verify {model.name}"
        )
