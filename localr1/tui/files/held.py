"""Texts that the prompt holds for its mentions: long pastes, and the files of messages that are edited."""

from __future__ import annotations

from localr1.attachment import Attachment, pack, unpack
from localr1.safe_text import safe_line
from localr1.tui.files.mention import held_mention, mentions, replaced

_BRACKETS = str.maketrans("[]", "()")


class Held:
    """Each text has a name of its own for as long as the prompt lives."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._pastes = 0

    def get(self, name: str) -> str | None:
        """The text of this name; None where there is none."""
        return self._texts.get(name)

    def paste(self, text: str) -> str:
        """Hold a long paste; how it is mentioned."""
        self._pastes += 1
        return held_mention(self._hold(f"pasted text {self._pastes}", text))

    def written(self, message: str) -> str:
        """A message as it is written in the prompt: each of its files is held here, and mentioned."""
        files, question = unpack(message)
        lost = []
        for file in files:
            name = safe_line(file.name.translate(_BRACKETS))
            ours = held_mention(self._hold(name, file.text))
            theirs = [
                (each.shorter, ours) for each in mentions(question) if each.shorter.name in (file.name, name)
            ]
            question = replaced(question, theirs)
            if not theirs:
                lost.append(ours)
        return " ".join([*lost, question])

    def packed(self, text: str, limit: int) -> str:
        """What is written, with the texts that it mentions where these have at most `limit` characters."""
        names = dict.fromkeys(each.name for each in mentions(text) if each.held and each.name in self._texts)
        files = [Attachment(name, self._texts[name]) for name in names]
        return pack(files, text) if sum(len(file.text) for file in files) <= limit else text

    def _hold(self, name: str, text: str) -> str:
        """Hold a text under a name, or a similar one where that is another text's."""
        number, free = 1, name
        while self._texts.setdefault(free, text) != text:
            number += 1
            free = f"{name} ({number})"
        return free
