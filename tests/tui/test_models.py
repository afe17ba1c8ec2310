"""The models screen: what fits, what is here and elsewhere, and how one is found."""

from __future__ import annotations

import asyncio
from pathlib import Path

from localr1.fit.machine import Machine
from localr1.library.elsewhere.find import FoundModel
from localr1.library.imports import Origin
from localr1.paths import bundled
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.models import ModelsScreen
from tests.tui.chatting import MACHINE, opened, paths_of, press_at_once, screen_text, shows, until
from tests.tui.fetching import ScriptedFetch, progress, put_model
from tests.tui.models import app_of, look, look_for, take

NASTY = "[/] \x1b]52;c;aGk=\x07 [@click=app.quit] \u202e"


async def test_the_first_run_says_how_to_get_a_real_model_and_a_click_there_opens_the_models(
    home: Path,
) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "nano is a toy")
        lines = screen_text(app).splitlines()
        row = next(index for index, line in enumerate(lines) if "^L chooses" in line)
        await pilot.click(offset=(lines[row].index("chooses"), row))
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))


async def test_with_a_real_model_nothing_is_said_about_toys(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "Ask nano something")
        assert "toy" not in screen_text(app)


async def test_each_model_stands_there_with_size_licence_score_fit_and_speed(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 40)) as pilot:
        await look(pilot)
        line = next(line for line in screen_text(app).splitlines() if " qwen-1.5b " in line)
        assert line.split() == ["qwen-1.5b", "1.12", "GB", "MIT", "83.9", "fits", "well", "25", "tok/s"]


async def test_what_suits_the_machine_best_is_marked_and_its_reason_stands_beside_it(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(120, 40)) as pilot:
        await look(pilot)
        await shows(pilot, "★")
        marked = next(line for line in screen_text(app).splitlines() if "★" in line).split()[1]
        screen = app.screen
        assert isinstance(screen, ModelsScreen)
        assert screen.marked
        assert screen.marked.row.name.startswith(marked.removesuffix("…"))
        await shows(pilot, screen.marked.reason[:24])


async def test_the_models_are_there_before_the_machine_is_measured_and_the_mark_stays_then(
    home: Path,
) -> None:
    measured = asyncio.Event()

    async def machine() -> Machine:
        await measured.wait()
        return MACHINE

    app = app_of(home, machine=machine)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await shows(pilot, "measuring this machine")
        await shows(pilot, "qwen-7b")
        await pilot.press("down", "down")
        screen = app.screen
        assert isinstance(screen, ModelsScreen)
        assert screen.marked
        assert screen.marked.row.name == "qwen-7b"
        measured.set()
        await shows(pilot, "fits well")
        assert screen.marked.row.name == "qwen-7b"


async def test_the_filter_leaves_what_its_words_are_said_of(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 40)) as pilot:
        await look_for(pilot, "qwen3 apache")
        await until(pilot, lambda: "llama" not in screen_text(app))
        await shows(pilot, "qwen3-4b")
        await pilot.press("escape")
        await shows(pilot, "llama-8b")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))


async def test_letters_that_are_keys_elsewhere_are_letters_in_the_filter(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await look_for(pilot, "xpr")
        await shows(pilot, "xpr")
        await shows(pilot, "No model is called that.")
        assert not app.downloads.all()


async def test_a_first_click_marks_and_a_second_one_takes(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 40)) as pilot:
        await look(pilot)
        row = next(n for n, line in enumerate(screen_text(app).splitlines()) if " qwen-1.5b " in line)
        await pilot.click(offset=(10, row))
        await shows(pilot, "DeepSeek-R1-Distill-Qwen-1.5B")
        assert not app.downloads.all()
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: fetch.begun == ["qwen-1.5b"])


async def test_a_file_is_taken_where_it_is_by_its_path_and_can_be_checked(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "my own.gguf"
    file.write_bytes(bundled("nano.gguf").read_bytes())
    app = app_of(home)
    async with app.run_test(size=(140, 30), notifications=True) as pilot:
        await look_for(pilot, f"'{file}'")
        await shows(pilot, "Enter takes this file where it is.")
        await pilot.press("enter")
        await shows(pilot, "my own ·")
        await pilot.press("ctrl+l")
        await shows(pilot, "fits well")
        await pilot.press("slash")
        await press_at_once(pilot, "my own")
        await pilot.press("enter", "v")
        await shows(pilot, "my own is whole")
        file.write_bytes(b"GGUF")
        await pilot.press("v")
        await shows(pilot, "my own.gguf is")
        await shows(pilot, "It did not come from the hub")


async def test_a_path_at_which_no_model_is_is_said(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(140, 30), notifications=True) as pilot:
        await look_for(pilot, "/no/such.gguf")
        await pilot.press("enter")
        await shows(pilot, "There is no file /no/such.gguf")


async def test_a_model_of_another_program_is_used_where_it_lies(
    home: Path, tmp_path: Path, nano: Path
) -> None:
    path = tmp_path / "blob.gguf"
    path.write_bytes(nano.read_bytes())
    found = FoundModel(Origin("Ollama", "deepseek-r1:1.5b"), path, path.stat().st_size, "Q4_K_M", "qwen2")
    app = app_of(home, elsewhere=[found])
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await look(pilot)
        await shows(pilot, "Already here, from Ollama")
        await pilot.press("slash", *"ollama", "enter", "enter")
        await until(pilot, lambda: chat.status.model == "deepseek-r1:1.5b")
    assert not list(paths_of(home).models.glob("*.gguf"))


async def test_names_from_other_programs_are_shown_as_they_are_and_obeyed_nowhere(
    home: Path, tmp_path: Path
) -> None:
    found = FoundModel(Origin(NASTY, NASTY), tmp_path / NASTY.replace("/", ""), 1000, NASTY, NASTY, NASTY)
    app = app_of(home, elsewhere=[found])
    async with app.run_test(size=(200, 60)) as pilot:
        await look(pilot)
        await shows(pilot, "Already here, from [/] ␛]52;c;aGk=␇ [@click=app.quit]")
        await pilot.press("slash", *"52;c", "enter", "enter")
        await pilot.pause()
        assert "\x1b" not in screen_text(app)
        assert "\u202e" not in screen_text(app)


async def test_a_catalog_that_cannot_be_read_is_said_where_the_models_would_stand(home: Path) -> None:
    catalog = paths_of(home).catalog_file
    catalog.parent.mkdir(parents=True)
    catalog.write_text("[[model]]\nname = 7\n")
    app = app_of(home)
    async with app.run_test(size=(200, 40)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
        await shows(pilot, "models.toml, line 2")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))


async def test_it_all_works_on_forty_cells_and_ten_lines(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(40, 10)) as pilot:
        await take(pilot, "qwen-1.5b")
        fetch.say("qwen-1.5b", progress(42))
        await shows(pilot, "42 %")
        await pilot.press("escape", "escape")
        await shows(pilot, "qwen-1.5b")
