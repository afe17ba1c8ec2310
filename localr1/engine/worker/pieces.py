"""The text of a reply on its way to the app."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable

from localr1.engine.reports import Piece

INTERVAL = 0.05
"""Seconds; pieces that come faster travel together, as each one wakes the app on a core that computes."""


class PieceStream:
    """Joins the bytes of tokens to whole characters and sends them."""

    def __init__(
        self, request_id: int, send: Callable[[Piece], None], sample: int = 0, interval: float = INTERVAL
    ) -> None:
        self._id = request_id
        self._sample = sample
        self._interval = interval
        self._send = send
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting: list[str] = []
        self._sent_at = 0.0
        self.tokens = 0

    def add(self, data: bytes) -> None:
        """The bytes of one more token."""
        self.tokens += 1
        self._waiting.append(self._decoder.decode(data))
        if time.monotonic() - self._sent_at >= self._interval:
            self.flush()

    @property
    def whole(self) -> bool:
        """No character is half there."""
        return not self._decoder.getstate()[0]

    def close(self) -> None:
        """Send what waits; a character that was never finished becomes U+FFFD."""
        self._waiting.append(self._decoder.decode(b"", final=True))
        self.flush()

    def flush(self) -> None:
        """Send the characters that are whole."""
        if text := "".join(self._waiting):
            self._send(Piece(id=self._id, text=text, tokens=self.tokens, sample=self._sample))
            self._sent_at = time.monotonic()
        self._waiting.clear()
