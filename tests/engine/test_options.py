"""The options of a chat in its turns: the real worker, real models, a real database."""

from __future__ import annotations

from pathlib import Path

from localr1.chat.choices import InstructionsPlace
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.store.chats import Chats
from tests.engine.asking import GREEDY, ask, user
from tests.engine.sessions import QUESTION, Opener, run
from tests.gguf_template import with_template

WILD = Config(temperature=5, top_p=1, top_k=0, seed=5, max_tokens=30)
INSTRUCTIONS = "Answer in one word."


async def prompt_tokens(engine: Engine, text: str) -> int:
    """Tokens of a request with one question."""
    return (await ask(engine, user(text), sampling=GREEDY, max_tokens=1)).done.prompt_tokens


async def test_the_options_of_a_new_chat_are_kept_with_its_first_question(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano, Config(effort="low", temperature=0))
    assert session.options == ChatOptions(effort="low")
    session.set_options(ChatOptions(instructions=INSTRUCTIONS))
    assert chats.list() == []
    await run(session.send(QUESTION))
    [chat] = chats.list()
    assert chats.options(chat.id) == session.options == ChatOptions(instructions=INSTRUCTIONS)


async def test_an_older_chat_keeps_its_options_whatever_the_settings_are(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano, Config(effort="low"), chats.create())
    assert session.options == NO_OPTIONS


async def test_options_count_from_the_next_turn_on(opener: Opener, chats: Chats, nano: Path) -> None:
    session = opener(nano, WILD)
    wild = await run(session.send(QUESTION))
    session.set_options(ChatOptions(temperature=0.0))
    calm = await run(session.regenerate())
    assert calm.raw != wild.raw
    session.set_options(NO_OPTIONS)
    assert (await run(session.regenerate())).raw == wild.raw


async def test_what_is_given_goes_before_the_options_of_the_chat_and_is_not_kept(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano, WILD, given=ChatOptions(temperature=0.0))
    session.set_options(ChatOptions(temperature=5.0))
    calm = await run(session.send(QUESTION))
    assert (await run(opener(nano, WILD).send(QUESTION))).raw != calm.raw
    assert session.options == ChatOptions(temperature=5.0)


async def test_instructions_go_before_the_first_question_of_a_model_without_system_messages(
    opener: Opener, engine: Engine, nano: Path
) -> None:
    session = opener(nano)
    session.set_options(ChatOptions(instructions=INSTRUCTIONS))
    assert session.instructions_place is None
    reply = await run(session.send(QUESTION))
    assert session.instructions_place is InstructionsPlace.FIRST_QUESTION
    assert reply.stats
    assert reply.stats.prompt_tokens == await prompt_tokens(engine, f"{INSTRUCTIONS}\n\n{QUESTION}")
    assert session.history()[0].text == QUESTION


async def test_instructions_are_a_system_message_where_the_model_takes_one(
    opener: Opener, smollm2: Path
) -> None:
    session = opener(smollm2, Config(temperature=0, max_tokens=1, context=512))
    await session.load()
    assert session.instructions_place is InstructionsPlace.SYSTEM


async def test_a_template_that_refuses_system_messages_gets_none(
    opener: Opener, smollm2: Path, tmp_path: Path
) -> None:
    source = "{% if messages[0].role == 'system' %}{{ raise_exception('no!') }}{% endif %}<|im_start|>?"
    strict = with_template(smollm2, tmp_path / "strict.gguf", source)
    session = opener(strict, Config(temperature=0, max_tokens=1, context=512))
    session.set_options(ChatOptions(instructions=INSTRUCTIONS))
    await run(session.send(QUESTION))
    assert session.instructions_place is InstructionsPlace.FIRST_QUESTION
