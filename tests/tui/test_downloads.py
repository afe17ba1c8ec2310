"""Downloads while the app runs: one at a time, paused, gone on with, given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.app import App
from textual.signal import Signal

from localr1.errors import DownloadError
from localr1.hub.events import Checking, Pulled, Retrying, Waiting
from localr1.tui.downloads.downloads import Download, Downloads, Phase
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ANSWER,
    Clock,
    ask,
    opened,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    until,
)
from tests.tui.fetching import QWEN_SIZE, ScriptedFetch, progress, put_model, put_part

OFFLINE = DownloadError("The hub can't be reached.", hint="Is there a network?")
HERE = Pulled(Path("a file"), 100, 100)


class Running:
    """Downloads that run outside of any screen, and what they have told."""

    def __init__(self, app: App[None]) -> None:
        self.fetch = ScriptedFetch()
        self.clock = Clock()
        self.told: list[Download] = []
        changed = Signal[Download](app, "downloads")
        changed.subscribe(app, self.told.append, immediate=True)
        self.downloads = Downloads(changed, self.clock)

    def phase(self, name: str) -> Phase | None:
        download = self.downloads.of(name)
        return download.phase if download else None

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the downloads go on until something holds; fails when it never does."""
        for _ in range(1000):
            if holds():
                return
            await asyncio.sleep(0)
        raise AssertionError("it never came to hold")


@asynccontextmanager
async def running() -> AsyncIterator[Running]:
    app = App[None]()
    async with app.run_test():
        running = Running(app)
        task = asyncio.create_task(running.downloads.run(running.fetch))
        try:
            yield running
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_one_download_runs_and_the_next_waits_for_its_turn() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.downloads.start("b", 100)
        await run.until(lambda: run.fetch.begun == ["a"])
        run.fetch.say("a", progress(50, 100))
        await run.until(lambda: run.phase("a") is Phase.FETCHING)
        assert run.phase("b") is Phase.QUEUED
        run.fetch.say("a", HERE)
        await run.until(lambda: run.fetch.begun == ["a", "b"])
        assert run.downloads.of("a") is None
        assert run.told[-2].phase is Phase.DONE


async def test_a_pause_stops_the_download_and_keeps_how_far_it_came() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.fetch.say("a", progress(42, 100))
        await run.until(lambda: run.phase("a") is Phase.FETCHING)
        run.downloads.pause("a")
        await run.until(lambda: run.fetch.closed == ["a"])
        paused = run.downloads.of("a")
        assert paused
        assert (paused.phase, paused.done, paused.rate) == (Phase.PAUSED, 42, 0.0)
        run.downloads.start("a", 100)
        await run.until(lambda: run.fetch.begun == ["a", "a"])


async def test_a_pause_and_a_go_on_at_once_begin_it_anew_after_the_old_one_has_ended() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        await run.until(lambda: run.phase("a") is Phase.STARTING)
        run.downloads.pause("a")
        run.downloads.start("a", 100)
        await run.until(lambda: run.fetch.begun == ["a", "a"])
        assert run.fetch.closed == ["a"]
        assert run.phase("a") is Phase.STARTING


async def test_a_pause_lets_the_next_one_begin() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.downloads.start("b", 100)
        await run.until(lambda: run.fetch.begun == ["a"])
        run.downloads.pause("a")
        await run.until(lambda: run.fetch.begun == ["a", "b"])


async def test_what_was_paused_before_its_turn_does_not_begin() -> None:
    async with running() as run:
        for name in ("a", "b", "c"):
            run.downloads.start(name, 100)
        run.downloads.pause("b")
        run.fetch.say("a", HERE)
        await run.until(lambda: run.fetch.begun == ["a", "c"])


async def test_an_error_is_kept_and_the_next_download_begins() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.downloads.start("b", 100)
        run.fetch.say("a", OFFLINE)
        await run.until(lambda: run.fetch.begun == ["a", "b"])
        failed = run.downloads.of("a")
        assert failed
        assert (failed.phase, failed.error) == (Phase.FAILED, OFFLINE)


async def test_what_has_failed_is_tried_again_without_its_error() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.fetch.say("a", OFFLINE)
        await run.until(lambda: run.phase("a") is Phase.FAILED)
        run.downloads.start("a", 100)
        await run.until(lambda: run.phase("a") is Phase.STARTING)
        again = run.downloads.of("a")
        assert again
        assert again.error is None


async def test_a_download_that_is_given_up_has_ended_when_that_is_said() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        await run.until(lambda: run.fetch.begun)
        await run.downloads.forget("a")
        assert run.fetch.closed == ["a"]
        assert run.downloads.all() == ()


async def test_every_step_has_its_phase() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        for event, phase in (
            (Waiting("f"), Phase.WAITING),
            (Checking("f", 10, 100), Phase.CHECKING),
            (progress(50, 100), Phase.FETCHING),
            (Retrying("f", 2.0, "The connection was lost."), Phase.RETRYING),
        ):
            run.fetch.say("a", event)
            await run.until(lambda phase=phase: run.phase("a") is phase)  # type: ignore[misc]


async def test_progress_is_told_ten_times_a_second_and_no_more() -> None:
    async with running() as run:
        run.downloads.start("a", 100)
        run.fetch.say("a", progress(1, 100))
        await run.until(lambda: run.phase("a") is Phase.FETCHING)
        told = len(run.told)
        run.fetch.say("a", *(progress(percent, 100) for percent in range(2, 60)))
        await run.until(lambda: run.downloads.all()[0].done == 59)
        assert len(run.told) == told
        run.clock.now += 0.2
        run.fetch.say("a", progress(60, 100))
        await run.until(lambda: len(run.told) == told + 1)
        assert run.told[-1].done == 60


async def test_the_chat_goes_on_while_a_model_is_coming_and_its_line_says_how_far(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        fetch.say("qwen-1.5b", progress(42))
        await shows(pilot, "42 % · 11.2 MB/s · 58 s left")
        await ask(pilot, "What is 47 + 85?")
        await shows(pilot, ANSWER.split("**")[1])
        await shows(pilot, "qwen-1.5b  ━")


async def test_a_model_that_has_come_is_said_until_the_models_were_looked_at(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        fetch.say("qwen-1.5b", Pulled(put_model(home), QWEN_SIZE, QWEN_SIZE))
        await shows(pilot, "qwen-1.5b is here: ^L to use it")
        await pilot.press("ctrl+l", "escape")
        await until(pilot, lambda: "is here" not in screen_text(app))


async def test_a_model_that_has_come_is_the_one_that_is_marked_then(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        fetch.say("qwen-1.5b", Pulled(put_model(home), QWEN_SIZE, QWEN_SIZE))
        await shows(pilot, "is here")
        await pilot.press("ctrl+l")
        await shows(pilot, "DeepSeek-R1-Distill-Qwen-1.5B")
        await pilot.press("enter")
        await until(pilot, lambda: chat.status.model == "qwen-1.5b")


async def test_an_error_is_said_beside_the_prompt_with_its_text_as_it_is(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        fetch.say("qwen-1.5b", DownloadError("It says [/] and \x1b]52;c;aGk=\x07 and [@click=app.quit]."))
        await shows(pilot, "stopped, ^L tries again: It says [/] and ␛]52;c;aGk=␇ and [@click=app.quit].")


async def test_a_click_on_the_line_opens_the_models(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=ScriptedFetch())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        await shows(pilot, "asking the hub")
        await pilot.click("DownloadLine")
        await shows(pilot, "On this machine")


async def test_what_an_earlier_run_left_is_offered_and_goes_on_only_when_asked(home: Path) -> None:
    put_part(home, QWEN_SIZE // 2)
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "qwen-1.5b · 50 % · paused   ^L goes on")
        assert not fetch.begun
        await pilot.press("ctrl+l")
        await shows(pilot, "Enter go on")
        await pilot.press("enter")
        await until(pilot, lambda: fetch.begun == ["qwen-1.5b"])


async def test_what_was_left_of_a_model_of_the_hub_goes_on_by_its_name_there(home: Path) -> None:
    put_part(home, 2_000_000, "Tiny-Q8_0.gguf", "maker/Tiny-GGUF")
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "Tiny-GGUF:Tiny-Q8_0 · 2.00 MB here · paused   ^L goes on")
        await pilot.press("ctrl+l")
        await shows(pilot, "Enter go on")
        await pilot.press("enter")
        await until(pilot, lambda: fetch.begun == ["hf:maker/Tiny-GGUF:Tiny-Q8_0.gguf"])


async def test_the_end_of_the_app_stops_a_download(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test() as pilot:
        await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        await until(pilot, lambda: fetch.begun)
    assert fetch.closed == ["qwen-1.5b"]


async def test_writing_is_not_disturbed_by_the_news_of_a_download(home: Path) -> None:
    fetch = ScriptedFetch()
    app = scripted_app(ScriptedEngine(*pieces()), home, fetch=fetch)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        app.downloads.start("qwen-1.5b", QWEN_SIZE)
        for percent, key in enumerate("What is 47?"):
            fetch.say("qwen-1.5b", progress(percent))
            await pilot.press("space" if key == " " else key if key.isalnum() else "question_mark")
        assert chat.prompt.text == "What is 47?"
        await send(pilot, "")
        await until(pilot, lambda: not chat.busy)
