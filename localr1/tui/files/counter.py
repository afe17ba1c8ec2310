"""Tokens of what is written: estimated at once, counted by the model when it has nothing else to do."""

from __future__ import annotations

from collections import OrderedDict

from localr1.chat.room import Tokens, estimate_tokens
from localr1.open_chat import OpenChat

REMEMBERED = 16
"""Texts whose counts are kept: a file is not counted again for each word that is written about it."""
MOST_CONTEXTS = 4
"""A text that fills the context as often is not counted: there is no doubt about it."""


class Counter:
    """Knows the tokens of texts for the model of the chat that is open."""

    def __init__(self, chat: OpenChat) -> None:
        self._chat = chat
        self._counted: OrderedDict[tuple[str, str], Tokens] = OrderedDict()

    def known(self, text: str) -> Tokens:
        """As well as it is known now."""
        if (key := self._key(text)) not in self._counted:
            return estimate_tokens(text)
        self._counted.move_to_end(key)
        return self._counted[key]

    async def count(self, text: str) -> Tokens:
        """Counted, where the model is there and has the time."""
        key = self._key(text)
        if (known := self.known(text)).exact or self.is_hopeless(text):
            return known
        number = await self._chat.session.count(text) if self._chat.session else None
        if number is None:
            return known
        self._counted[key] = Tokens(number, exact=True)
        while len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        return self._counted[key]

    def is_hopeless(self, text: str) -> bool:
        """There is no doubt that the context is far too small for a text."""
        info = self._chat.session.info if self._chat.session else None
        return info is not None and self.known(text).number > MOST_CONTEXTS * info.context

    def _key(self, text: str) -> tuple[str, str]:
        return (self._chat.session.model.name if self._chat.session else "", text)
