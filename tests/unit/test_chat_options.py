"""The options of a chat: kept with it, and which of several choices holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.chat.choices import (
    InstructionsPlace,
    choose_sampling,
    choose_speculation,
    instructions_place,
)
from localr1.chat.families import PLAIN, Family, family_of
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.engine.reports import ModelInfo
from localr1.errors import DatabaseError, UsageError
from localr1.sampling import Sampling, SamplingChoice, Speculate
from localr1.store.chats import Chats
from localr1.store.database import Database

OPTIONS = ChatOptions(instructions="Be brief.", effort="low", temperature=0.2, top_p=0.5, top_k=7, min_p=0.1)
R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")
QWEN3 = family_of("<|im_start|> enable_thinking </think>", "<|im_start|>assistant\n", "qwen3")
ADVISED = Sampling(temperature=0.9, top_p=0.8, top_k=20, min_p=0.3)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "chats.db")) as database:
        yield database


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


def test_a_chat_has_no_options_of_its_own_unless_it_gets_some(chats: Chats) -> None:
    assert chats.options(chats.create().id) == NO_OPTIONS


def test_a_chat_keeps_the_options_that_it_began_with(chats: Chats) -> None:
    other = chats.create()
    assert chats.options(chats.create(options=OPTIONS).id) == OPTIONS
    assert chats.options(other.id) == NO_OPTIONS


def test_options_take_the_place_of_those_before_to_the_last_one(chats: Chats) -> None:
    chat = chats.create(options=OPTIONS)
    chats.set_options(chat.id, ChatOptions(effort=300))
    assert chats.options(chat.id) == ChatOptions(effort=300)


def test_options_that_only_a_newer_version_knows_are_kept(chats: Chats, database: Database) -> None:
    chat = chats.create()
    database.execute("update chat set options = ?", '{"mood": "calm", "effort": "off"}')
    assert chats.options(chat.id) == ChatOptions(effort="off")
    chats.set_options(chat.id, ChatOptions(top_k=3))
    [(text,)] = database.execute("select options from chat")
    assert '"mood":"calm"' in text
    assert chats.options(chat.id) == ChatOptions(top_k=3)


def test_instructions_may_hold_what_no_file_can(chats: Chats) -> None:
    chat = chats.create(options=ChatOptions(instructions='a\x00"\ud83d\ude00\ud800\n'))
    assert chats.options(chat.id).instructions == 'a\x00"😀\ufffd\n'


@pytest.mark.parametrize("text", ['{"effort": "extreme"}', '{"temperature": 9}', "[]", "{"])
def test_options_that_cannot_have_been_saved_are_told(chats: Chats, database: Database, text: str) -> None:
    chat = chats.create()
    database.execute("update chat set options = ?", text)
    with pytest.raises(DatabaseError, match=f"options of chat {chat.id} are damaged"):
        chats.options(chat.id)


def test_a_chat_that_is_gone_has_no_options(chats: Chats) -> None:
    with pytest.raises(UsageError, match="no chat 7"):
        chats.options(7)
    with pytest.raises(UsageError, match="no chat 7"):
        chats.set_options(7, OPTIONS)


def test_what_is_set_goes_before_what_is_not() -> None:
    assert ChatOptions(temperature=0.0, effort=0).over(OPTIONS) == ChatOptions(
        instructions="Be brief.", effort=0, temperature=0.0, top_p=0.5, top_k=7, min_p=0.1
    )


def test_options_go_before_settings_and_these_before_what_is_advised() -> None:
    sampling = choose_sampling(
        ChatOptions(temperature=0.0), Config(temperature=1.0, top_p=0.4, seed=3), "nano", ADVISED, R1
    )
    assert sampling == Sampling(temperature=0.0, top_p=0.4, top_k=20, min_p=0.3, seed=3)


def test_settings_for_one_model_go_before_those_for_all() -> None:
    config = Config(temperature=1.0, top_p=0.4, sampling={"nano": SamplingChoice(temperature=0.3)})
    sampling = choose_sampling(NO_OPTIONS, config, "nano", ADVISED, R1)
    assert (sampling.temperature, sampling.top_p) == (0.3, 0.4)
    assert choose_sampling(NO_OPTIONS, config, "other", ADVISED, R1).temperature == 1.0
    assert choose_sampling(ChatOptions(temperature=0.0), config, "nano", ADVISED, R1).temperature == 0.0


def test_without_advice_models_that_think_draw_as_r1_and_others_more_freely() -> None:
    assert choose_sampling(NO_OPTIONS, Config(), "nano", None, R1).temperature == 0.6
    assert choose_sampling(NO_OPTIONS, Config(), "nano", None, PLAIN).temperature == 0.7


@pytest.mark.parametrize(
    ("family", "takes_system", "place"),
    [
        (R1, True, InstructionsPlace.FIRST_QUESTION),
        (QWEN3, True, InstructionsPlace.SYSTEM),
        (QWEN3, False, InstructionsPlace.FIRST_QUESTION),
        (PLAIN, True, InstructionsPlace.SYSTEM),
    ],
)
def test_instructions_go_where_makers_and_template_allow(
    family: Family, takes_system: bool, place: InstructionsPlace
) -> None:
    assert instructions_place(family, info(takes_system=takes_system)) is place


def info(*, takes_system: bool) -> ModelInfo:
    return ModelInfo(
        name="a",
        architecture="qwen2",
        description="",
        parameters=1,
        size=1,
        context_train=512,
        context=512,
        threads=1,
        gpu_layers=0,
        template="",
        generation_prompt="",
        takes_system=takes_system,
        load_seconds=0.0,
    )


@pytest.mark.parametrize(
    ("wanted", "sampling", "chosen"),
    [
        ("auto", Sampling(), "auto"),
        ("auto", Sampling(temperature=0), "off"),
        ("auto", Sampling(seed=0), "off"),
        ("always", Sampling(temperature=0, seed=7), "always"),
        ("off", Sampling(), "off"),
    ],
)
def test_nothing_is_guessed_by_itself_where_the_same_reply_is_wanted_again(
    wanted: Speculate, sampling: Sampling, chosen: Speculate
) -> None:
    assert choose_speculation(wanted, sampling) == chosen
