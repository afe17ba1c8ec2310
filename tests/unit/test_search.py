"""Search: what is found, in which order, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.filters import Filter
from localr1.store.migrations import MIGRATIONS
from localr1.store.query import Query, read_query
from localr1.store.search import FOUND_IN_A_CHAT, SCANNED, Hit
from localr1.store.search_schema import create_search
from localr1.store.snippet import Snippet, marked, snippet

QUESTION = "Welche Zahl ist größer, 9.11 oder 9.9? 9.11 和 9.9 哪个更大？"


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database.in_memory()) as database:
        yield database


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


def reply(chats: Chats, chat_id: int, answer: str, thinking: str = "", *, growing: bool = False) -> int:
    message = chats.start_reply(chat_id, None, "nano")
    chats.save_reply(message.id, Reply(answer, thinking, "", FinishReason.STOP), growing=growing)
    return message.id


def found(chats: Chats, text: str) -> list[Hit]:
    return chats.search.find(read_query(text))


def found_messages(chats: Chats, text: str) -> list[int | None]:
    return [hit.message_id for hit in found(chats, text)]


@pytest.mark.parametrize(
    "text",
    [
        "größer",
        "GRÖSSER"[:3].lower(),
        "grö",
        "Zahl ist",
        "ist Zahl",
        '"ist größer"',
        "röß",
        "哪个更",
        "哪",
        "9.",
        "9.9",
    ],
)
def test_any_part_of_a_word_finds_it_in_every_script(chats: Chats, text: str) -> None:
    message = chats.add_user_message(chats.create().id, None, QUESTION)
    chats.add_user_message(chats.create().id, None, "something else")
    assert found_messages(chats, text) == [message.id]


def test_case_and_accents_do_not_count(chats: Chats) -> None:
    message = chats.add_user_message(chats.create().id, None, "Élan À la carte, Ωmega, STRASSE")
    for text in ("elan", "ÉLAN", "e\u0301lan", "ωmega", "strasse", "a la carte"):
        assert found_messages(chats, text) == [message.id]


def test_all_words_must_be_there_and_a_phrase_as_it_was_written(chats: Chats) -> None:
    chat = chats.create()
    message = chats.add_user_message(chat.id, None, "the river carries the ones")
    chats.add_user_message(chats.create().id, None, "carries the river")
    assert found_messages(chats, '"river carries"') == [message.id]
    assert len(found_messages(chats, "river carries")) == 2
    assert found_messages(chats, "river ones carries") == [message.id]
    assert found_messages(chats, "river nothing") == []


def test_a_short_word_beside_a_long_one_must_be_there_as_well(chats: Chats) -> None:
    message = chats.add_user_message(chats.create().id, None, "river of 47 stones")
    chats.add_user_message(chats.create().id, None, "river of 48 stones")
    assert found_messages(chats, "river 47") == [message.id]


def test_a_percent_sign_or_an_underscore_means_itself(chats: Chats) -> None:
    message = chats.add_user_message(chats.create().id, None, "100% of a_b\\c")
    chats.add_user_message(chats.create().id, None, "100 of ab")
    for text in ("%", "_", "0%", "\\", "a_b"):
        assert found_messages(chats, text) == [message.id]


def test_short_words_are_looked_for_in_the_newest_messages_only(database: Database, chats: Chats) -> None:
    chat = chats.create()
    old = chats.add_user_message(chat.id, None, "xy")
    with database.transaction():
        for _ in range(SCANNED):
            database.execute(
                "insert into message (chat_id, role, text, created_at) values (?, 'user', '', 0)", chat.id
            )
    assert found_messages(chats, "xy") == []
    chats.add_user_message(chat.id, old.id, "xy again")
    assert len(found_messages(chats, "xy")) == 1


def test_titles_come_first_and_follow_every_change(chats: Chats) -> None:
    talked = chats.create()
    message = chats.add_user_message(talked.id, None, "of apples and pears")
    titled = chats.create(title="Äpfel and Apples")
    assert [(hit.chat.id, hit.message_id) for hit in found(chats, "apple")] == [
        (titled.id, None),
        (talked.id, message.id),
    ]
    chats.rename(titled.id, "Plums")
    assert found_messages(chats, "apple") == [message.id]
    assert found(chats, "plums")[0].snippet == Snippet("Plums", ((0, 5),))


def test_what_fits_better_comes_first(chats: Chats) -> None:
    good = chats.add_user_message(chats.create().id, None, "river river river")
    poor = chats.add_user_message(chats.create().id, None, "river " + "and much else " * 50)
    assert found_messages(chats, "river") == [good.id, poor.id]


def test_one_chat_leaves_room_for_others(chats: Chats) -> None:
    chat = chats.create()
    for _ in range(10):
        chats.add_user_message(chat.id, None, "river")
    assert len(found_messages(chats, "river")) == FOUND_IN_A_CHAT


def test_thinking_is_searched_only_when_asked_for(chats: Chats) -> None:
    chat = chats.create()
    answer = reply(chats, chat.id, "132", "carry the one")
    assert found_messages(chats, "carry") == []
    [hit] = found(chats, "in:thinking carry")
    assert (hit.message_id, hit.snippet) == (answer, Snippet("carry the one", ((0, 5),)))


def test_a_growing_reply_is_found_once_it_is_settled(database: Database, chats: Chats) -> None:
    chat = chats.create()
    message = reply(chats, chat.id, "half of the river", growing=True)
    assert found_messages(chats, "river") == found_messages(chats, "of") == []
    chats.save_reply(message, Reply("the whole river", "", "", FinishReason.STOP))
    assert found_messages(chats, "river") == found_messages(chats, "he") == [message]
    chats.save_reply(message, Reply("another lake", "", "", FinishReason.STOP))
    assert found_messages(chats, "river") == []
    check_index(database)


def check_index(database: Database) -> None:
    """Raises DatabaseError where the index and the messages differ."""
    database.execute("insert into message_search (message_search, rank) values ('integrity-check', 1)")
    database.execute("insert into chat_search (chat_search, rank) values ('integrity-check', 1)")


def test_tags_and_models_narrow_the_search_as_they_are_written(chats: Chats) -> None:
    tagged, other = chats.create(model="qwen-1.5b"), chats.create(model="nano")
    first, second = (chats.add_user_message(chat.id, None, "river") for chat in (tagged, other))
    chats.shelf.tag(tagged.id, ("work",))
    assert found_messages(chats, "tag:wo river") == [first.id]
    assert found_messages(chats, "river model:NANO") == [second.id]
    assert found_messages(chats, "tag:work model:nano river") == []
    assert [chat.id for chat in chats.shelf.page(0, 9, read_query("tag:work").among)] == [tagged.id]


def test_deleted_chats_are_not_found_until_they_come_back(chats: Chats) -> None:
    chat = chats.create(title="river")
    chats.add_user_message(chat.id, None, "river ox")
    chats.deletions.add(chat.id)
    assert found(chats, "river") == found(chats, "ox") == []
    chats.deletions.undo(chat.id)
    assert len(found(chats, "river")) == 2


def test_a_message_of_50_mb_is_searched_from_its_beginning(database: Database, chats: Chats) -> None:
    message = chats.add_user_message(chats.create().id, None, "begin " + "x" * 50_000_000 + " end")
    assert found_messages(chats, "begin") == [message.id]
    assert found_messages(chats, " end") == []
    chats.delete(message.chat_id)
    check_index(database)


def test_chats_from_before_there_was_a_search_are_found(tmp_path: Path) -> None:
    before = MIGRATIONS[: MIGRATIONS.index(create_search)]
    with closing(Database.open(tmp_path / "chats.db", migrations=before)) as database:
        database.execute("insert into chat (title, model, created_at) values ('old river', '', 0)")
        database.execute(
            "insert into message (chat_id, role, text, created_at) values (1, 'user', 'a river', 0)"
        )
    with closing(Database.open(tmp_path / "chats.db")) as database:
        chats = Chats(database)
        assert chats.search.indexing().step()
        assert found_messages(chats, "river") == [None, 1]
        check_index(database)


ODD = (
    '"',
    "*",
    "NEAR(",
    "a AND",
    "^x",
    "text : x",
    "{text}",
    "-x",
    "a\0b",
    "\ud800",
    "(",
    "'",
    "tag:",
    "in:",
    'tag:"',
)


@pytest.mark.parametrize("text", [*ODD, *(f"river {odd} river" for odd in ODD)])
def test_nothing_that_a_user_types_is_an_error(chats: Chats, text: str) -> None:
    chats.add_user_message(chats.create().id, None, f"the river {text}")
    found(chats, text)


@given(st.text(alphabet=st.sampled_from('abc"*^-+(){}:\0\\%_\u0301 \n\ud800哪👍🏽tagin'), max_size=12))
def test_no_text_at_all_is_an_error(text: str) -> None:
    with closing(Database.in_memory()) as database:
        chats = Chats(database)
        message = chats.add_user_message(chats.create().id, None, text)
        assert set(found_messages(chats, text)) <= {message.id}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("two words two", Query(("two", "words"))),
        ('a "b c" d', Query(("a", "b c", "d"))),
        ('"not closed', Query(("not closed",))),
        ("tag:Work tag:#home x", Query(("x",), Filter(tags=("work", "home")))),
        ("model:QWEN", Query((), Filter(models=("qwen",)))),
        ("in:th x", Query(("x",), thinking=True)),
        ("in:here", Query(("in:here",))),
        ("tag: model: in: x", Query(("x",))),
        ("http://x.org", Query(("http://x.org",))),
    ],
)
def test_a_query_is_read_as_it_was_meant(text: str, query: Query) -> None:
    assert read_query(text) == query


def test_a_snippet_begins_shortly_before_what_was_found() -> None:
    text = "word " * 100 + "a River\n\n\tcarries " + "word " * 100
    cut = snippet(text, ("river", "CARRIES"))
    assert cut.text.startswith("…word word a River carries word")
    assert cut.text.endswith("…")
    assert [cut.text[begin:end] for begin, end in cut.marks] == ["River", "carries"]


def test_marks_that_touch_are_one(chats: Chats) -> None:
    assert marked("banana", ("ana", "nan", "b")).marks == ((0, 6),)


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marks_lie_within_the_line_in_order(text: str, words: list[str]) -> None:
    cut = snippet(text, words)
    places = [place for mark in cut.marks for place in mark]
    assert places == sorted(set(places))
    assert all(0 <= place <= len(cut.text) for place in places)
    assert "\n" not in cut.text
