"""Turns of a chat: the real worker, real models, a real database."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.chat.events import (
    AnswerDelta,
    Event,
    HistoryTrimmed,
    PromptProgress,
    ThinkingDelta,
    TurnDone,
)
from localr1.chat.session import ChatSession
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.errors import ContextError, EngineError, ModelFileError, StoppedError, TemplateError
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.message import FinishReason, Message, Reply, Role
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.engine.asking import ask, assistant, user
from tests.gguf_template import with_template

GREEDY = Config(temperature=0)
RAMBLING = Config(temperature=3, top_p=1, top_k=0, seed=1, context=2048)
"""So improbable that no reply ends by itself for a long time."""
QUESTION = "What is 47 + 85?"

Open = Callable[..., ChatSession]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A database file with its schema."""
    path = tmp_path / "chats.db"
    Database.open(path).close()
    yield path


@pytest.fixture
def chats(database: Path) -> Iterator[Chats]:
    """The chats in that file."""
    opened = Database.open(database)
    yield Chats(opened)
    opened.close()


@pytest.fixture
def open_session(chats: Chats, engine: Engine, nano: Path, tmp_path: Path) -> Open:
    """Opens a session with a model."""

    def open_session(
        config: Config = GREEDY, path: Path = nano, chat: Chat | None = None, engine: Engine = engine
    ) -> ChatSession:
        model = LocalModel(path.stem, path, 1, "F16")
        library = Library(load_catalog, tmp_path / "models")
        return ChatSession(chats, engine, model, config, chat, library=library)

    return open_session


async def send(session: ChatSession, text: str) -> list[Event]:
    async with aclosing(session.send(text)) as turn:
        return [event async for event in turn]


def done(events: list[Event]) -> Message:
    last = events[-1]
    assert isinstance(last, TurnDone)
    return last.message


def shown(events: list[Event], kind: type[ThinkingDelta] | type[AnswerDelta]) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


def is_text(event: Event) -> bool:
    return isinstance(event, ThinkingDelta | AnswerDelta)


async def test_a_turn_goes_from_the_prompt_over_thinking_and_answer_to_its_end(open_session: Open) -> None:
    events = await send(open_session(), QUESTION)
    order = list(dict.fromkeys(type(event) for event in events))
    assert order == [PromptProgress, ThinkingDelta, AnswerDelta, TurnDone]


async def test_thinking_and_raw_reply_are_kept_beside_the_answer_with_reason_and_statistics(
    open_session: Open,
) -> None:
    session = open_session()
    events = await send(session, QUESTION)
    reply = done(events)
    assert reply.text == shown(events, AnswerDelta) != ""
    assert reply.thinking == shown(events, ThinkingDelta) != ""
    assert reply.thinking in reply.raw
    assert reply.raw.endswith(reply.text)
    assert reply.finish_reason is FinishReason.STOP
    assert reply.model == "nano"
    assert reply.stats
    assert 0 < reply.stats.thinking_tokens < reply.stats.generated_tokens
    assert reply.stats.evaluated_tokens == reply.stats.prompt_tokens
    assert session.history()[-1] == reply


async def test_a_chat_begins_with_its_first_question(open_session: Open, chats: Chats) -> None:
    session = open_session()
    assert session.history() == []
    await send(session, QUESTION)
    [chat] = chats.list()
    question = session.history()[0]
    assert (chat.title, chat.model) == (QUESTION, "nano")
    assert (question.role, question.text) == (Role.USER, QUESTION)


async def test_a_chat_goes_on_in_another_session(open_session: Open, chats: Chats) -> None:
    await send(open_session(), QUESTION)
    await send(open_session(chat=chats.latest()), "Now add 5.")
    assert [message.role.value for message in chats.branch(chats.list()[0].id)] == ["user", "assistant"] * 2


async def test_history_is_sent_without_its_thinking(open_session: Open, engine: Engine) -> None:
    session = open_session()
    answer = done(await send(session, QUESTION)).text
    second = done(await send(session, "Now add 5."))
    same = await ask(engine, user(QUESTION), assistant(answer), user("Now add 5."), max_tokens=1)
    assert second.stats
    assert second.stats.prompt_tokens == same.done.prompt_tokens
    assert same.done.evaluated_tokens == 1


async def test_a_question_is_saved_before_the_model_is_even_loaded(
    open_session: Open, chats: Chats, tmp_path: Path
) -> None:
    with pytest.raises(ModelFileError):
        await send(open_session(path=tmp_path / "absent.gguf"), QUESTION)
    assert [message.text for message in chats.branch(chats.list()[0].id)] == [QUESTION]


async def test_after_an_unanswered_question_the_next_one_is_its_sibling(
    open_session: Open, tmp_path: Path
) -> None:
    lost = open_session(path=tmp_path / "absent.gguf")
    for text in ("First?", "Second?"):
        with pytest.raises(ModelFileError):
            await send(lost, text)
    assert [message.text for message in lost.history()] == ["Second?"]
    session = open_session(chat=lost.chat)
    await send(session, QUESTION)
    assert [message.text for message in session.history()][:-1] == [QUESTION]


async def test_a_growing_reply_is_on_disk_for_whoever_opens_the_file_after_a_kill(
    open_session: Open, database: Path, smollm2: Path
) -> None:
    session = open_session(RAMBLING, smollm2)
    copy = Database.open(database)
    try:
        async with aclosing(session.send("Tell me a story.")) as turn:
            async for event in turn:
                assert not isinstance(event, TurnDone)
                assert session.chat
                on_disk = Chats(copy).branch(session.chat.id)[-1]
                if on_disk.raw:
                    break
        assert on_disk.role is Role.ASSISTANT
        assert on_disk.finish_reason is FinishReason.INTERRUPTED
        assert on_disk.text == on_disk.raw
        assert on_disk.stats is None
    finally:
        copy.close()


async def test_stopping_ends_a_reply_and_keeps_what_came(open_session: Open, smollm2: Path) -> None:
    session = open_session(RAMBLING, smollm2)
    events: list[Event] = []
    async with aclosing(session.send("Tell me a story.")) as turn:
        async for event in turn:
            if is_text(event) and not any(map(is_text, events)):
                await session.stop()
            events.append(event)
    reply = done(events)
    assert reply.finish_reason is FinishReason.CANCELLED
    assert reply.text == shown(events, AnswerDelta) != ""
    assert reply.stats
    assert session.history()[-1] == reply


async def test_stopping_while_the_model_is_loaded_is_told_and_leaves_the_question(
    open_session: Open,
) -> None:
    session = open_session()
    turn = asyncio.create_task(send(session, QUESTION))
    await asyncio.sleep(0)
    await session.stop()
    with pytest.raises(StoppedError) as stopped:
        await turn
    assert stopped.value.exit_code == 130
    assert [message.text for message in session.history()] == [QUESTION]
    assert done(await send(session, QUESTION)).finish_reason is FinishReason.STOP


async def test_stopping_when_nothing_runs_does_nothing(open_session: Open) -> None:
    session = open_session()
    await session.stop()
    await send(session, QUESTION)
    await session.stop()
    assert done(await send(session, QUESTION)).finish_reason is FinishReason.STOP


async def test_a_turn_that_is_left_early_is_saved_as_interrupted(open_session: Open, smollm2: Path) -> None:
    session = open_session(RAMBLING, smollm2)
    async with aclosing(session.send("Tell me a story.")) as turn:
        async for event in turn:
            if is_text(event):
                break
    left = session.history()[-1]
    assert left.finish_reason is FinishReason.INTERRUPTED
    assert left.text
    again = open_session(Config(max_tokens=3, context=2048), smollm2, session.chat)
    assert done(await send(again, "Go on.")).finish_reason is FinishReason.LENGTH


async def test_what_came_before_a_worker_was_killed_is_saved_and_the_next_message_works(
    open_session: Open, engine: Engine, smollm2: Path
) -> None:
    session = open_session(RAMBLING, smollm2)
    with pytest.raises(EngineError, match="SIGKILL") as died:
        async with aclosing(session.send("Tell me a story.")) as turn:
            async for event in turn:
                if is_text(event) and engine.pid:
                    os.kill(engine.pid, signal.SIGKILL)
    assert died.value.exit_code == 4
    partial = session.history()[-1]
    assert partial.finish_reason is FinishReason.INTERRUPTED
    assert partial.text
    again = open_session(Config(max_tokens=3, context=2048), smollm2, session.chat)
    assert done(await send(again, "Go on.")).finish_reason is FinishReason.LENGTH


def fill(chats: Chats, *questions: str) -> Chat:
    """A chat of these questions and their answers."""
    chat = chats.create(title="long")
    parent: int | None = None
    for text in questions:
        question = chats.add_user_message(chat.id, parent, text)
        reply = chats.start_reply(chat.id, question.id, "nano")
        parent = chats.save_reply(reply.id, Reply("132.", "", "132.", FinishReason.STOP)).id
    return chat


async def test_a_history_that_does_not_fit_loses_its_oldest_exchanges_and_says_so_once(
    open_session: Open, chats: Chats
) -> None:
    chat = fill(chats, *(f"{letter * 100}?" for letter in "abcd"))
    events = await send(open_session(Config(temperature=0, context=512), chat=chat), QUESTION)
    trims = [event for event in events if isinstance(event, HistoryTrimmed)]
    assert trims == [HistoryTrimmed(4)]
    assert events[0] == trims[0]
    assert done(events).text
    assert len(chats.branch(chat.id)) == 10  # left out of the request, kept in the chat


async def test_a_message_that_does_not_fit_alone_is_refused_and_leaves_the_chat_usable(
    open_session: Open,
) -> None:
    session = open_session(Config(temperature=0, context=512))
    await send(session, QUESTION)
    before = session.history()
    with pytest.raises(ContextError) as refused:
        await send(session, "7" * 300)
    assert refused.value.exit_code == 5
    assert [message.text for message in session.history()][2:] == ["7" * 300]
    await send(session, QUESTION)
    assert session.history()[:2] == before
    assert [message.text for message in session.history()][2] == QUESTION


async def test_an_unanswered_question_before_it_never_makes_a_message_too_long(
    open_session: Open, chats: Chats
) -> None:
    chat = chats.create(title="stopped while thinking")
    question = chats.add_user_message(chat.id, None, "7" * 250)
    chats.start_reply(chat.id, question.id, "nano")
    events = await send(open_session(Config(temperature=0, context=512), chat=chat), QUESTION)
    assert events[0] == HistoryTrimmed(2)
    assert done(events).text


async def test_a_template_that_does_not_open_the_thinking_gets_it_opened(
    open_session: Open, nano: Path, tmp_path: Path
) -> None:
    new = done(await send(open_session(), QUESTION))
    source = (await open_session().load()).template
    assert '<think>\\n"' in source
    old = with_template(nano, tmp_path / "old.gguf", source.replace('<think>\\n"', '"'))
    reply = done(await send(open_session(path=old), QUESTION))
    assert (reply.thinking, reply.text) == (new.thinking, new.text)


@pytest.mark.parametrize(
    "config",
    [
        Config(temperature=0, chat_template="deepseek-r1"),
        Config(temperature=0, chat_templates={"bare": "deepseek-r1", "other": "phi"}),
    ],
    ids=["for all", "for this one"],
)
async def test_a_model_without_a_template_answers_with_the_one_that_is_named(
    open_session: Open, nano: Path, tmp_path: Path, config: Config
) -> None:
    bare = with_template(nano, tmp_path / "bare.gguf", None)
    with pytest.raises(TemplateError, match=r"bare\.gguf"):
        await open_session(path=bare).load()
    given = done(await send(open_session(config, path=bare), QUESTION))
    assert given.text == done(await send(open_session(), QUESTION)).text


async def test_max_tokens_of_the_configuration_end_a_reply(open_session: Open) -> None:
    reply = done(await send(open_session(Config(max_tokens=5)), QUESTION))
    assert reply.finish_reason is FinishReason.LENGTH
    assert reply.stats
    assert reply.stats.generated_tokens == 5


async def test_the_seed_of_the_configuration_draws_the_same_reply(open_session: Open) -> None:
    config = Config(temperature=2, top_p=1, seed=11, max_tokens=60)
    replies = [done(await send(open_session(config), QUESTION)).raw for _ in range(2)]
    assert replies[0] == replies[1]


async def test_a_model_that_is_cut_between_two_questions_is_told_and_not_asked(
    open_session: Open, nano: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copy(nano, tmp_path / "cut.gguf"))
    session = open_session(path=model)
    await send(session, QUESTION)
    os.truncate(model, 100_000)
    with pytest.raises(ModelFileError, match=r"cut\.gguf is cut short"):
        await send(session, "And now add 5.")
    shutil.copy(nano, model)
    assert done(await send(session, "And now add 5.")).text
