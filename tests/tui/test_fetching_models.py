"""Models that are fetched, repaired and removed from the models screen."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import DownloadError
from localr1.hub.events import Pulled
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.models import ModelsScreen
from localr1.tui.widgets.notice import ErrorNotice
from tests.fakes import ScriptedEngine
from tests.hub.server import HubServer
from tests.tui.chatting import ask, paths_of, pieces, real_app, screen_text, shows, store, until
from tests.tui.fetching import QWEN_SIZE, ScriptedFetch, progress, put_model, put_part
from tests.tui.models import app_of, look_for, mark, take


async def test_enter_fetches_what_is_not_here_and_the_row_says_how_far_it_is(home: Path) -> None:
    fetch = ScriptedFetch()
    app = app_of(home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await take(pilot, "qwen-1.5b")
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
        await take(pilot, "qwen-1.5b")
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
        await take(pilot, "qwen-1.5b")
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
        await take(pilot, "qwen-32b")
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
        chat = await take(pilot, "qwen-1.5b")
        fetch.say("qwen-1.5b", Pulled(put_model(home), QWEN_SIZE, QWEN_SIZE))
        await shows(pilot, "Enter use it")
        await pilot.press("enter")
        await shows(pilot, "Ask qwen-1.5b something")
        await ask(pilot, "What is 47 + 85?")
        assert chat.status.model == "qwen-1.5b"
    with store(home) as chats:
        assert chats.get(1).model == "qwen-1.5b"
        assert chats.branch(1)[-1].model == "qwen-1.5b"


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


async def test_what_comes_with_localr1_cannot_be_removed(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await mark(pilot, "nano")
        assert "remove" not in screen_text(app).splitlines()[-2]
        await pilot.press("x")
        await shows(pilot, "comes with localr1 and stays")


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
        chat = await take(pilot, "tiny")
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
        await take(pilot, "qwen3-0.6b")
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
