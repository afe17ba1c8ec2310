"""A history that grows from 1,000 messages to a million: what starting, opening, listing and searching take.

.venv/bin/pytest -m bench -s tests/bench/test_growth.py
.venv/bin/pytest -m bench -s tests/bench/test_growth.py -k "not 100000"

The first one draws docs/growth.svg as well; it takes some minutes and a gigabyte in the temporary directory.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.query import read_query
from tests.bench.curves import curves_svg
from tests.bench.test_search import QUERIES, Texts, milliseconds

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""Messages."""
A_CHAT = 100
"""Messages in it."""
PLOT = Path(__file__).parents[2] / "docs" / "growth.svg"
START = "start: localr1 chats list"
OPEN_STORE = "open the store"
OPEN_CHAT = "open a chat"
PAGE = "first page of the panel"
SEARCH = "search, median"
SEARCH_HIGH = "search, p95"
SAVE = "save a question"
NAMES = (START, OPEN_STORE, OPEN_CHAT, PAGE, SEARCH, SEARCH_HIGH, SAVE)


class Growing:
    """One history, and what was measured of it at each size."""

    def __init__(self, home: Path) -> None:
        self.path = home / "data" / "chats.db"
        self.measured: dict[int, dict[str, float]] = {}
        self._home = home
        self._texts = Texts()
        self._chats = 0

    def grow(self, messages: int) -> None:
        """Add chats until there are so many messages; a chat ends with the one that was added last."""
        while self._chats * A_CHAT < messages:
            with closing(Database.open(self.path)) as database, database.transaction():
                for _ in range(min(100, messages // A_CHAT - self._chats)):
                    self._add_chat(database)

    def measure(self, messages: int) -> None:
        """Milliseconds of each thing, and the megabytes of the file."""
        times = {START: milliseconds(5, self._start)[0], OPEN_STORE: milliseconds(9, self._open)[0]}
        with closing(Database.open(self.path)) as database:
            chats = Chats(database)
            chat = chats.create()
            times[OPEN_CHAT] = milliseconds(9, lambda: chats.standing(self._chats))[0]
            times[PAGE] = milliseconds(9, lambda: chats.shelf.page(0, 100))[0]
            searches = [milliseconds(9, partial(chats.search.find, read_query(query))) for query in QUERIES]
            times[SEARCH] = sorted(middle for middle, _ in searches)[len(searches) // 2]
            times[SEARCH_HIGH] = max(high for _, high in searches)
            save = partial(chats.add_user_message, chat.id, None, "How long does this take?")
            times[SAVE] = milliseconds(21, save)[0]
        self.measured[messages] = times

    def _add_chat(self, database: Database) -> None:
        title = self._texts.text(20, 60)
        [(chat_id,)] = database.execute(
            "insert into chat (title, model, created_at) values (?, 'nano', 0) returning id", title
        )
        last: int | None = None
        for number in range(A_CHAT):
            role, longest = ("assistant", 300) if number % 2 else ("user", 80)
            [(last,)] = database.execute(
                "insert into message (chat_id, parent_id, role, text, created_at)"
                " values (?, ?, ?, ?, 0) returning id",
                *(chat_id, last, role, self._texts.text(20, longest)),
            )
        database.execute("update chat set leaf_id = ? where id = ?", last, chat_id)
        self._chats += 1

    def _open(self) -> None:
        Database.open(self.path).close()

    def _start(self) -> None:
        command = (sys.executable, "-m", "localr1", "chats", "list", "-n", "20")
        subprocess.run(command, env={"LOCALR1_HOME": str(self._home)}, capture_output=True, check=True)


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    growing = Growing(tmp_path_factory.mktemp("growth"))
    yield growing
    growing.path.unlink(missing_ok=True)


@pytest.mark.parametrize("messages", SIZES)
def test_measure_a_history_of(messages: int, growing: Growing) -> None:
    growing.grow(messages)
    growing.measure(messages)
    size = growing.path.stat().st_size
    print(f"\n{messages:,} messages in {messages // A_CHAT:,} chats, {size / 1e6:,.0f} MB")
    for name in NAMES:
        print(f"  {name:28} {growing.measured[messages][name]:9.1f} ms")


def test_print_and_draw_how_times_grow(growing: Growing, tmp_path: Path) -> None:
    sizes = sorted(growing.measured)
    print(f"\n{'milliseconds at':28}", *(f"{size:>11,}" for size in sizes), "      ratio", sep="")
    for name in NAMES:
        times = [growing.measured[size][name] for size in sizes]
        print(f"{name:28}", *(f"{time:11.1f}" for time in times), f"{times[-1] / times[0]:11.1f}", sep="")
    curves = {name: [(size, growing.measured[size][name]) for size in sizes] for name in NAMES[:-1]}
    plot = PLOT if sizes == list(SIZES) else tmp_path / PLOT.name
    plot.write_text(curves_svg("A history that grows", "messages", curves), encoding="utf-8")
    print(f"drawn: {plot}")
