"""Several replies to one question, of which the chat keeps what most of them say."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.commands import COMMANDS
from localr1.config import Config
from localr1.errors import EngineError
from localr1.here import Here
from localr1.message import FinishReason, Message, Vote, Votes
from localr1.tui.app import LocalR1App
from localr1.tui.palette import HIDDEN
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.shown_vote import VOTING
from localr1.tui.widgets.assistant_message import AssistantMessage
from tests.tui.chatting import (
    ask,
    chat_of,
    opened,
    paths_of,
    screen_text,
    scripted_app,
    send,
    settings_of,
    shows,
    store,
    until,
)
from tests.tui.voting_engine import VotingEngine

QUESTION = "What is 47 + 85?"


def replies(home: Path) -> list[Message]:
    with store(home) as chats:
        return chats.branch(1)[1::2]


def shown(chat: ChatScreen) -> list[str]:
    """The answers that stand in the conversation."""
    return [reply.answer.text.strip() for reply in chat.query(AssistantMessage) if reply.display]


async def test_the_reply_that_most_agree_with_is_shown_with_how_many_do_also_after_a_restart(
    home: Path,
) -> None:
    engine = VotingEngine("131.", "It is 132.", "**132**", "133.", "The sum is 132.")
    told = "3 of 5 say 132 (60%); 1 says 131; 1 says 133"
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, f"/votes 5 {QUESTION}")
        assert shown(chat) == ["It is 132."]
        await shows(pilot, told)
        await shows(pilot, "48 tokens · 24 tok/s")
        assert chat.prompt.text == ""
    assert engine.samples == [5]
    assert replies(home)[0].vote == Vote(
        5, 5, (Votes("132", 3), Votes("131", 1), Votes("133", 1)), 0.6, sample=1, tokens=240
    )
    async with scripted_app(VotingEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        assert shown(await opened(pilot)) == ["It is 132."]
        await shows(pilot, told)


async def test_while_it_runs_the_screen_says_who_leads_and_how_fast_all_replies_come(home: Path) -> None:
    engine = VotingEngine("132.", "132.", "131.", hold=2)
    async with scripted_app(engine, home).run_test(size=(120, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, f"/votes 5 {QUESTION}")
        standing = "2 of 5 answered · 132 leads with 2"
        await until(pilot, lambda: screen_text(pilot.app).count(standing) == 2)
        assert chat.status.reply_tokens == 96
        await pilot.press("escape")
        await shows(pilot, "2 of 2 say 132 (100%); 3 more were stopped")
        assert "leads" not in screen_text(pilot.app)
        await until(pilot, lambda: not chat.busy)
        assert shown(chat) == ["132."]
    assert replies(home)[0].finish_reason is FinishReason.CANCELLED


async def test_a_number_alone_votes_on_the_last_question_beside_its_first_reply(home: Path) -> None:
    engine = VotingEngine("131.", "132.", "132.")
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "/votes 3")
        await shows(pilot, "Nothing has been asked yet")
        await ask(pilot, QUESTION)
        assert shown(chat) == ["131."]
        await ask(pilot, "/votes 3")
        assert shown(chat) == ["132."]
        await shows(pilot, "2 of 3 say 132 (67%); 1 says 131")
        await shows(pilot, "◀ 2/2 ▶")
    assert engine.asked[0] == engine.asked[1]


async def test_at_temperature_0_a_vote_is_refused_and_the_call_comes_back_to_the_prompt(home: Path) -> None:
    config = Config(temperature=0.0)
    async with scripted_app(VotingEngine("1"), home, config=config).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, f"/votes 5 {QUESTION}")
        await shows(pilot, "At temperature 0 all replies would be the same.")
        await shows(pilot, "Vote at a temperature of 0.6.")
        assert chat.prompt.text == f"/votes 5 {QUESTION}"
        assert shown(chat) == []


@pytest.mark.parametrize("call", ["/votes", "/votes 65 Q?", "/votes Q?"])
async def test_a_number_that_can_not_be_is_said_and_the_question_stays_in_the_prompt(
    home: Path, call: str
) -> None:
    engine = VotingEngine("1")
    async with scripted_app(engine, home).run_test(size=(120, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, call)
        await shows(pilot, "/votes N [TEXT]")
        assert chat.prompt.text == call
    assert engine.asked == []


async def test_a_vote_that_is_asked_for_while_a_reply_runs_stays_in_the_prompt(home: Path) -> None:
    engine = VotingEngine("132.", "132.", hold=0)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, f"/votes 2 {QUESTION}")
        await until(pilot, lambda: chat.status.state == VOTING)
        await send(pilot, "/votes 9 And 5 more?")
        await shows(pilot, "Still answering")
        assert chat.prompt.text == "/votes 9 And 5 more?"


async def test_files_go_with_a_question_that_is_voted_on(home: Path, tmp_path: Path) -> None:
    (tmp_path / "sum.txt").write_text("47 + 85")
    engine = VotingEngine("132.", "132.")
    app = scripted_app(engine, home, here=Here(tmp_path, tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await ask(pilot, "/votes 2 @./sum.txt How much?")
        await until(pilot, lambda: engine.asked and not chat.busy)
    assert "[file content begin]\n47 + 85\n[file content end]" in engine.asked[-1][-1].content


async def test_a_file_that_can_not_go_leaves_the_whole_call_in_the_prompt(home: Path, tmp_path: Path) -> None:
    app = scripted_app(VotingEngine("1"), home, here=Here(tmp_path, tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "/votes 2 @./missing.txt How much?")
        await shows(pilot, "missing.txt")
        await until(pilot, lambda: chat.prompt.text == "/votes 2 @./missing.txt How much?")
        assert shown(chat) == []


async def test_what_came_of_a_vote_that_broke_off_stands_there_as_interrupted(home: Path) -> None:
    engine = VotingEngine("132.", "132.", hold=1, error=EngineError("The engine died."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, f"/votes 5 {QUESTION}")
        await shows(pilot, "The engine died.")
        await shows(pilot, "interrupted")
        assert "answered" not in screen_text(pilot.app)
        assert shown(chat) == ["132."]
        assert chat.prompt.text == ""
    assert replies(home)[0].text == "132."


async def test_on_a_narrow_screen_the_count_stays_when_the_rest_gives_way(home: Path) -> None:
    engine = VotingEngine("a long answer in many words " * 4, "b", hold=1)
    async with scripted_app(engine, home).run_test(size=(40, 10)) as pilot:
        await opened(pilot)
        await send(pilot, f"/votes 9 {QUESTION}")
        chat = chat_of(pilot.app)
        await until(pilot, lambda: "1 of 9" in str(chat.status.render()))


def test_the_vote_is_found_in_help_and_palette_by_its_slash_name() -> None:
    (command,) = [command for command in COMMANDS if command.slash == "votes"]
    assert command.usage == "/votes N [TEXT]"
    assert not command.action.startswith(HIDDEN)


async def test_nano_votes_in_the_chat_and_the_chat_goes_on(home: Path) -> None:
    config = Config(temperature=0.8, seed=1, threads=1)
    app = LocalR1App(settings_of(config, home), paths_of(home))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, f"/votes 5 {QUESTION}")
        assert shown(chat) == ["47 + 85 = 132."]
        await shows(pilot, "say 132 (100%)")
        await ask(pilot, "Now add 5.")
        assert "137" in shown(chat)[-1]
