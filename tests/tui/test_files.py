"""Files in the prompt: completed, dragged in, shown before they are sent, folded afterwards."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from localr1.attachment import Attachment, pack
from localr1.here import Here
from localr1.tui.app import LocalR1App
from localr1.tui.files.dropped import dropped_files
from localr1.tui.files.file_source import FileSource
from localr1.tui.files.held import Held
from localr1.tui.files.pasted import LONGEST, MOST_LINES, pasted
from localr1.tui.widgets.attachment_list import AttachmentList
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, chat_of, opened, pieces, screen_text, scripted_app, shows, store, until


@pytest.fixture
def here(tmp_path: Path) -> Here:
    directory = tmp_path / "work"
    for name in ("docs/report.md", "docs/.draft", "dune/x", "README.md", ".env", "a b.txt", "bad\x1b.txt"):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(f"text of {name}\n")
    return Here(directory, tmp_path)


def app_at(here: Here, home: Path) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, here=here)


async def paste(pilot: Pilot[None], text: str) -> None:
    chat_of(pilot.app).prompt.post_message(Paste(text))
    await pilot.pause()


async def offered(here: Here, before: str) -> list[str]:
    offer = await FileSource(here).offer(before)
    return [choice.text for choice in offer.choices] if offer else []


async def test_files_are_offered_behind_their_sign_directories_first(here: Here) -> None:
    assert await offered(here, "see @") == ["@docs/", "@dune/", '@"a b.txt" ', "@README.md "]
    assert await offered(here, "see @docs/re") == ["@docs/report.md "]
    assert await offered(here, "(@~/work/dune/") == ["@~/work/dune/x "]
    assert await offered(here, f'@"{here.directory}/dune/') == [f"@{here.directory}/dune/x "]
    assert "@.env " in await offered(here, "@.")
    assert await offered(here, "@~") == ["@~/"]


@pytest.mark.parametrize("before", ["me@", "@a.txt ", "@\n", "", "@[pasted"])
async def test_nothing_is_offered_where_no_path_is_written(here: Here, before: str) -> None:
    assert await FileSource(here).offer(before) is None


async def test_a_directory_that_is_not_there_offers_nothing(here: Here) -> None:
    assert await offered(here, "@none/") == []


def test_files_that_were_dragged_here_are_recognised_in_every_spelling(here: Here) -> None:
    spaced, plain = here.directory / "a b.txt", here.directory / "README.md"
    for text in (
        f"'{spaced}'",
        f'"{spaced}" ',
        str(spaced).replace(" ", "\\ "),
        str(spaced),
        f"file://{quote(str(spaced))}\n",
        f"file://localhost{quote(str(spaced))}",
    ):
        assert dropped_files(text) == [spaced]
    for text in (
        f"'{spaced}' {plain}",
        f"{spaced}\n{plain}",
        f"file://{quote(str(spaced))}\r\nfile://{plain}",
    ):
        assert dropped_files(text) == [spaced, plain]


def test_other_pastes_are_text(here: Here) -> None:
    readme = here.directory / "README.md"
    for text in ("README.md", "", "/", f"{readme} is mine", str(here.directory), "'", "/none", "f", "it's"):
        assert dropped_files(text) == []


async def test_a_file_goes_with_the_question_and_is_folded_in_the_chat(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press(*"Sum up @doc")
        await shows(pilot, "docs/")
        await pilot.press("tab")
        await shows(pilot, "report.md")
        await pilot.press("tab")
        await shows(pilot, "docs/report.md · 12 tokens · 1 line · 23 bytes")
        await pilot.press("enter")
        await until(pilot, lambda: chat.query(UserMessage) and not chat.busy)
        await shows(pilot, "▸ report.md · 1 line")
        await shows(pilot, "Sum up @report.md")
        assert chat.prompt.text == ""
        await until(pilot, lambda: not chat.query_one(AttachmentList).display)
        await pilot.pause()
        await pilot.click(UserMessage, offset=(5, 0))
        await shows(pilot, "text of docs/report.md")
    with store(home) as chats:
        assert chats.get(1).title == "Sum up @report.md"
        text = chats.branch(1)[0].text
    assert text == pack([Attachment("report.md", "text of docs/report.md\n")], "Sum up @report.md")


async def test_what_can_not_be_sent_is_said_and_stays_in_the_prompt(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("Read @./none, please")
        await pilot.press("enter")
        await shows(pilot, "There is no file")
        assert chat.prompt.text == "Read @./none, please"
        assert not chat.query(UserMessage)


async def test_backspace_takes_a_mention_away_as_a_whole(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("Read @README.md")
        await shows(pilot, "README.md · ")
        await pilot.press("backspace")
        assert chat.prompt.text == "Read "
        await until(pilot, lambda: not chat.query_one(AttachmentList).display)


async def test_a_file_that_was_dragged_here_is_mentioned(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await paste(pilot, f"'{here.directory}/a b.txt'")
        await until(pilot, lambda: chat.prompt.text == '@"a b.txt" ')


async def test_a_long_paste_is_held_beside_the_prompt_and_edited_there(home: Path, here: Here) -> None:
    app = app_at(here, home)
    long = "0123456789\r" * 600
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press(*"Count ")
        await paste(pilot, long)
        await shows(pilot, "600 lines · 6.60 kB")
        assert chat.prompt.text == "Count @[pasted text 1] "
        await pilot.press("enter")
        await until(pilot, lambda: chat.query(UserMessage) and not chat.busy)
        await pilot.press("alt+e")
        assert chat.prompt.text == "Count @[pasted text 1]"
        await pilot.press("escape", "up")
        await until(pilot, lambda: chat.prompt.text == "Count @[pasted text 1]")
    with store(home) as chats:
        assert chats.branch(1)[0].text.count("0123456789\n") == 600


async def test_a_draft_keeps_the_paste_that_it_mentions(home: Path, here: Here) -> None:
    for _ in range(2):
        app = app_at(here, home)
        async with app.run_test(size=(80, 24)) as pilot:
            chat = await opened(pilot)
            if not chat.prompt.text:
                await paste(pilot, "line\n" * 600)
            await shows(pilot, "600 lines · 3.00 kB")


async def test_tokens_are_shown_when_there_are_many(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("word " * 250)
        await shows(pilot, " 250 tokens ─")
        chat.prompt.insert("@README.md")
        await shows(pilot, "README.md · 12 tokens · 1 line · 18 bytes")
        await shows(pilot, " 263 tokens ─")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not chat.prompt.border_subtitle)


async def test_tokens_are_estimated_while_the_model_has_no_time(home: Path, here: Here) -> None:
    engine = ScriptedEngine(*pieces())
    engine.counts = False
    app = scripted_app(engine, home, here=here)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("word " * 250)
        await shows(pilot, "≈ 357 tokens ─")


async def test_what_does_not_fit_is_said_before_it_is_sent(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "word " * 200)
        chat.prompt.insert("word " * 3830)
        await shows(pilot, "3,830 tokens: the oldest 2 messages will be left out")
        assert chat.prompt.has_class("too-long")
        chat.prompt.insert("word " * 10)
        await shows(pilot, "does not fit: 3,840 tokens, the context has 4,096")


async def test_a_key_unfolds_the_files_of_the_last_question_that_has_some(home: Path, here: Here) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Read @README.md")
        await pilot.press("alt+o")
        await shows(pilot, "text of README.md")
        await pilot.press("alt+o")
        await until(pilot, lambda: "text of README.md" not in screen_text(pilot.app))


async def test_what_is_far_too_long_is_not_sent_at_all(home: Path, here: Here) -> None:
    app = app_at(here, home)
    (here.directory / "long.txt").write_text("word " * 20_000)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("Read @long.txt")
        await pilot.press("enter")
        await shows(pilot, "far more than the model can read")
        assert chat.prompt.text == "Read @long.txt"
        assert not chat.query(UserMessage)


async def test_the_keys_of_the_list_are_shown_while_it_is_open_and_can_be_clicked(
    home: Path, here: Here
) -> None:
    app = app_at(here, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("@")
        await shows(pilot, "Tab take   Esc close")
        await pilot.click("#line > Hints", offset=(1, 0))
        await until(pilot, lambda: chat.prompt.text == "@docs/")
        await pilot.press("escape")
        await shows(pilot, "^L models")


async def test_a_paste_is_held_where_it_has_too_many_lines_or_characters() -> None:
    held, nowhere = Held(), Here(Path("/"), Path("/"))
    assert await pasted("a" * LONGEST, nowhere, held) == "a" * LONGEST
    assert await pasted("a" * (LONGEST + 1), nowhere, held) == "@[pasted text 1] "
    assert await pasted("a\r\n" * MOST_LINES, nowhere, held) == "@[pasted text 2] "
    assert held.get("pasted text 2") == "a\n" * MOST_LINES
