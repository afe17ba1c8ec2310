"""What a file is, by its first bytes, when it is not the GGUF model that it was taken for."""

from __future__ import annotations

import codecs
from typing import NamedTuple


class FileKind(NamedTuple):
    """A name with its article, and what to do about such a file."""

    name: str
    hint: str = "localr1 runs models in the GGUF format only."


_FETCH_AGAIN = "Fetch the model again."
_PAGE = FileKind("a web page", "A login or an error page was saved in its place; fetch the model again.")
_OLD = FileKind("a model from before the GGUF format", "Look for a GGUF file of the same model.")
_TEXT = FileKind(
    "a text", "An error may have been saved in its place: look into it, and fetch the model again."
)
_ARCHIVE = "Unpack it; if it is a PyTorch checkpoint, look for a GGUF file of the same model."
_BEGINNINGS = {
    b"version https://git-lfs": FileKind("a Git LFS pointer", "Run `git lfs pull` where it came from."),
    b"PK\x03\x04": FileKind("a zip archive", _ARCHIVE),
    b"\x1f\x8b": FileKind("a gzip archive", "Unpack it."),
    b"(\xb5/\xfd": FileKind("a zstd archive", "Unpack it."),
    b"\xfd7zXZ": FileKind("an xz archive", "Unpack it."),
    b"7z\xbc\xaf": FileKind("a 7z archive", "Unpack it."),
    b"lmgg": _OLD,
    b"fmgg": _OLD,
    b"tjgg": _OLD,
    b"\x89PNG": FileKind("a picture"),
    b"\xff\xd8\xff": FileKind("a picture"),
    b"%PDF": FileKind("a PDF document"),
    b"\x7fELF": FileKind("a program"),
}


def kind_of(first: bytes) -> FileKind:
    """The kind of a file that begins with these bytes, of which 64 are enough."""
    for beginning, kind in _BEGINNINGS.items():
        if first.startswith(beginning):
            return kind
    if first[8:9] == b"{" and first[4:8] == bytes(4):
        return FileKind("a safetensors file", "Look for a GGUF file of the same model.")
    if not first.strip(b"\0"):
        return FileKind("a file of zeros", _FETCH_AGAIN)
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return _PAGE
    if text.startswith((b"{", b"[")):
        return FileKind("a JSON file")
    return _TEXT if _is_text(first) else FileKind("a file of another kind", _FETCH_AGAIN)


def _is_text(first: bytes) -> bool:
    """Whether it is UTF-8 that can be seen; its last character may be cut."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)
