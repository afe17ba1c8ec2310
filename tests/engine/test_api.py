"""localr1 for Python programs, over the real worker and the bundled model."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from localr1.api import (
    Answer,
    AnswerDelta,
    AsyncClient,
    Client,
    LocalR1Error,
    ThinkingDelta,
    TimedOutError,
    Votes,
)
from localr1.errors import ConfigError, LockedError, ModelFileError
from localr1.message import FinishReason, Reply
from localr1.paths import find_paths
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.sealed_key import Cost
from tests.engine.processes import WAIT_SECONDS, is_worker

SUM = "What is 47 + 85?"
STORY = "Write a very long story about a lighthouse."


def client(home: Path, *, model: str = "nano", temperature: float = 0) -> Client:
    return Client(home=home, model=model, temperature=temperature)


def workers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if is_worker(each)]


def test_an_answer_comes_with_its_thinking_and_its_statistics(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        answer = asking.ask(SUM)
    assert answer.text == "47 + 85 = 132."
    assert "7 + 5 = 12" in answer.thinking
    assert answer.stats
    assert 0 < answer.stats.thinking_tokens < answer.stats.generated_tokens
    assert (answer.model, answer.finish_reason.value) == ("nano", "stop")


def test_an_answer_that_several_replies_agree_on_comes_with_their_votes(tmp_path: Path) -> None:
    with client(tmp_path, temperature=0.8) as asking:
        answer = asking.ask(SUM, votes=3)
    assert answer.text == "47 + 85 = 132."
    assert answer.vote
    assert answer.vote.votes == (Votes("132", answer.vote.ended),)


def test_the_events_of_a_turn_come_first_and_the_answer_last(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        *events, answer = asking.stream(SUM)
    assert isinstance(answer, Answer)
    assert "".join(event.text for event in events if isinstance(event, AnswerDelta)) == answer.text
    assert "".join(event.text for event in events if isinstance(event, ThinkingDelta)) == answer.thinking


def test_a_chat_goes_on_with_what_was_said_and_leaves_nothing_on_disk(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        first = asking.ask(SUM)
        assert "137" in asking.ask("Now add 5.", chat=first.chat).text
    assert not list(tmp_path.rglob("*.db*"))


def test_a_chat_that_is_to_be_saved_is_there_for_the_next_client(tmp_path: Path) -> None:
    with Client(home=tmp_path, save=True, temperature=0) as asking:
        chat = asking.ask(SUM).chat
    with Client(home=tmp_path, save=True, temperature=0) as asking:
        assert "137" in asking.ask("Now add 5.", chat=chat).text


@pytest.mark.parametrize("given", ["passphrase", "key_file"])
def test_encrypted_chats_open_with_their_passphrase_or_a_file_of_it(tmp_path: Path, given: str) -> None:
    home, phrase = tmp_path / "home", tmp_path / "phrase"
    phrase.write_text("correct horse\n")
    phrase.chmod(0o600)
    encrypted_chats(home, "correct horse")
    settings = {"passphrase": "correct horse"} if given == "passphrase" else {"key_file": str(phrase)}
    with Client(home=home, save=True, temperature=0, **settings) as asking:
        assert "137" in asking.ask("Now add 5.", chat=1).text


@pytest.mark.parametrize("passphrase", [None, "wrong"])
def test_without_the_passphrase_encrypted_chats_stay_closed(tmp_path: Path, passphrase: str | None) -> None:
    encrypted_chats(tmp_path, "correct horse")
    with (
        Client(home=tmp_path, save=True, passphrase=passphrase) as asking,
        pytest.raises(LockedError),
    ):
        asking.ask(SUM)


def encrypted_chats(home: Path, passphrase: str) -> None:
    """One chat in which a sum was answered."""
    path = find_paths({"LOCALR1_HOME": str(home)}).database
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        question = chats.add_user_message(chats.create().id, None, SUM)
        reply = chats.start_reply(1, question.id, "nano")
        chats.save_reply(reply.id, Reply("47 + 85 = 132.", "", "47 + 85 = 132.", FinishReason.STOP))
    encrypt(path, passphrase, cost=Cost(n=16, r=8, p=1))


def test_several_questions_share_one_worker_and_it_ends_with_the_client(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        asking.ask(SUM)
        [worker] = workers()
        asking.ask(SUM)
        assert workers() == [worker]
    assert psutil.wait_procs([worker], timeout=WAIT_SECONDS)[1] == []


async def test_questions_that_are_asked_at_once_are_all_answered(tmp_path: Path) -> None:
    async with AsyncClient(home=tmp_path, temperature=0) as asking:
        answers = await asyncio.gather(*(asking.ask(f"What is {n} + 1?") for n in range(10, 15)))
    assert [answer.text.split()[-1] for answer in answers] == ["11.", "12.", "13.", "14.", "15."]


async def test_it_works_where_an_event_loop_already_runs(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        assert asking.ask(SUM).text == "47 + 85 = 132."


def test_settings_hold_for_one_question_or_for_all(tmp_path: Path) -> None:
    with Client(home=tmp_path, temperature=1.5, seed=7) as asking:
        first, other, again = asking.ask(SUM), asking.ask(SUM, seed=8), asking.ask(SUM)
    assert first.sampling.seed == again.sampling.seed == 7
    assert first.thinking == again.thinking
    assert other.sampling.seed == 8


def test_instructions_are_read_by_the_model(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        plain, instructed = asking.ask(SUM), asking.ask(SUM, system="Be brief.")
    assert plain.stats
    assert instructed.stats
    assert instructed.stats.prompt_tokens > plain.stats.prompt_tokens


def test_a_stream_that_is_left_early_makes_room_for_the_next_question(tmp_path: Path, smollm2: Path) -> None:
    with client(tmp_path, model=str(smollm2)) as asking:
        for step in asking.stream(STORY):
            if isinstance(step, AnswerDelta):
                break
        assert asking.ask("Say hello.", max_tokens=3).finish_reason.value == "length"


def test_an_answer_that_takes_too_long_is_given_up_and_the_client_lives_on(
    tmp_path: Path, smollm2: Path
) -> None:
    with client(tmp_path, model=str(smollm2)) as asking:
        with pytest.raises(TimedOutError):
            asking.ask(STORY, timeout=0.5, temperature=3, top_p=1, top_k=0)
        assert asking.ask(SUM, model="nano").text == "47 + 85 = 132."


def test_errors_are_those_of_the_program(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        with pytest.raises(ModelFileError):
            asking.ask(SUM, model="/nowhere/model.gguf")
        with pytest.raises(ConfigError, match="no setting"):
            asking.ask(SUM, temprature=0)
        with pytest.raises(LocalR1Error, match="no chat 99"):
            asking.ask(SUM, chat=99)
        assert asking.ask(SUM).text


def test_a_closed_client_answers_no_more(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        pass
    asking.close()
    with pytest.raises(ValueError, match="closed"):
        asking.ask(SUM)
    with pytest.raises(ValueError, match="closed"):
        next(iter(asking.stream(SUM)))
