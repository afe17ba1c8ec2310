"""Whether a GGUF file is a model that can chat; several kinds that can't come in the same format."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import GGUFHeader, read_header
from localr1.gguf.split_model import split_model

_KINDS = {
    "adapter": "a LoRA adapter, which changes a model and is none",
    "mmproj": "the part of a model that sees pictures, not the one that chats",
    "imatrix": "a table that quantising uses, not a model",
}
"""By `general.type`."""
_ARCHITECTURES = {
    "clip": _KINDS["mmproj"],
    "bert": "an embedding model, which can't chat",
    "nomic-bert": "an embedding model, which can't chat",
    "nomic-bert-moe": "an embedding model, which can't chat",
    "jina-bert-v2": "an embedding model, which can't chat",
    "modern-bert": "an embedding model, which can't chat",
    "gemma-embedding": "an embedding model, which can't chat",
    "t5encoder": "an embedding model, which can't chat",
    "wavtokenizer-dec": "a model that speaks, which can't chat",
}

_HINT = "Look for an instruct model; one without a template can be used where it is, with --chat-template."


def read_chat_model(path: Path) -> tuple[GGUFHeader, ...]:
    """The headers of a model, one a part; raises ModelFileError for what is no whole model that can chat."""
    split = split_model(path)
    if split and (missing := split.missing()):
        raise ModelFileError(
            f"{split.stem} is incomplete: of its {split.count:,} parts, there is no {missing}.",
            hint=f"Put the missing parts into {split.directory}.",
        )
    first, *others = [read_header(part) for part in (split.parts() if split else (path,))]
    if split is None and first.split_count > 1:
        raise ModelFileError(
            f"{path.name} is part {first.split_index + 1:,} of {first.split_count:,} of a split model.",
            hint="Give it the name that it had: …-00001-of-00003.gguf.",
        )
    if problem := not_for_chat(first):
        raise ModelFileError(f"{path.name} is no chat model: it {problem}.", hint=_HINT)
    check_header(first)
    return first, *others


def not_for_chat(header: GGUFHeader) -> str:
    """Why a model can't chat, as what follows "it"; empty for one that can."""
    kind = _KINDS.get(header.text("general.type")) or _ARCHITECTURES.get(header.architecture)
    if kind:
        return f"is {kind}"
    if not header.tensors and header.split_count <= 1:
        return "holds no weights"
    if not header.vocabulary.size:
        return "has no vocabulary"
    if not header.chat_template:
        return "has no chat template"
    return ""
