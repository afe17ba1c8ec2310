"""The status line of the chat: what a turn and a model show on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from localr1.chat.events import PromptProgress, ThinkingDelta
from localr1.config import Config
from localr1.engine.reports import Device, ModelInfo
from localr1.tui.device import device_name
from localr1.tui.turn import ShownTurn
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.status import Status
from tests.fakes import ScriptedEngine
from tests.tui.chatting import Clock, ask, opened, pieces, screen_text, scripted_app, shows


class Turning(App[None]):
    """A conversation and a status line, and nothing else."""

    def compose(self) -> ComposeResult:
        yield Conversation()
        yield Status()


async def test_a_long_prompt_says_how_far_it_is_and_how_long_it_takes() -> None:
    app, clock = Turning(), Clock()
    async with app.run_test(size=(80, 10)) as pilot:
        turn = ShownTurn(app.query_one(Conversation), app.query_one(Status), clock)
        await turn.begin()
        await turn.show(PromptProgress(0, 5_678))
        clock.now += 10
        await turn.show(PromptProgress(1_234, 5_678))
        await shows(pilot, "reading 1,234 of 5,678 · 21 % · 40 s left")
        clock.now += 35
        await turn.show(PromptProgress(5_678, 5_678))
        await turn.show(ThinkingDelta("Let me see", 2))
        app.query_one(Status).state = "thinking"
        await shows(pilot, "thinking")
        assert "reading" not in screen_text(app)


async def test_what_the_cache_holds_does_not_count_as_speed() -> None:
    app, clock = Turning(), Clock()
    async with app.run_test(size=(80, 10)) as pilot:
        turn = ShownTurn(app.query_one(Conversation), app.query_one(Status), clock)
        await turn.show(PromptProgress(4_000, 5_000))
        clock.now += 10
        await turn.show(PromptProgress(4_500, 5_000))
        await shows(pilot, "reading 4,500 of 5,000 · 90 % · 10 s left")


async def test_a_prompt_that_is_read_in_a_moment_has_no_numbers() -> None:
    app, clock = Turning(), Clock()
    async with app.run_test(size=(80, 10)) as pilot:
        status = app.query_one(Status)
        turn = ShownTurn(app.query_one(Conversation), status, clock)
        await turn.show(PromptProgress(0, 500))
        clock.now += 0.5
        await turn.show(PromptProgress(256, 500))
        await shows(pilot, "reading")
        assert status.reading is None


async def test_the_model_that_is_loaded_is_named_with_its_quant_and_its_device(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await shows(pilot, "nano · Q8_0 · ")
        await shows(pilot, " % of 4,096 · 2 threads")


async def test_why_a_draft_model_is_not_used_is_said_when_the_chat_opens(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    engine.draft_refused = "its vocabulary is another one"
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "the draft model is not used: its vocabulary is another one")


async def test_the_memory_of_the_engine_is_shown_where_there_is_room(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    engine.pid = os.getpid()
    app = scripted_app(engine, home)
    async with app.run_test(size=(120, 40)) as pilot:
        chat = await opened(pilot)
        assert chat.status.memory > 10_000_000
        await shows(pilot, " MB · 2 threads")


async def test_a_setting_that_keeps_it_offline_is_shown(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home, config=Config(offline=True))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await shows(pilot, "2 threads · offline")


CPU = Device("CPU", "AMD EPYC 7B13", "cpu", 0, 0)
GPU = Device("CUDA0", "NVIDIA GeForce RTX 4090", "gpu", 0, 0)
INFO = ModelInfo(
    name="",
    architecture="",
    description="",
    parameters=0,
    size=0,
    context_train=0,
    context=0,
    threads=1,
    gpu_layers=28,
    template="",
    generation_prompt="",
    load_seconds=0,
)


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090, 28 layers"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada Genera…, 28 layers"),
        ("", "CUDA0, 28 layers"),
    ],
)
def test_a_gpu_is_named_with_its_layers(description: str, name: str) -> None:
    assert device_name(INFO, [CPU, Device("CUDA0", description, "gpu", 0, 0)]) == name


def test_layers_that_a_gpu_had_no_room_for_are_counted_too() -> None:
    info = replace(INFO, gpu_layers=21, gpu_layers_left=8)
    assert device_name(info, [CPU, GPU]).endswith(", 21 of 29 layers")


def test_a_gpu_with_memory_of_its_own_is_the_one_that_computes() -> None:
    shared = Device("Vulkan0", "Integrated", "igpu", 0, 0)
    assert device_name(INFO, [CPU, shared, Device("Vulkan1", "Arc", "gpu", 0, 0)]) == "Arc, 28 layers"


def test_without_layers_on_a_gpu_the_threads_are_named() -> None:
    assert device_name(replace(INFO, gpu_layers=0), [CPU, GPU]) == "1 thread"
    assert device_name(INFO, [CPU]) == "1 thread"
