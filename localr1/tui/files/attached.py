"""The files that a text mentions: found, read, and put into the message that is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from localr1.attachment import Attachment, pack
from localr1.errors import LocalR1Error, UsageError
from localr1.here import Here
from localr1.regular_file import is_directory, is_regular, is_there, require_regular
from localr1.text_file import read_text_file
from localr1.tui.files.held import Held
from localr1.tui.files.mention import Mention, mentions, path_mention, replaced


@dataclass(frozen=True, slots=True)
class Attached:
    """A mention with the file that it means, or with the reason why there is none."""

    mention: Mention
    file: Attachment
    encoding: str = ""
    problem: LocalR1Error | None = None


def attached(text: str, here: Here, held: Held) -> list[Attached]:
    """What the text mentions; looks at the disk and reads. What only looks like a mention is left out."""
    return [found for mention in mentions(text) if (found := _attached(mention, here, held))]


def message(text: str, found: Iterable[Attached]) -> str:
    """The message to send: each file once, then the text; raises the first problem that there is."""
    files: dict[str, Attachment] = {}
    words: list[tuple[Mention, str]] = []
    for each in found:
        if each.problem:
            raise each.problem
        name = _free_name(each, files)
        files[name] = Attachment(name, each.file.text)
        words.append((each.mention, path_mention(name)))
    return pack(list(files.values()), replaced(text, words))


def _free_name(each: Attached, files: dict[str, Attachment]) -> str:
    """The file's own name; its path where another file of the message has that name."""
    name = each.mention.name if each.mention.held else Path(each.mention.name).name
    return name if files.get(name, each.file).text == each.file.text else each.mention.name


def _attached(mention: Mention, here: Here, held: Held) -> Attached | None:
    if mention.held:
        text = held.get(mention.name)
        return None if text is None else Attached(mention, Attachment(mention.name, text))
    for spelled in dict.fromkeys((mention, mention.shorter)):
        if is_regular(here.path(spelled.name)):
            return _read(spelled, here)
    return _missing(mention.shorter, here)


def _read(mention: Mention, here: Here) -> Attached:
    try:
        file = read_text_file(here.path(mention.name))
        if not file.text.strip():
            raise UsageError(f"{mention.name} is empty.")
    except LocalR1Error as error:
        return _refused(mention, error, here)
    return Attached(mention, Attachment(mention.name, file.text), file.encoding)


def _missing(mention: Mention, here: Here) -> Attached | None:
    """A problem where a file is clearly meant; an `@word`, or a scope such as `@angular/core`, is text."""
    path = here.path(mention.name)
    begun = mention.quoted or mention.name.startswith(("/", "./", "../", "~/"))
    inside = "/" in mention.name and is_directory(path.parent)
    if not begun and not inside and (is_directory(path) or not is_there(path)):
        return None
    try:
        require_regular(path, UsageError)
    except UsageError as error:
        return _refused(mention, error, here)
    return _read(mention, here)


def _refused(mention: Mention, error: LocalR1Error, here: Here) -> Attached:
    """With the path in the sentence as the user spells it."""
    message = error.message.replace(str(here.path(mention.name)), mention.name)
    problem = UsageError(message, hint=error.hint)
    return Attached(mention, Attachment(mention.name, ""), problem=problem)
