"""localr1 for Python programs, over the real worker and the bundled model."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from localr1.api import (
    Answer,
    AnswerDelta,
    AsyncClient,
    Client,
    FormError,
    LocalR1Error,
    NoAnswerError,
    NotSureError,
    ThinkingDelta,
    TimedOutError,
    UsageError,
    Votes,
)
from localr1.attachment import Attachment, pack
from localr1.chat.form import GivenSchema
from localr1.engine.standings import end_all, find_standings
from localr1.errors import ConfigError, LockedError, ModelFileError
from localr1.message import FinishReason, Reply
from localr1.paths import find_paths
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.sealed_key import Cost
from tests.engine.processes import WAIT_SECONDS, is_worker

SUM = "What is 47 + 85?"
SUM_SCHEMA = {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]}
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


def test_an_answer_that_too_few_agree_with_is_an_error(tmp_path: Path) -> None:
    with client(tmp_path, temperature=0.8) as asking:
        assert asking.ask(SUM, votes=3, min_share=0.6).text == "47 + 85 = 132."
        with pytest.raises(NotSureError, match="Not sure: none of 2 replies came to an answer"):
            asking.ask(SUM, votes=3, min_share=0.5, max_tokens=10)


def test_a_question_is_about_files_by_their_paths_or_by_names_with_texts(tmp_path: Path) -> None:
    path = tmp_path / "sum.txt"
    path.write_text("47 + 85\n")
    packed = pack([Attachment(str(path), "47 + 85\n"), Attachment("more.md", "9 - 4")], SUM)
    with client(tmp_path) as asking:
        expected = prompt_tokens(asking.ask(packed))
        assert prompt_tokens(asking.ask(SUM, files=[path, ("more.md", "9 - 4")])) == expected
        assert prompt_tokens(asking.ask(SUM, files=path)) < expected
        path.write_bytes("größer".encode("latin-1"))
        with pytest.warns(UserWarning, match="Latin-1"):
            asking.ask(SUM, files=[str(path)])


def prompt_tokens(answer: Answer) -> int:
    assert answer.stats
    return answer.stats.prompt_tokens


async def test_a_branch_is_asked_beside_the_last_question(tmp_path: Path) -> None:
    async with AsyncClient(home=tmp_path, save=True, temperature=0) as asking:
        first = await asking.ask(SUM)
        beside = await asking.ask("What is 9 - 4?", chat=first.chat, branch=True)
        *_, again = [step async for step in asking.stream("What is 2 + 2?", chat=first.chat, branch=True)]
    assert isinstance(again, Answer)
    assert (first.chat, beside.text, again.text) == (again.chat, "9 - 4 = 5.", "2 + 2 = 4.")
    with closing(Database.open(find_paths({"LOCALR1_HOME": str(tmp_path)}).database)) as database:
        entries = Chats(database).conversations.get(first.chat or 0).messages
    assert [entry.parent for entry in entries if entry.model == ""] == [None, None, None]


PRESET = """
[terse]
instructions = "Be brief."
temperature = 1.5
"""


def test_a_preset_sets_the_chat_and_what_is_given_goes_before_it(tmp_path: Path) -> None:
    file = find_paths({"LOCALR1_HOME": str(tmp_path)}).presets_file
    file.parent.mkdir(parents=True)
    file.write_text(PRESET)
    with Client(home=tmp_path) as asking:
        plain = asking.ask(SUM)
        terse = asking.ask(SUM, preset="terse")
        assert terse.sampling.temperature == 1.5
        assert prompt_tokens(terse) > prompt_tokens(plain)
        cool = asking.ask(SUM, preset="TERSE", temperature=0.5)
        assert cool.sampling.temperature == 0.5
        assert asking.ask(SUM, chat=cool.chat).sampling.temperature == 1.5


def test_how_long_to_think_holds_for_one_question_of_a_chat(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        first = asking.ask(SUM, effort="off")
        second = asking.ask("Now add 5.", chat=first.chat)
        third = asking.ask("Now add 5.", chat=first.chat, effort="off")
    assert [bool(answer.thinking) for answer in (first, second, third)] == [False, True, False]


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


@pytest.mark.parametrize("given", ["value", "text", "file"])
def test_an_answer_by_a_schema_comes_with_its_value(tmp_path: Path, given: str) -> None:
    file = tmp_path / "sum.json"
    file.write_text(json.dumps(SUM_SCHEMA))
    schemas: dict[str, GivenSchema] = {"value": SUM_SCHEMA, "text": json.dumps(SUM_SCHEMA), "file": file}
    with client(tmp_path) as asking:
        answer = asking.ask(SUM, schema=schemas[given])
    assert isinstance(answer.data["sum"], int)
    assert answer.data == json.loads(answer.text)
    assert answer.thinking


@pytest.mark.parametrize("choices", [["132", "42"], "132, 42", iter(["132", "42"])])
def test_an_answer_by_choices_is_one_of_them(tmp_path: Path, choices: str | Iterable[str]) -> None:
    with client(tmp_path) as asking:
        assert asking.ask(SUM, choices=choices).data in ("132", "42")


def test_an_answer_by_a_grammar_has_its_form_and_no_value(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        answer = asking.ask(SUM, grammar='root ::= "It is " [0-9]{3} "."')
        assert asking.ask(SUM).text == "47 + 85 = 132."
    assert re.fullmatch(r"It is [0-9]{3}\.", answer.text)
    assert answer.data is None


def test_votes_are_held_among_answers_of_a_form_and_the_last_step_has_the_value(tmp_path: Path) -> None:
    with client(tmp_path, temperature=0.8) as asking:
        *_, answer = asking.stream(SUM, votes=3, choices=["131", "132"])
    assert isinstance(answer, Answer)
    assert answer.vote
    assert answer.data == answer.vote.votes[0].answer


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "two forms": ({"choices": "a,b", "schema": {}}, "exclude each other"),
    "one choice": ({"choices": ["yes"]}, "two answers or more"),
    "an empty choice": ({"choices": ["yes", " "]}, "two answers or more"),
    "a schema that is no JSON": ({"schema": {"enum": {1}}}, "no JSON"),
    "a schema that can't be promised": ({"schema": {"pattern": "a"}}, "`pattern`"),
    "a schema that is not there": ({"schema": "nope.json"}, "nope.json"),
    "half a character": ({"choices": ["a", "\ud800"]}, "half a character"),
    "a grammar without a root": ({"grammar": "answer ::= [0-9]"}, "root"),
    "a grammar that is none": ({"grammar": 'root ::= "'}, "grammar"),
    "no time": ({"timeout": 0}, "timeout"),
    "a branch of nothing": ({"branch": True}, "needs a chat"),
    "a share of nothing": ({"min_share": 0.5}, "2 to 64"),
    "too many votes": ({"votes": 65}, "2 to 64"),
    "a share above one": ({"votes": 3, "min_share": 1.1}, "between 0 and 1"),
    "a preset that is not there": ({"preset": "nope"}, "no preset 'nope'"),
    "a file that is not there": ({"files": ["nope.txt"]}, "no file nope.txt"),
    "a file that is none": ({"files": [("name", b"bytes")]}, "a name and a text"),
    "what is no number": ({"timeout": float("nan")}, "timeout"),
}


def test_mistakes_are_refused_in_the_words_of_the_command_line(tmp_path: Path) -> None:
    with client(tmp_path) as asking:
        for given, named in MISTAKES.values():
            with pytest.raises(UsageError, match=named):
                asking.ask(SUM, **given)
        with pytest.raises(UsageError, match="empty"):
            asking.ask(" \n")
        assert asking.ask(SUM).text == "47 + 85 = 132."


def test_an_answer_that_has_no_value_is_an_error(tmp_path: Path) -> None:
    long = {"type": "array", "items": {"type": "string", "minLength": 100}, "minItems": 5}
    with client(tmp_path) as asking:
        with pytest.raises(FormError, match="no whole value"):
            asking.ask(SUM, schema=long, effort="off", max_tokens=20)
        with pytest.raises(NoAnswerError, match="all its tokens on thinking"):
            asking.ask(SUM, schema=long, max_tokens=5)
        assert asking.ask(SUM, max_tokens=5).text == ""


def test_a_client_finds_the_warm_engine_of_the_one_before_and_leaves_it(short_home: Path) -> None:
    pids = set()
    for _ in range(2):
        with Client(home=short_home, temperature=0, keep_warm="10m") as asking:
            assert asking.ask(SUM).text == "47 + 85 = 132."
            [standing] = find_standings(short_home / "run")
            assert standing.busy
            pids.add(standing.pid)
        until_free(short_home)
    assert len(pids) == 1


HELD = """
import os, sys
from localr1.api import Client

with Client(home=sys.argv[1], temperature=0, keep_warm="10m") as client:
    client.ask("What is 1 + 1?")
    child = os.fork()
    if child == 0:
        os.read(0, 1)
        os._exit(0)
print(flush=True)
os.waitpid(child, 0)
"""


def test_a_process_that_was_forked_off_does_not_hold_a_warm_engine(short_home: Path) -> None:
    command = [sys.executable, "-c", HELD, str(short_home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin
        assert program.stdout
        assert program.stdout.readline() == b"\n"
        try:
            until_free(short_home)
            assert program.poll() is None
        finally:
            program.stdin.write(b".")


def test_a_warm_engine_that_ends_leaves_no_zombie(short_home: Path) -> None:
    with Client(home=short_home, temperature=0, keep_warm="10m") as asking:
        asking.ask(SUM)
    until_free(short_home)
    [worker] = workers()
    end_all(short_home / "run")
    deadline = time.monotonic() + WAIT_SECONDS
    while psutil.pid_exists(worker.pid):  # also as a zombie
        assert time.monotonic() < deadline


def test_encrypted_chats_have_an_engine_of_their_own_and_that_is_said(short_home: Path) -> None:
    encrypted_chats(short_home, "correct horse")
    with (
        Client(home=short_home, save=True, passphrase="correct horse", keep_warm="10m") as asking,
        pytest.warns(UserWarning, match="not kept warm: the chats are encrypted"),
    ):
        asking.ask(SUM)
    assert find_standings(short_home / "run") == []


@pytest.fixture
def short_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A LOCALR1_HOME with a path that a socket has room in; nothing stays warm after the test."""
    home = tmp_path_factory.mktemp("h")
    yield home
    end_all(home / "run")


def until_free(home: Path) -> None:
    """Wait until the warm engine has noticed that its last client left."""
    deadline = time.monotonic() + WAIT_SECONDS
    while any(standing.busy for standing in find_standings(home / "run")):
        assert time.monotonic() < deadline


FORKED = """
import os
from localr1.api import Client

with Client(temperature=0) as client:
    client.ask("What is 1 + 1?")
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
        print(client.ask("What is 2 + 2?").text)
    else:
        try:
            client.ask("What is 3 + 3?")
        except RuntimeError as error:
            print(error, flush=True)
        with Client(temperature=0) as own:
            print(own.ask("What is 4 + 4?").text)
"""


@pytest.mark.usefixtures("home")
def test_a_process_that_was_forked_off_is_told_to_make_a_client_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    refused, own, parent = done.stdout.decode().splitlines()
    assert "before this process was forked off" in refused
    assert (own, parent) == ("4 + 4 = 8.", "2 + 2 = 4.")


LEFT = """
from localr1.api import Client

client = Client(temperature=0)
steps = client.stream("What is 1 + 1?")
print(type(next(steps)).__name__)
"""


@pytest.mark.usefixtures("home")
def test_a_program_may_end_in_the_middle_of_a_stream() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"PromptProgress\n", b"")


def test_threads_may_share_a_client(tmp_path: Path) -> None:
    with client(tmp_path) as asking, ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda n: asking.ask(f"What is {n} + 1?").text, range(10, 14))
        assert [answer.split()[-1] for answer in answers] == ["11.", "12.", "13.", "14."]


def test_a_client_of_one_event_loop_is_refused_in_another(tmp_path: Path) -> None:
    asking = AsyncClient(home=tmp_path, temperature=0)

    async def ask_and_close() -> str:
        async with asking:
            return (await asking.ask(SUM)).text

    async def ask() -> str:
        return (await asking.ask(SUM)).text

    loop = asyncio.new_event_loop()
    with closing(loop):
        loop.run_until_complete(ask())
        with pytest.raises(RuntimeError, match="another event loop"):
            asyncio.run(asyncio.wait_for(ask(), WAIT_SECONDS))
        assert loop.run_until_complete(ask_and_close()) == "47 + 85 = 132."
