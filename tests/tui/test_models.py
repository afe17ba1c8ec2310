"""The models screen: what fits, what is here, what can be fetched; and a model that is changed in a chat."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from localr1.config_sources import load_config
from localr1.engine.reports import ModelInfo
from localr1.errors import DownloadError, ModelFileError
from localr1.fit.machine import Machine
from localr1.hub.events import Pulled
from localr1.library.elsewhere.find import FoundModel
from localr1.library.imports import Origin
from localr1.paths import bundled
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.models import ModelsScreen
from localr1.tui.widgets.notice import ErrorNotice
from tests.fakes import ScriptedEngine
from tests.hub.server import HubServer
from tests.tui.chatting import (
    MACHINE,
    ask,
    opened,
    paths_of,
    pieces,
    press_at_once,
    real_app,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)
from tests.tui.fetching import QWEN, QWEN_SIZE, ScriptedFetch, progress, put_model, put_part

NOTE = "qwen-1.5b answers from here on"
NASTY = "[/] \x1b]52;c;aGk=\x07 [@click=app.quit] \u202e"


class Refusing(ScriptedEngine):
    """Has no room for Qwen."""

    async def load(self, path: Path, **wanted: Any) -> ModelInfo:
        if "Qwen" in path.name:
            raise ModelFileError("qwen-1.5b needs 5.9 GB, 3.1 GB are free.", hint="Close something.")
        return await super().load(path, **wanted)


def app_of(home: Path, engine: ScriptedEngine | None = None, **seams: Any) -> LocalR1App:
    return scripted_app(engine or ScriptedEngine(*pieces()), home, **seams)


async def look(pilot: Pilot[None]) -> ChatScreen:
    """Open the models, and wait until they are measured."""
    chat = await opened(pilot)
    await pilot.press("ctrl+l")
    await shows(pilot, "fits well")
    return chat


async def look_for(pilot: Pilot[None], words: str) -> ChatScreen:
    """Open the models, and write words into their filter."""
    chat = await look(pilot)
    await pilot.press("slash")
    await press_at_once(pilot, words)
    return chat


async def mark(pilot: Pilot[None], name: str) -> ChatScreen:
    """Open the models with the mark on this one."""
    chat = await look_for(pilot, name)
    await pilot.press("enter")
    return chat


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


async def test_enter_fetches_what_is_not_here_and_the_row_says_how_far_it_is(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        fetch.say("qwen-1.5b", progress(42))
        await shows(pilot, "↓ qwen-1.5b")
        await shows(pilot, "42 % · 11.2 MB/s · 58 s left")
        assert fetch.begun == ["qwen-1.5b"]


async def test_another_quant_is_fetched_by_its_own_name(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("right")
        await shows(pilot, "Q5_K_M  ‹ 5 of 7 ›")
        await pilot.press("enter")
        await until(pilot, lambda: fetch.begun == ["qwen-1.5b:Q5_K_M"])


async def test_p_pauses_and_enter_goes_on(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        fetch.say("qwen-1.5b", progress(42))
        await shows(pilot, "42 %")
        await pilot.press("p")
        await shows(pilot, "42 % · paused")
        await pilot.press("enter")
        await until(pilot, lambda: len(fetch.begun) == 2)


async def test_a_download_is_given_up_only_after_a_yes_and_leaves_nothing(home: Path) -> None:
    part = put_part(home, 500_000_000)
    app = app_of(home, fetch=ScriptedFetch())
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        for answer, left in (("n", True), ("y", False)):
            await pilot.press("x")
            await shows(pilot, "500 MB that came so far are removed.")
            await pilot.press(answer)
            await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
            await until(pilot, lambda left=left: part.exists() is left)  # type: ignore[misc]
        await until(pilot, lambda: app.downloads.all() == ())


async def test_an_error_stands_beside_its_model_and_enter_tries_again(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(120, 40)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        fetch.say("qwen-1.5b", DownloadError("The hub says [/] and \x1b[2J.", hint="Is there a network?"))
        await shows(pilot, "The hub says [/] and ␛[2J.")
        await shows(pilot, "Is there a network?")
        await shows(pilot, "Enter try again")
        await pilot.press("r")
        await until(pilot, lambda: len(fetch.begun) == 2)
        await until(pilot, lambda: "Is there a network?" not in screen_text(app))


async def test_what_does_not_fit_is_fetched_only_after_a_yes(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-32b")
        await pilot.press("enter")
        await shows(pilot, "qwen-32b does not fit this machine.")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
        assert not app.downloads.all()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: fetch.begun == ["qwen-32b"])


async def test_a_model_that_has_come_moves_to_those_that_are_here_and_answers(home: Path) -> None:
    fetch, engine = ScriptedFetch(), ScriptedEngine(*pieces())
    app = app_of(home, engine, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        fetch.say("qwen-1.5b", Pulled(put_model(home), QWEN_SIZE, QWEN_SIZE))
        await shows(pilot, "Enter use it")
        await pilot.press("enter")
        await shows(pilot, "Ask qwen-1.5b something")
        await ask(pilot, "What is 47 + 85?")
        assert chat.status.model == "qwen-1.5b"
    with store(home) as chats:
        assert chats.get(1).model == "qwen-1.5b"
        assert chats.branch(1)[-1].model == "qwen-1.5b"


async def test_a_model_that_is_changed_in_a_chat_is_said_there_and_kept_with_it(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, NOTE)
        await ask(pilot, "And now add 5.")
    with store(home) as chats:
        assert chats.get(1).model == "qwen-1.5b"
        assert [message.model for message in chats.branch(1)[1::2]] == ["nano", "qwen-1.5b"]


async def test_the_first_model_that_is_chosen_becomes_the_one_of_new_chats(home: Path) -> None:
    put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, "Ask qwen-1.5b something")
        await pilot.press("ctrl+n")
        await opened(pilot)
        await shows(pilot, "Ask qwen-1.5b something")
    assert load_config(paths_of(home).config_file, environ={}).model == "qwen-1.5b"


async def test_a_choice_that_the_user_has_written_down_is_not_overwritten(home: Path) -> None:
    put_model(home)
    put_model(home, QWEN.replace("1.5B", "7B"), "lmstudio-community/DeepSeek-R1-Distill-Qwen-7B-GGUF")
    file = paths_of(home).config_file
    file.parent.mkdir(parents=True)
    file.write_text('model = "qwen-7b"')
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, "Ask qwen-1.5b something")
    assert file.read_text() == 'model = "qwen-7b"'


async def test_a_model_that_cannot_be_loaded_is_said_and_the_old_one_goes_on(home: Path) -> None:
    put_model(home)
    app = app_of(home, Refusing(*pieces()))
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        chat = await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, "qwen-1.5b needs 5.9 GB, 3.1 GB are free.")
        assert chat.status.model == "nano"
        await ask(pilot, "And now add 5.")
        assert len(chat.query(ErrorNotice)) == 1
    with store(home) as chats:
        assert chats.get(1).model == "nano"


async def test_a_model_that_is_chosen_during_a_reply_answers_after_it(home: Path) -> None:
    put_model(home)
    engine = ScriptedEngine(*pieces(), hold=3)
    app = app_of(home, engine)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, "qwen-1.5b answers after this reply; Esc stops it")
        assert NOTE not in screen_text(app)
        engine.released.set()
        await shows(pilot, NOTE)
    with store(home) as chats:
        assert chats.branch(1)[-1].model == "nano"


async def test_another_chat_that_is_opened_meanwhile_keeps_its_own_model(home: Path) -> None:
    put_model(home)
    engine = ScriptedEngine(*pieces(), hold=3)
    app = app_of(home, engine)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        await shows(pilot, "answers after this reply")
        await pilot.press("ctrl+n")
        await shows(pilot, "Ask nano something")
        await opened(pilot)
        assert chat.status.model == "nano"


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


async def test_a_model_is_removed_after_a_yes_that_says_what_is_freed(home: Path) -> None:
    path = put_model(home)
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await pilot.press("x")
        await shows(pilot, "Remove qwen-1.5b?")
        await shows(pilot, "2.20 MB are freed.")
        await pilot.press("y")
        await until(pilot, lambda: not path.exists())
        await shows(pilot, "Enter fetch it")


async def test_a_model_that_is_not_what_it_should_be_is_fetched_again_after_a_yes(home: Path) -> None:
    put_model(home)
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(100, 30)) as pilot:
        await mark(pilot, "qwen-1.5b")
        await shows(pilot, "v check")
        await pilot.press("v")
        await shows(pilot, "qwen-1.5b is not what it should be.")
        await shows(pilot, "is cut")
        await pilot.press("y")
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


async def test_what_comes_with_localr1_cannot_be_removed(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await mark(pilot, "nano")
        assert "remove" not in screen_text(app).splitlines()[-2]
        await pilot.press("x")
        await shows(pilot, "comes with localr1 and stays")


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
        await mark(pilot, "qwen-1.5b")
        await pilot.press("enter")
        fetch.say("qwen-1.5b", progress(42))
        await shows(pilot, "42 %")
        await pilot.press("escape", "escape")
        await shows(pilot, "qwen-1.5b")


async def test_a_real_hub_a_real_download_and_a_real_reply(
    home: Path, hub_server: HubServer, nano: Path
) -> None:
    hub_server.add("maker/Tiny-GGUF", {"Tiny-Q8_0.gguf": nano})
    catalog = paths_of(home).catalog_file
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        '[[model]]\nname = "tiny"\ntitle = "Tiny"\nsummary = "A test."\nparameters = "2M"\nlicense = "MIT"\n'
        'default = "Q8_0"\nrepo = "maker/Tiny-GGUF"\n[model.files]\n'
        f'Q8_0 = {{ file = "Tiny-Q8_0.gguf", bytes = {nano.stat().st_size} }}\n'
    )
    app = real_app(home, endpoint=hub_server.url)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await mark(pilot, "tiny")
        await pilot.press("enter")
        await shows(pilot, "Enter use it")
        await pilot.press("enter")
        await shows(pilot, "Ask tiny something")
        await ask(pilot, "What is 47 + 85?")
        assert not chat.query(ErrorNotice)
    assert (paths_of(home).models / "maker/Tiny-GGUF/Tiny-Q8_0.gguf").read_bytes() == nano.read_bytes()
    with store(home) as chats:
        assert chats.branch(1)[-1].model == "tiny"


async def test_without_a_network_the_models_are_there_and_the_sentence_stands_beside_one(home: Path) -> None:
    app = real_app(home, offline=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await mark(pilot, "qwen3-0.6b")
        await pilot.press("enter")
        await shows(pilot, "localr1 is set to stay offline.")
        assert app.downloads.all()


async def test_a_name_of_the_hub_shows_its_quants_with_how_they_fit_and_one_of_them_is_fetched(
    home: Path, hub_server: HubServer, nano: Path
) -> None:
    hub_server.add("maker/Tiny-GGUF", {"Tiny-Q8_0.gguf": nano, "Tiny-Q4_K_M.gguf": nano})
    app = real_app(home, endpoint=hub_server.url)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await look_for(pilot, "hf:maker/Tiny-GGUF")
        await pilot.press("enter")
        await shows(pilot, "On the hub")
        await shows(pilot, "maker/Tiny-GGUF  Q4_K_M  ‹ 1 of 2 ›")
        await shows(pilot, "needs 5")
        await pilot.press("right", "enter")
        await shows(pilot, "Enter use it")
        await pilot.press("enter")
        await until(pilot, lambda: chat.status.model == "Tiny-Q8_0")
        await ask(pilot, "What is 47 + 85?")
        assert not chat.query(ErrorNotice)
    assert [path.name for path in paths_of(home).models.rglob("*.gguf")] == ["Tiny-Q8_0.gguf"]


async def test_words_that_nothing_here_is_called_are_looked_for_on_the_hub_and_only_on_enter(
    home: Path, hub_server: HubServer, nano: Path
) -> None:
    hub_server.add("maker/Zebra-GGUF", {"Zebra-Q8_0.gguf": nano}, downloads=1234)
    app = real_app(home, endpoint=hub_server.url)
    async with app.run_test(size=(80, 24)) as pilot:
        await look_for(pilot, "zebra")
        await shows(pilot, "Enter asks the hub.")
        assert not hub_server.requests
        await pilot.press("enter")
        await shows(pilot, "1,234 downloads")
        await pilot.press("enter")
        await shows(pilot, "maker/Zebra-GGUF  Q8_0")
        await shows(pilot, "Enter fetch it")


async def test_a_hub_that_says_no_is_said_and_the_list_stays(
    home: Path, hub_server: HubServer, nano: Path
) -> None:
    app = real_app(home, endpoint=hub_server.url)
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await look_for(pilot, "hf:maker/[/]")
        await pilot.press("enter")
        await shows(pilot, "is no repository of the hub")
        await pilot.press("escape")
        await shows(pilot, "llama-8b")
        await pilot.press("slash", *"hf:maker/Gone-GGUF", "enter")
        await shows(pilot, "maker/Gone-GGUF")
        await pilot.press("escape")
        await shows(pilot, "llama-8b")
