"""Reading by keys: scrolling, going from message to message, finding, copying, and back to the prompt."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot

from localr1.tui.app import LocalR1App
from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import chat_of, opened, pieces, screen_text, scripted_app, shows, until
from tests.tui.long_chat import fill, question

TURNS = 24


@pytest.fixture
def app(home: Path) -> LocalR1App:
    """A long chat; each thinking holds what its answer does not."""
    return scripted_app(ScriptedEngine(*pieces()), home, chat_id=fill(home, TURNS))


def conversation(pilot: Pilot[None]) -> Conversation:
    return chat_of(pilot.app).query_one(Conversation)


async def reading(pilot: Pilot[None]) -> Conversation:
    """The conversation, once it has the focus."""
    chat = await opened(pilot)
    await pilot.press("tab")
    await until(pilot, lambda: chat.conversation.has_focus)
    return chat.conversation


def current(pilot: Pilot[None]) -> str:
    """The message that is marked."""
    [message] = conversation(pilot).query(".current")
    return message.text if isinstance(message, UserMessage) else message.query_one(Answer).text


async def test_tab_goes_to_the_conversation_which_says_its_keys_and_esc_comes_back(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        await shows(pilot, "n N message")
        assert current(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: chat_of(app).prompt.has_focus)
        await shows(pilot, "^R retry")
        assert not conversation(pilot).query(".current")


async def test_j_and_k_scroll_a_line_and_d_and_u_half_a_screen(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        end = text.scroll_y
        await pilot.press("k")
        assert end - text.scroll_y == 1
        await pilot.press("u")
        assert end - text.scroll_y == 1 + text.size.height // 2
        await pilot.press("d", "j")
        await until(pilot, lambda: text.following)


async def test_g_goes_to_the_beginning_and_capital_g_to_the_end(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        await pilot.press("g")
        await shows(pilot, question(0))
        await pilot.press("G")
        await shows(pilot, f"Answer number {TURNS - 1}.")
        assert text.following


async def test_n_and_capital_n_go_from_message_to_message_and_y_copies_one(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        await pilot.press("g", "n")
        assert current(pilot).startswith("Answer number 0.")
        await pilot.press("n")
        assert current(pilot) == question(1)
        await pilot.press("N", "N")
        assert current(pilot) == question(0)
        await pilot.press("y")
        await shows(pilot, "copied")
        assert app.clipboard == question(0)


async def test_every_message_is_passed_on_the_way_up(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        passed: list[str] = []
        while question(0) not in passed:
            assert len(passed) < 2 * TURNS
            await pilot.press("N")
            passed.append(current(pilot))
        assert [text for text in passed if "Question" in text] == [
            question(turn) for turn in reversed(range(TURNS - 1))
        ]


async def test_a_letter_that_is_no_command_is_written_with_all_that_follow(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        before = text.scroll_y
        await pilot.press(*"Who ", *"jkdun")
        await until(pilot, lambda: chat_of(app).prompt.text == "Who jkdun")
        assert text.scroll_y == before


async def test_letters_that_come_in_one_burst_are_written_in_their_order(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        for letter in "Who jkdun":
            text.post_message(Key("space" if letter == " " else letter, letter))
        await until(pilot, lambda: chat_of(app).prompt.text == "Who jkdun")


async def test_a_slash_finds_words_one_after_the_other_and_counts_them(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        await pilot.press("slash", *"number 7")
        await shows(pilot, "1/2")
        await shows(pilot, question(7))
        await pilot.press("enter", "n")
        await shows(pilot, "2/2")
        await shows(pilot, "Answer number 7.")
        await pilot.press("n")
        await shows(pilot, "1/2")
        await pilot.press("escape")
        await until(pilot, lambda: "1/2" not in screen_text(app))
        assert conversation(pilot).has_focus


async def test_a_match_in_folded_thinking_unfolds_it(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        await pilot.press("slash", *"see 12.")
        await shows(pilot, "1/1")
        await shows(pilot, "Let me see 12.")


async def test_what_is_nowhere_is_said_and_enter_ends_the_search(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        await pilot.press("slash", *"[/]")
        await shows(pilot, "not found")
        await pilot.press("enter")
        await until(pilot, lambda: text.has_focus and "not found" not in screen_text(app))


async def test_a_match_is_turned_round_and_back_again(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await reading(pilot)
        await pilot.press("slash", *"number 7")
        await shows(pilot, question(7))
        asked = next(message for message in text.query(UserMessage) if message.text == question(7))
        await until(pilot, lambda: "reverse" in str(asked.content.spans))  # type: ignore[union-attr]
        await pilot.press("escape")
        await until(pilot, lambda: "reverse" not in str(asked.content.spans))  # type: ignore[union-attr]


async def test_a_match_in_an_item_of_an_answer_is_turned_round_where_it_stands(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await reading(pilot)
        await pilot.press("slash", *"two")
        await until(pilot, lambda: "two" in turned_round(app))
        await pilot.press("escape")
        await until(pilot, lambda: "two" not in turned_round(app))


def turned_round(app: LocalR1App) -> list[str]:
    """What is drawn with its colours exchanged."""
    strips = app.screen._compositor.render_strips()
    return [part.text for strip in strips for part in strip if part.style and part.style.reverse]
