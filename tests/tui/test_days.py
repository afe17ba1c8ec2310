"""How long ago a chat was spoken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from localr1.store.chat import Chat
from localr1.tui.chats.days import group, short_date

NOW = datetime(2026, 11, 22, 0, 30).astimezone()
CHAT = Chat(id=1, title="", model="", created_at=0.0, updated_at=0.0, messages=1)


@pytest.mark.parametrize(
    ("ago", "section", "date"),
    [
        (timedelta(minutes=-5), "Today", "00:35"),
        (timedelta(minutes=20), "Today", "00:10"),
        (timedelta(minutes=40), "Yesterday", "23:50"),
        (timedelta(days=2), "The last 7 days", "20 Nov"),
        (timedelta(days=6), "The last 7 days", "16 Nov"),
        (timedelta(days=7), "The last 30 days", "15 Nov"),
        (timedelta(days=29), "The last 30 days", "24 Oct"),
        (timedelta(days=30), "October", "23 Oct"),
        (timedelta(days=400), "October 2025", "18 Oct 2025"),
    ],
)
def test_chats_are_told_apart_by_days_as_the_calendar_counts_them(
    ago: timedelta, section: str, date: str
) -> None:
    chat = replace(CHAT, updated_at=(NOW - ago).timestamp())
    assert group(chat, NOW.timestamp()) == section
    assert short_date(chat.updated_at, NOW.timestamp()) == date
    assert group(replace(chat, pinned=True), NOW.timestamp()) == "Pinned"
