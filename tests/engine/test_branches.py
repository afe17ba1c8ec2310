"""Turns that are taken once more: the real worker, the bundled model, a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.config import Config
from localr1.errors import ModelFileError, UsageError
from localr1.message import Role
from localr1.store.chats import Chats
from tests.engine.sessions import QUESTION, Opener, run

RAMBLING = Config(temperature=3, top_p=1, top_k=0, context=2048, max_tokens=20)
"""So improbable that no two replies are the same."""


async def test_another_reply_stands_beside_the_first_and_is_drawn_anew(
    opener: Opener, chats: Chats, smollm2: Path
) -> None:
    session = opener(smollm2, RAMBLING)
    first = await run(session.send(QUESTION))
    second = await run(session.regenerate())
    assert second.parent_id == first.parent_id
    assert second.raw != first.raw
    assert chats.message(first.id) == first
    assert [message.id for message in session.history()] == [first.parent_id, second.id]


async def test_another_reply_is_asked_for_with_the_same_prompt(opener: Opener, nano: Path) -> None:
    session = opener(nano)
    await run(session.send(QUESTION))
    first = await run(session.send("Now add 5."))
    second = await run(session.regenerate())
    assert second.raw == first.raw
    assert first.stats and second.stats
    assert second.stats.prompt_tokens == first.stats.prompt_tokens


async def test_a_question_that_got_no_reply_gets_one(opener: Opener, nano: Path, tmp_path: Path) -> None:
    lost = opener(tmp_path / "absent.gguf")
    with pytest.raises(ModelFileError):
        await run(lost.send(QUESTION))
    session = opener(nano, chat=lost.chat)
    reply = await run(session.regenerate())
    assert [message.role for message in session.history()] == [Role.USER, Role.ASSISTANT]
    assert session.history()[-1] == reply


async def test_a_question_without_a_reply_that_is_sent_again_is_not_kept_twice(
    opener: Opener, chats: Chats, nano: Path, tmp_path: Path
) -> None:
    lost = opener(tmp_path / "absent.gguf")
    with pytest.raises(ModelFileError):
        await run(lost.send(QUESTION))
    reply = await run(opener(nano, chat=lost.chat).send(QUESTION))
    assert chats.get(reply.chat_id).messages == 2


async def test_where_nothing_was_asked_there_is_nothing_to_answer_again(opener: Opener, nano: Path) -> None:
    with pytest.raises(UsageError, match="Nothing has been asked"):
        await run(opener(nano).regenerate())


async def test_an_edited_question_is_asked_with_what_was_said_before_it(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano)
    first = await run(session.send(QUESTION))
    second = await run(session.send("Now add 5."))
    assert second.parent_id
    edited = await run(session.edit(second.parent_id, "Now add 6."))
    said = [message.text for message in session.history()]
    assert said == [QUESTION, first.text, "Now add 6.", edited.text]
    chats.show_branch(second.id)
    assert [message.text for message in session.history()] == [
        QUESTION,
        first.text,
        "Now add 5.",
        second.text,
    ]


async def test_a_question_that_is_edited_into_the_same_words_gets_another_reply(
    opener: Opener, nano: Path
) -> None:
    session = opener(nano)
    first = await run(session.send(QUESTION))
    assert first.parent_id
    again = await run(session.edit(first.parent_id, QUESTION))
    assert (again.parent_id, again.raw) == (first.parent_id, first.raw)
