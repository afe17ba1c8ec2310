"""Earlier prompts by arrow keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from localr1.store.chats import Chats
from localr1.tui.recall import Recall
from localr1.tui.widgets.prompt import Prompt
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, scripted_app, store, until


def asked(chats: Chats, texts: Sequence[str]) -> None:
    """Ask each in a chat of its own."""
    for text in texts:
        chats.add_user_message(chats.create().id, None, text)


@asynccontextmanager
async def prompt_after(home: Path, *texts: str) -> AsyncIterator[tuple[Pilot[None], Prompt]]:
    """The prompt of a new chat, where these were asked before, the oldest first."""
    with store(home) as chats:
        asked(chats, texts)
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
        yield pilot, (await opened(pilot)).prompt


async def leads_to(pilot: Pilot[None], prompt: Prompt, key: str, text: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: prompt.text == text)


def test_every_text_of_a_walk_keeps_what_was_changed_in_it() -> None:
    recall = Recall(["two", "one"])
    assert recall.older("draft") == "two"
    assert recall.older("two, changed") == "one"
    assert recall.older("one") is None
    assert recall.newer("one") == "two, changed"
    assert recall.newer("two, changed") == "draft"
    assert recall.newer("draft") is None


async def test_up_recalls_prompts_of_all_chats_and_down_comes_back_to_the_draft(home: Path) -> None:
    async with prompt_after(home, "one", "two") as (pilot, prompt):
        prompt.insert("half a though")
        await leads_to(pilot, prompt, "up", "two")
        await leads_to(pilot, prompt, "up", "one")
        await pilot.press("up")
        await leads_to(pilot, prompt, "down", "two")
        await leads_to(pilot, prompt, "down", "half a though")
        await pilot.press("down", "t")
        assert prompt.text == "half a thought"


async def test_keys_that_come_faster_than_the_prompts_lose_no_draft(home: Path) -> None:
    async with prompt_after(home, "one", "two", "three") as (pilot, prompt):
        prompt.insert("draft")
        prompt.action_cursor_up()
        prompt.action_cursor_up()
        await until(pilot, lambda: prompt.text == "two")
        await pilot.press("down", "down")
        assert prompt.text == "draft"


async def test_the_arrows_move_inside_a_prompt_of_several_lines_first(home: Path) -> None:
    async with prompt_after(home, "one", "first\nsecond") as (pilot, prompt):
        prompt.insert("a\nb")
        await pilot.press("up")
        assert prompt.cursor_location == (0, 1)
        await leads_to(pilot, prompt, "up", "first\nsecond")
        assert prompt.cursor_location == (1, 6)
        await pilot.press("up")
        assert prompt.text == "first\nsecond"
        await leads_to(pilot, prompt, "up", "one")
        await leads_to(pilot, prompt, "down", "first\nsecond")
        await leads_to(pilot, prompt, "down", "a\nb")


async def test_one_long_line_that_is_wrapped_is_several_lines(home: Path) -> None:
    async with prompt_after(home, "one") as (pilot, prompt):
        prompt.insert("many words " * 20)
        await pilot.press("up")
        await pilot.pause()
        assert prompt.text == "many words " * 20


async def test_what_was_just_sent_is_recalled_first(home: Path) -> None:
    async with prompt_after(home, "one") as (pilot, prompt):
        await leads_to(pilot, prompt, "up", "one")
        prompt.insert(", changed")
        await ask(pilot, "")
        assert prompt.text == ""
        await leads_to(pilot, prompt, "up", "one, changed")
        await leads_to(pilot, prompt, "up", "one")


async def test_where_nothing_was_asked_up_leaves_the_draft(home: Path) -> None:
    async with prompt_after(home) as (pilot, prompt):
        prompt.insert("draft")
        await pilot.press("up")
        await until(pilot, lambda: prompt.cursor_location == (0, 0))
        assert prompt.text == "draft"


async def test_control_characters_of_a_recalled_prompt_are_shown_not_obeyed(home: Path) -> None:
    async with prompt_after(home, "\x1b]52;c;aGk=\x07[/]") as (pilot, prompt):
        await leads_to(pilot, prompt, "up", "␛]52;c;aGk=␇[/]")
