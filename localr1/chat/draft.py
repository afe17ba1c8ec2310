"""The smaller model that guesses tokens for the one of a chat."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from localr1.config import Config
from localr1.fit.need import context_for, need_of
from localr1.fit.shape import shape_of
from localr1.gguf.check import check_header
from localr1.gguf.header import GGUFHeader, read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft model that is here."""

    path: Path
    memory: int
    """Bytes that it takes beside the chat's model."""


def draft_for(model: LocalModel, header: GGUFHeader, config: Config, library: Library) -> Draft | None:
    """The draft model of the settings; None without one, and for the model itself.

    Raises ModelFileError when it is not here, or can't be loaded.
    """
    if not config.draft_model or config.speculation == "off":
        return None
    draft = library.find(config.draft_model)
    if draft.path == model.path:
        return None
    drafting = read_header(draft.path)
    check_header(drafting)
    return Draft(draft.path, _memory(draft, drafting, context_for(config.context, header.context_length)))


def _memory(draft: LocalModel, header: GGUFHeader, context: int) -> int:
    shape = shape_of(header)
    return need_of(shape, draft.size - header.data_offset, context).total if shape else draft.size
