"""Whole chats leave the store and come back: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from localr1.chat.document import to_json
from localr1.chat.exporting import Form
from localr1.chat.exporting import exported as written_as
from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation, Entry
from localr1.errors import DatabaseError, UsageError
from localr1.importing.bringing import Bringing, Report
from localr1.importing.recognition import read_chat
from localr1.importing.source import open_source
from localr1.message import FinishReason, Reply, Role, Stats, Vote, Votes
from localr1.store.chats import Chats
from localr1.store.conversations import Addition
from localr1.store.database import Database
from localr1.store.migrations import MIGRATIONS
from localr1.store.origin_schema import create_origins
from localr1.store.origins import take_ids
from localr1.store.query import read_query

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "chats.schema.json"
TEXTS = st.text(alphabet="ab \n\0\x1b🦀é", max_size=6)
SECONDS = st.floats(0, 4e9)
VOTES = st.builds(Vote, st.integers(1, 9), st.integers(0, 9), st.just((Votes("132", 2),)), st.floats(0, 1))
STATS = st.builds(Stats, *[st.integers(0, 9)] * 3, *[st.floats(0, 9)] * 2)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """A chat with whatever tree, in which two replies may well say the same."""
    count = draw(st.integers(1, 6))
    messages = tuple(
        Entry(
            id=number,
            parent=draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
            role=draw(st.sampled_from(Role)),
            text=draw(TEXTS),
            created_at=draw(SECONDS),
            thinking=draw(TEXTS),
            raw=draw(TEXTS),
            model=draw(TEXTS),
            finish_reason=draw(st.none() | st.sampled_from(FinishReason)),
            stats=(stats := draw(st.none() | STATS)),
            vote=draw(st.none() | VOTES) if stats else None,
        )
        for number in range(1, count + 1)
    )
    return Conversation(
        title=draw(TEXTS),
        created_at=draw(SECONDS),
        messages=messages,
        leaf=draw(st.none() | st.integers(1, count)),
        model=draw(TEXTS),
        options=draw(st.builds(ChatOptions, instructions=TEXTS, temperature=st.none() | st.floats(0, 2))),
        pinned=draw(st.booleans()),
        tags=draw(st.sampled_from([(), ("home",), ("home", "work")])),
        origin=draw(st.sampled_from(["localr1:1", "chatgpt:2"])),
    )


def exported(chats: Chats) -> str:
    return "".join(to_json(chats.conversations.get(chat.id) for chat in chats.list()))


@pytest.fixture
def chats() -> Iterator[Chats]:
    with closing(Database.in_memory()) as database:
        yield Chats(database, clock=lambda: 1000.5)


def bring(chats: Chats, path: Path) -> Report:
    bringing = Bringing(chats.conversations)
    with open_source(path) as source:
        for _ in bringing.bring(source):
            pass
    return bringing.report


@settings(max_examples=80, deadline=None)
@given(conversations())
def test_a_chat_comes_back_as_it_was(chat: Conversation) -> None:
    with closing(Database.in_memory()) as database:
        chats = Chats(database)
        text = "".join(to_json([chat]))
        found = read_chat(text[2:-3].encode(), 0.0).conversation
        assert chats.conversations.add(found) == Addition(True, len(chat.messages))
        assert exported(chats) == text
        assert chats.conversations.compare(found) == chats.conversations.add(found) == Addition(False, 0)
        assert exported(chats) == text


@settings(max_examples=30, deadline=None)
@given(conversations(), st.integers(1, 6))
def test_a_chat_that_has_grown_gets_what_is_new(chat: Conversation, count: int) -> None:
    begun = replace(chat, messages=chat.messages[:count], leaf=None)
    with closing(Database.in_memory()) as database:
        conversations = Chats(database).conversations
        conversations.add(begun)
        new = max(0, len(chat.messages) - count)
        assert conversations.compare(chat) == conversations.add(chat) == Addition(False, new)
        [chat_id] = [each.id for each in Chats(database).list()]
        assert len(conversations.get(chat_id).messages) == len(chat.messages)


def test_a_vote_comes_back_and_stands_in_the_exports_as_before(chats: Chats, tmp_path: Path) -> None:
    vote = Vote(samples=3, ended=2, votes=(Votes("132", 2),), share=1.0)
    begun = chats.create()
    question = chats.add_user_message(begun.id, None, "What is 47 + 85?")
    reply = chats.start_reply(begun.id, question.id, "nano")
    stats = Stats(1, 1, 1, 0.5, 0.5)
    chats.save_reply(reply.id, Reply("132", "", "132", FinishReason.STOP, stats, vote))
    path = tmp_path / "chats.json"
    path.write_text(exported(chats))
    with closing(Database.in_memory()) as database:
        others = Chats(database)
        bring(others, path)
        for form in Form:
            there = "".join(written_as(others, others.list(), form, thinking=False))
            assert there == "".join(written_as(chats, chats.list(), form, thinking=False))
            assert "132" in there.partition("2 of 2 say" if form is not Form.JSON else '"vote"')[2]


def test_what_was_said_here_since_stays_beside_what_comes(chats: Chats, tmp_path: Path) -> None:
    question = Entry(1, None, Role.USER, "Hi", 1.0)
    answer = Entry(2, 1, Role.ASSISTANT, "Hello.", 2.0, finish_reason=FinishReason.STOP)
    chat = Conversation("Greeting", 1.0, (question, answer), 2, origin="claude:1")
    chats.conversations.add(chat)
    [found] = chats.list()
    leaf = chats.branch(found.id)[-1]
    mine = chats.add_user_message(found.id, leaf.id, "And you?")
    chats.rename(found.id, "Mine")
    theirs = Entry(3, 2, Role.USER, "Thanks", 3.0)
    assert chats.conversations.add(replace(chat, messages=(question, answer, theirs), leaf=3)).messages == 1
    assert [each.text for each in chats.branch(found.id)] == ["Hi", "Hello.", "Thanks"]
    assert chats.siblings(found.id)[0].ids[0] == mine.id
    assert chats.get(found.id).title == "Mine"


def test_what_comes_from_elsewhere_stands_behind_what_was_said_here(chats: Chats) -> None:
    here = chats.create(title="here")
    chats.add_user_message(here.id, None, "Hi")
    for title, moment in (("old", 3000.0), ("new", 4000.7), ("older", 2000.0), ("new too", 4000.2)):
        entry = Entry(1, None, Role.USER, "Hello", moment)
        chats.conversations.add(Conversation(title, 1.0, (entry,), 1, origin=f"claude:{title}"))
    assert [chat.title for chat in chats.list()] == ["here", "new", "new too", "old", "older"]
    latest = chats.latest()
    assert latest is not None
    assert latest.title == "here"


def test_a_second_in_which_too_much_was_said_keeps_no_chat_away() -> None:
    with closing(Database.in_memory()) as database:
        Chats(database).create()
        given: set[int] = set()
        for _ in range(4):
            free = take_ids(database, 60_000, 5.0)
            assert not given & {*free}
            given |= {*free}
            for id_ in (free[0], free[-1]):
                database.execute(
                    "insert into message (id, chat_id, role, text, created_at) values (?, 1, 'user', '', 5)",
                    id_,
                )
        assert max(given) < 0


def test_a_deleted_chat_comes_again(chats: Chats) -> None:
    chat = Conversation("once", 1.0, (Entry(1, None, Role.USER, "Hi", 1.0),), 1, origin="claude:1")
    chats.conversations.add(chat)
    chats.deletions.add(chats.list()[0].id)
    assert chats.conversations.add(chat).is_new


def test_every_chat_that_begins_here_is_known_by_a_number_of_its_own(chats: Chats) -> None:
    origins = {chats.conversations.get(chats.create().id).origin for _ in range(3)}
    assert len(origins) == 3
    assert all(origin.startswith("localr1:") for origin in origins)


def test_a_chat_of_an_older_localr1_gets_such_a_number_too(tmp_path: Path) -> None:
    path, older = tmp_path / "chats.db", MIGRATIONS[: MIGRATIONS.index(create_origins)]
    with closing(Database.open(path, migrations=older)) as database:
        for _ in range(2):
            database.execute("insert into chat (title, model, created_at) values ('', '', 0)")
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        assert len({chats.conversations.get(chat.id).origin for chat in chats.list()}) == 2


def test_what_comes_is_found_by_the_search(chats: Chats) -> None:
    entry = Entry(1, None, Role.USER, "a heat pump", 1.0)
    chats.conversations.add(Conversation("", 1.0, (entry,), 1, origin="claude:1"))
    assert [hit.snippet.text for hit in chats.search.find(read_query("pump"))] == ["a heat pump"]


def test_a_chat_that_can_not_be_saved_whole_is_not_there_at_all(chats: Chats) -> None:
    bad = Entry(2, 1, Role.ASSISTANT, "Hello", float("nan"))
    good = (Entry(1, None, Role.USER, "Hi", 1.0), Entry(3, 2, Role.USER, "Bye", 3.0))
    chat = Conversation("half", 1.0, (good[0], bad, good[1]), 3, origin="claude:1")
    with pytest.raises(DatabaseError):
        chats.conversations.add(chat)
    assert chats.list() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "newer localr1"),
        ({"format": "another"}, "Invalid enum value"),
        ({"chat": {"title": 3}}, r"Expected `str`, got `int` - at `\$.chat.title`"),
    ],
)
def test_a_document_that_is_none_says_why(change: dict[str, object], reason: str) -> None:
    document = json.loads("".join(to_json([Conversation("t", 1.0, ())])))[0]
    with pytest.raises(UsageError, match=reason):
        read_chat(json.dumps({**document, **change}).encode(), 0.0)


@pytest.mark.parametrize(
    "messages",
    [
        (Entry(1, 1, Role.USER, "", 0.0),),
        (Entry(2, None, Role.USER, "", 0.0), Entry(1, None, Role.USER, "", 0.0)),
        (Entry(1, 2, Role.USER, "", 0.0), Entry(2, 1, Role.USER, "", 0.0)),
        (Entry(1, None, Role.USER, "", 1e30),),
    ],
)
def test_a_document_whose_tree_is_none_is_refused(messages: tuple[Entry, ...]) -> None:
    text = "".join(to_json([Conversation("t", 1.0, messages)]))
    with pytest.raises(UsageError):
        read_chat(text[2:-3].encode(), 0.0)


def test_a_document_is_as_its_schema_says(chats: Chats) -> None:
    chat = chats.create(title="Sums")
    question = chats.add_user_message(chat.id, None, "What is 47 + 85?")
    reply = chats.start_reply(chat.id, question.id, "nano")
    chats.save_reply(
        reply.id, Reply("132", "12, carry 1", "raw", FinishReason.STOP, Stats(1, 1, 1, 0.5, 0.5))
    )
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(exported(chats)))


def test_without_thinking_nothing_of_it_is_in_the_document(chats: Chats) -> None:
    entry = Entry(1, None, Role.ASSISTANT, "132", 1.0, thinking="secret", raw="<think>secret</think>132")
    assert "secret" not in "".join(to_json([Conversation("t", 1.0, (entry,))], thinking=False))


def test_many_chats_are_one_list_and_none_an_empty_one() -> None:
    chat = Conversation("t", 1.0, ())
    assert len(json.loads("".join(to_json([chat, chat])))) == 2
    assert json.loads("".join(to_json([]))) == []


def test_the_report_tells_new_grown_and_known_chats_apart(chats: Chats, tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    chat = Conversation("t", 1.0, (Entry(1, None, Role.USER, "Hi", 1.0),), 1, origin="localr1:1")
    grown = replace(chat, messages=(*chat.messages, Entry(2, 1, Role.ASSISTANT, "Hello.", 2.0)))
    empty = replace(chat, messages=(), leaf=None, origin="localr1:2")
    path.write_text("".join(to_json([chat, chat, grown, empty])))
    assert bring(chats, path) == Report(new=1, grown=1, messages=2, known=1)
