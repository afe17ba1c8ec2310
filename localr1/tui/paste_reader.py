"""Pastes, cut whole out of what a terminal sends; Textual's parser takes a second for each megabyte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.events import Paste
from textual.message import Message

ESCAPE = "\x1b"
START = "\x1b[200~"
END = "\x1b[201~"
BURST = 512
"""Characters of text that nobody types at once: a terminal that marks no pastes sends one so."""


class PasteReader:
    """Everything but pastes goes to Textual's parser; the same for every way of cutting the input."""

    def __init__(self, parser: XTermParser) -> None:
        self._parser = parser
        self._paste: list[str] | None = None
        """What came of the paste that runs; None while none does."""
        self._rest = ""
        """What may be the first part of a mark."""
        self._escape = False
        """The parser was given an escape last, which may begin a mark as well as be a key."""
        self._key_begun = False
        """The parser was given an escape, and may wait for more."""
        self._burst = False
        """A text came that nobody types so fast, and may go on."""

    def feed(self, data: str) -> Iterator[Message]:
        """The events in the next piece of input."""
        data, self._rest = self._rest + data, ""
        if self._escape:
            data = self._behind_escape(data)
        while data:
            if self._paste is None:
                keys, start, data = data.partition(START)
                if start:
                    self._paste = []
                else:
                    keys, self._rest = _without_beginning(keys, START)
                    self._escape = keys.endswith(ESCAPE)
                yield from self._typed(keys)
            else:
                text, end, data = data.partition(END)
                if not end:
                    text, self._rest = _without_beginning(text, END, shortest=1)
                self._paste.append(text)
                if end:
                    yield Paste("".join(self._paste).replace("\0", ""))
                    self._paste = None
        yield from self._parser.tick()

    def _typed(self, keys: str) -> Iterable[Message]:
        """What keys say; so much text at once is a paste as well, and so is what follows without a pause."""
        long_enough = len(keys) >= BURST or (self._burst and bool(keys))
        self._burst = long_enough and not self._key_begun and all(map(_is_text, keys))
        self._key_begun = ESCAPE in keys
        if self._burst:
            return [Paste(keys)]
        return self._parser.feed(keys) if keys else ()

    def _behind_escape(self, data: str) -> str:
        """What is left to read where a mark may go on here; then the parser forgets its escape."""
        if len(data) < len(START) - 1 and START[1:].startswith(data):
            self._rest = data
            return ""
        self._escape = False
        if data.startswith(START[1:]):
            self._paste = []
            for _ in self._parser.feed(START[1:] + END):
                pass  # an empty paste
            return data.removeprefix(START[1:])
        return data

    def tick(self) -> Iterable[Message]:
        """Nothing comes for a moment: the events that this makes of what came before."""
        self._escape = self._key_begun = self._burst = False
        if self._rest and self._paste is None:
            rest, self._rest = self._rest, ""
            yield from self._parser.feed(rest)
        yield from self._parser.tick()


def _is_text(character: str) -> bool:
    return character.isprintable() or character in "\r\n\t"


def _without_beginning(text: str, mark: str, shortest: int = 2) -> tuple[str, str]:
    """The text, and the part of a mark that it ends in; a shorter part than `shortest` stays."""
    for length in range(min(len(text), len(mark) - 1), shortest - 1, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""
