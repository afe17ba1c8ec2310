"""Which messages of a long chat are drawn: those around what is being read."""

from __future__ import annotations

from dataclasses import dataclass, replace

PAGE = 10
"""Messages drawn at once; each costs about 10 ms."""
LIMIT = 40
"""Messages that stay drawn on a usual screen: each costs time in every frame."""


@dataclass(frozen=True, slots=True)
class Window:
    """From the message `first` up to, and without, the message `end` of `total`."""

    first: int
    end: int
    total: int

    @classmethod
    def last(cls, total: int) -> Window:
        """The newest page."""
        return cls(max(0, total - PAGE), total, total)

    @classmethod
    def around(cls, index: int, total: int) -> Window:
        """A page that begins with this message, and half a page before it."""
        return cls(max(0, index - PAGE // 2), min(total, index + PAGE), total)

    @property
    def at_end(self) -> bool:
        """The newest message is among them."""
        return self.end == self.total

    def earlier(self, limit: int = LIMIT) -> Window:
        """One page more at the beginning; what exceeds the limit goes at the end."""
        first = max(0, self.first - PAGE)
        return replace(self, first=first, end=min(self.end, first + limit))

    def later(self, limit: int = LIMIT) -> Window:
        """One page more at the end; what exceeds the limit goes at the beginning."""
        end = min(self.total, self.end + PAGE)
        return replace(self, first=max(self.first, end - limit), end=end)

    def trimmed(self, limit: int = LIMIT) -> Window:
        """The newest of them, as many as the limit allows."""
        return replace(self, first=max(self.first, self.end - limit))
