"""The panel of chats: find one, open it, keep them in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from localr1.store.database import Database
from localr1.tui.app import LocalR1App
from localr1.tui.chats.rows import PAGE
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.screens.line import LineScreen
from localr1.tui.widgets.chat_list import ChatList
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ask,
    chat_of,
    opened,
    paths_of,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

OLD_MESSAGE = """
    insert into message (chat_id, role, text, created_at, settled)
    values (1, 'user', 'An answer of a river', 0, 0)"""
"""One that the search does not know yet."""


def fill(home: Path, *titles: str) -> None:
    """Chats with one question each, the last one the newest."""
    with store(home) as chats:
        for title in titles:
            chat = chats.create(title=title)
            chats.add_user_message(chat.id, None, f"A question about {title}")


def titles(home: Path) -> list[str]:
    with store(home) as chats:
        return [chat.title for chat in chats.list()]


def app_of(home: Path) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home)


async def show_list(pilot: Pilot[None]) -> ChatList:
    await opened(pilot)
    await pilot.press("ctrl+o")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChatsScreen))
    chats = pilot.app.screen.query_one(ChatList)
    await until(pilot, lambda: chats.marked or "No chats yet" in screen_text(pilot.app))
    return chats


async def write(pilot: Pilot[None], line: str) -> None:
    """Answer the question of a line."""
    await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
    await pilot.press("ctrl+u", *line, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChatsScreen))
    await pilot.pause()


async def search(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash")
    pilot.app.screen.query_one(Input).value = words


async def test_chats_stand_in_groups_the_newest_first(home: Path) -> None:
    fill(home, "Old", "New")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        text = screen_text(app)
        assert text.index("November 2023") < text.index("New") < text.index("Old")
        assert "15 Nov 2023" in text
        assert "1 message" in text


async def test_enter_opens_the_marked_chat(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("down", "enter")
        await shows(pilot, "A question about Apples")


async def test_a_click_opens_a_chat(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.click("ChatList", offset=(4, 2))
        await shows(pilot, "A question about Apples")


async def test_the_mark_is_on_the_chat_that_is_open(home: Path) -> None:
    fill(home, "Apples", "Pears")
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test() as pilot:
        chats = await show_list(pilot)
        assert chats.marked
        assert chats.marked.chat.title == "Apples"


async def test_a_long_list_comes_as_it_is_scrolled(home: Path) -> None:
    fill(home, *(f"Chat {number}" for number in range(2 * PAGE + 10)))
    async with app_of(home).run_test(size=(80, 24)) as pilot:
        chats = await show_list(pilot)
        assert chats.count == PAGE
        await pilot.press("end")
        await until(pilot, lambda: chats.count == 2 * PAGE)
        await pilot.press("end")
        await until(pilot, lambda: chats.count == 2 * PAGE + 10)
        await pilot.press("end")
        assert chats.marked
        assert chats.marked.chat.title == "Chat 0"


async def test_words_are_looked_for_as_they_are_written_and_opened_where_they_stand(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="A long one")
        for number in range(100):
            chats.add_user_message(chat.id, number or None, f"Line {number}\n\n" + "and more\n" * 5)
    fill(home, "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await search(pilot, "line 17")
        await shows(pilot, "Messages")
        assert "Pears" not in screen_text(app)
        await pilot.press("enter")
        await shows(pilot, "Line 17")
        await show_list(pilot)
        await search(pilot, "line 42")
        await shows(pilot, "Line 42 and")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, ChatsScreen))
        await shows(pilot, "Line 42")


async def test_old_messages_are_indexed_behind_the_chat_but_not_beside_a_reply(home: Path) -> None:
    fill(home, "Old")
    with closing(Database.open(paths_of(home).database)) as database, database.transaction():
        for _ in range(10_000):
            database.execute(OLD_MESSAGE)
    engine = ScriptedEngine(*pieces(), hold=1)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat_of(pilot.app).busy)
        await show_list(pilot)
        await search(pilot, "of a river")
        await shows(pilot, "indexing … ")
        with store(home) as chats:
            beside_a_reply = chats.search.indexed_share()
            await pilot.pause(0.3)
            assert chats.search.indexed_share() == pytest.approx(beside_a_reply, abs=0.005)
            engine.released.set()
            await until(pilot, lambda: chats.search.indexed_share() > beside_a_reply + 0.01)


async def test_a_hit_on_another_branch_shows_that_branch(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="Fruit")
        chats.add_user_message(chat.id, None, "First about apples")
        chats.add_user_message(chat.id, None, "Then about pears")
    app = scripted_app(ScriptedEngine(), home, chat_id=1)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await search(pilot, "apples")
        await shows(pilot, "First about")
        await pilot.press("enter")
        await shows(pilot, "First about apples")
        assert "Then about pears" not in screen_text(app)


async def test_escape_leaves_the_search_first_and_then_the_panel(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await search(pilot, "apples")
        await until(pilot, lambda: "Pears" not in screen_text(app))
        await pilot.press("escape")
        await shows(pilot, "Pears")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ChatsScreen))


async def test_what_is_not_there_is_said(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await shows(pilot, "No chats yet.")
        await search(pilot, 'NEAR("')
        await shows(pilot, "Nothing found.")
        await pilot.press("enter")
        assert isinstance(app.screen, ChatsScreen)


async def test_a_new_title_is_kept(home: Path) -> None:
    fill(home, "Apples")
    async with app_of(home).run_test() as pilot:
        await show_list(pilot)
        await pilot.press("r")
        await write(pilot, "Fruit")
    assert titles(home) == ["Fruit"]


async def test_the_title_that_a_user_has_given_outlives_further_questions(home: Path) -> None:
    async with app_of(home).run_test() as pilot:
        await ask(pilot, "What is 47 + 85?")
        with store(home) as chats:
            chats.rename(1, "My sums")
        await ask(pilot, "And now add 5.")
    assert titles(home) == ["My sums"]


async def test_the_title_is_made_of_the_first_question_that_says_something(home: Path) -> None:
    async with app_of(home).run_test() as pilot:
        for question in ("Hi!", "What is 47 + 85?", "And now add 5."):
            await ask(pilot, question)
    assert titles(home) == ["What is 47 + 85?"]


async def test_pinned_chats_stand_first(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("down", "p")
        await shows(pilot, "Pinned")
        text = screen_text(app)
        assert text.index("Pinned") < text.index("Apples") < text.index("Pears")
        await pilot.press("p")
        await until(pilot, lambda: "Pinned" not in screen_text(app))


async def test_tags_are_written_shown_and_filter_the_list(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("t")
        await write(pilot, "work, #Sums")
        await shows(pilot, "#sums #work")
        await search(pilot, "tag:sum")
        await until(pilot, lambda: "Apples" not in screen_text(app))
        assert "Pears" in screen_text(app)


async def test_a_deleted_chat_comes_back_until_the_program_ends(home: Path) -> None:
    fill(home, "Apples", "Pears", "Plums")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        chats = await show_list(pilot)
        await pilot.press("d")
        await shows(pilot, "“Plums” deleted, u brings it back")
        await until(pilot, lambda: chats.count == 2)
        await pilot.press("d")
        await shows(pilot, "“Pears” deleted")
        await pilot.press("escape")
        await show_list(pilot)
        await pilot.press("u")
        await shows(pilot, "“Pears” is back")
        assert titles(home) == ["Pears", "Apples"]
    assert titles(home) == ["Pears", "Apples"]
    with store(home) as kept:
        assert kept.deletions.newest() is None


async def test_there_is_an_end_to_what_comes_back(home: Path) -> None:
    fill(home, "Apples")
    async with app_of(home).run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("u")
        await shows(pilot, "nothing to bring back")


async def test_the_open_chat_makes_room_for_a_new_one_when_it_is_deleted(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await show_list(pilot)
        await pilot.press("d")
        await shows(pilot, "deleted")
        await pilot.press("escape")
        await shows(pilot, "Everything stays on this machine.")
    assert titles(home) == []


async def test_what_the_store_refuses_is_said_and_the_list_goes_on(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await show_list(pilot)
        with store(home) as chats:
            chats.delete(2)
        await pilot.press("r")
        await write(pilot, "x")
        await shows(pilot, "There is no chat 2")
        await pilot.press("escape")
        await show_list(pilot)
        await shows(pilot, "Apples")
        assert "Pears" not in screen_text(app)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """An empty directory to work in."""
    before = Path.cwd()
    directory = tmp_path / "here"
    directory.mkdir()
    os.chdir(directory)
    yield directory
    os.chdir(before)


@pytest.mark.parametrize(("key", "thought"), [("e", False), ("E", True)])
async def test_a_chat_is_written_to_a_file_of_its_own(
    home: Path, here: Path, key: str, thought: bool
) -> None:
    app = app_of(home)
    (here / "what-is-47-85.md").write_text("mine")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await show_list(pilot)
        await pilot.press(key)
        await shows(pilot, "what-is-47-85-2.md")
        await pilot.press("enter")
        await shows(pilot, "written to what-is-47-85-2.md")
        await pilot.press(key)
        await write(pilot, "what-is-47-85.md")
        await shows(pilot, "is there already")
    written = (here / "what-is-47-85-2.md").read_text()
    assert "132" in written
    assert ("carry 1" in written) is thought
    assert (here / "what-is-47-85.md").read_text() == "mine"


async def test_a_temporary_chat_is_never_on_the_disk(home: Path) -> None:
    fill(home, "Apples")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("N")
        await shows(pilot, "A temporary chat")
        chat = await ask(pilot, "What is xyzzy?")
        await shows(pilot, "132")
        assert "temporary" in screen_text(app)
        chat.prompt.insert("a draft of plugh")
        chats = await show_list(pilot)
        assert chats.count == 1
        await pilot.press("enter")
        await shows(pilot, "A question about Apples")
        assert "temporary" not in screen_text(app)
        assert chat_of(app).prompt.text == ""
    assert titles(home) == ["Apples"]
    assert not [file for file in home.rglob("*") if file.is_file() and holds_a_word(file)]


def holds_a_word(file: Path) -> bool:
    content = file.read_bytes()
    return b"xyzzy" in content or b"plugh" in content


@pytest.mark.parametrize(("size", "beside"), [((120, 30), True), ((119, 30), False), ((40, 10), False)])
async def test_the_conversation_stands_beside_the_panel_where_there_is_room(
    home: Path, size: tuple[int, int], beside: bool
) -> None:
    fill(home, "Apples", "Pears")
    app = scripted_app(ScriptedEngine(), home, chat_id=1)
    async with app.run_test(size=size) as pilot:
        await show_list(pilot)
        await shows(pilot, "Pears")
        if beside:
            await shows(pilot, "A question about Apples")
        assert ("A question about Apples" in screen_text(app)) is beside
        assert "Enter open" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ChatsScreen))
        await pilot.pause()
        assert chat_of(app).conversation.region.x == 0


async def test_what_others_wrote_is_neither_markup_nor_an_order_to_the_terminal(home: Path) -> None:
    odd = "[/] [@click=app.quit]x[b +\x1b]52;c;eA==\x07\n\u202etwo"
    with store(home) as chats:
        chat = chats.create(title=odd, model=odd)
        chats.add_user_message(chat.id, None, f"needle {odd}")
        chats.shelf.tag(chat.id, ("[/]", "\x1b]52;c;eA==\x07"))
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await shows(pilot, "[/] [@click=app.quit]x[b +␛]52;c;eA==␇ �two")
        await search(pilot, "needle")
        await shows(pilot, "needle [/] [@click")
        await pilot.press("escape", "t")
        await shows(pilot, "There are")
        await pilot.press("escape", "e")
        await shows(pilot, "Write the chat to")
        await pilot.press("escape", "d")
        await shows(pilot, "u brings it back")
        assert "\x1b" not in screen_text(app)


async def test_ten_thousand_chats_are_a_list_like_any_other(home: Path) -> None:
    with closing(Database.open(paths_of(home).database)) as database:
        database.execute(
            "with recursive number (n) as (values (1) union all select n + 1 from number where n < 10000)"
            " insert into chat (title, model, created_at) select 'Chat number ' || n, '', 0 from number"
        )
    async with app_of(home).run_test(size=(80, 24)) as pilot:
        chats = await show_list(pilot)
        assert chats.count == PAGE
        await search(pilot, "number 7777")
        await shows(pilot, "Chat number 7777")
