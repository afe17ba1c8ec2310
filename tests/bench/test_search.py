"""A history of 100,000 messages: how long searching, listing, saving and erasing take.

.venv/bin/pytest -m bench -s tests/bench/test_search.py
"""

from __future__ import annotations

import random
import statistics
import sysconfig
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.migrations import MIGRATIONS
from localr1.store.query import read_query
from localr1.store.search_schema import create_search

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

CHATS = 10_000
TURNS = 5
QUERIES = (
    *("t", "th", "the", "def", "self", "return", "connection", "import sys", "frobnicate", "zz"),
    *(
        "the return value",
        '"return value"',
        "tag:work the",
        "tag:none the",
        "in:thinking the",
        "größer",
        "哪个",
    ),
)


class Texts:
    """Words as people and programs write them: the standard library's own sources."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        library = Path(sysconfig.get_paths()["stdlib"])
        sources = sorted(library.glob("*.py"))
        self._words = [word for file in sources for word in file.read_text("utf-8", "replace").split()]

    def text(self, shortest: int, longest: int) -> str:
        length, parts = self._random.randint(shortest, longest), [""]
        while len(parts[0]) < length:
            begin = self._random.randrange(len(self._words) - 60)
            parts[0] += " ".join(self._words[begin : begin + 60]) + " "
        return parts[0][:length]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history from before there was a search."""
    path = tmp_path_factory.mktemp("history") / "chats.db"
    with closing(Database.open(path, migrations=MIGRATIONS[: MIGRATIONS.index(create_search)])) as database:
        texts = Texts()
        with database.transaction():
            for chat_id in range(1, CHATS + 1):
                add_chat(database, chat_id, texts)
    return path


def add_chat(database: Database, chat_id: int, texts: Texts) -> None:
    title = texts.text(20, 60)
    database.execute("insert into chat values (?, ?, 'nano', 0, null, '{}', 0, null)", chat_id, title)
    for _ in range(TURNS):
        for role, answer, thinking in (
            ("user", texts.text(20, 300), ""),
            ("assistant", texts.text(100, 2000), texts.text(500, 4500)),
        ):
            database.execute(
                "insert into message (chat_id, role, text, created_at, thinking) values (?, ?, ?, 0, ?)",
                *(chat_id, role, answer, thinking),
            )
    if chat_id % 10 == 0:
        database.execute("insert into chat_tag values (?, 'work')", chat_id)


def milliseconds(times: int, work: Callable[[], object]) -> tuple[float, float]:
    """The middle one and the 95th percentile."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), sorted(taken)[int(times * 0.95)]


def say(what: str, times: int, work: Callable[[], object]) -> None:
    middle, high = milliseconds(times, work)
    print(f"{what:32} {middle:8.1f} ms, p95 {high:8.1f} ms")


def test_print_the_times_of_a_long_history(path: Path) -> None:
    begin = time.perf_counter()
    Database.open(path).close()
    print(f"\n{CHATS * TURNS * 2:,} messages, opened in {time.perf_counter() - begin:.1f} s,", end=" ")
    print(f"indexed in {seconds_to_index(path):.1f} s,")
    print(f"{path.with_name('chats.db.v4.bak').stat().st_size / 1e6:,.0f} MB before and", end=" ")
    print(f"{path.stat().st_size / 1e6:,.0f} MB with the index")
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        for query in QUERIES:
            say(f"search {query}", 20, partial(chats.search.find, read_query(query)))
        say("first page of the list", 20, lambda: chats.shelf.page(0, 100))
        say("last page of the list", 20, lambda: chats.shelf.page(CHATS - 100, 100))
        say("whole list", 5, chats.list)
        save_and_erase(chats)


def seconds_to_index(path: Path) -> float:
    """Without the pauses that the chat makes."""
    begin = time.perf_counter()
    with closing(Database.open(path)) as database:
        indexing = Chats(database).search.indexing()
        while indexing.step():
            pass
    return time.perf_counter() - begin


def save_and_erase(chats: Chats) -> None:
    texts = Texts()
    chat = chats.create()
    reply = chats.start_reply(chat.id, None, "nano")
    growing = Reply(texts.text(1000, 1000), texts.text(3000, 3000), "", FinishReason.STOP)
    say("save a growing reply", 40, lambda: chats.save_reply(reply.id, growing, growing=True))
    say(
        "make and index a reply",
        40,
        lambda: chats.save_reply(chats.start_reply(chat.id, None, "").id, growing),
    )
    ids = iter(range(1, 100))
    say("delete a chat", 10, lambda: chats.deletions.add(next(ids)))
    say("erase ten", 1, chats.deletions.erase)
