"""How long ago a chat was spoken in, as people tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

from localr1.store.chat import Chat


def group(chat: Chat, now: float) -> str:
    """Pinned, Today, Yesterday, The last 7 days, The last 30 days, October, October 2025."""
    if chat.pinned:
        return "Pinned"
    moment, today = _local(chat.updated_at), _local(now)
    days = (today.date() - moment.date()) // timedelta(days=1)
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    for span in (7, 30):
        if days < span:
            return f"The last {span} days"
    return f"{moment:%B}" if moment.year == today.year else f"{moment:%B %Y}"


def short_date(timestamp: float, now: float) -> str:
    """The time of day for today and yesterday, or the day: beside its group, that is enough."""
    moment, today = _local(timestamp), _local(now)
    if today.date() - moment.date() <= timedelta(days=1):
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"


def _local(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp).astimezone()
