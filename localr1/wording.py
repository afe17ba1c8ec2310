"""Numbers and times in words that people read at a glance."""

from __future__ import annotations

from datetime import datetime, timedelta

from localr1.safe_text import safe_line

NAME_LENGTH = 32
"""Characters of the longest model's name that is shown whole."""


def duration(seconds: float) -> str:
    """A moment, 1.4 s, 12 s, 2 min 5 s, 1 h 3 min."""
    if seconds < 1:
        return "a moment"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def plural(count: int, noun: str) -> str:
    """1 message, 2,000 messages."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def when(timestamp: float, now: float) -> str:
    """The time of day, or the date of an earlier one, local; both arguments in seconds since the epoch."""
    moment, today = (datetime.fromtimestamp(value).astimezone() for value in (timestamp, now))
    days = (today.date() - moment.date()) // timedelta(days=1)
    if days == 0:
        return f"{moment:%H:%M}"
    if days == 1:
        return f"yesterday {moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"


def model_name(name: str, length: int = NAME_LENGTH) -> str:
    """A model's name on one line, cut to so many characters; of a path the file's name is left."""
    short = safe_line(name).rpartition("/")[2].removesuffix(".gguf")
    return short if len(short) <= length else f"{short[: length - 1]}…"
