"""A model whose own chat template can't be used: the chat asks which other one can, and remembers."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.config_sources import load_config
from localr1.tui.app import LocalR1App
from localr1.tui.screens.template import TemplateScreen
from tests.gguf_template import with_template
from tests.tui.chatting import ask, opened, paths_of, real_app, screen_text, shows, until

QUESTION = "What is 47 + 85?"


@pytest.fixture
def bare(home: Path, nano: Path) -> Path:
    """Nano without its template, among the models."""
    models = paths_of(home).models
    models.mkdir(parents=True)
    return with_template(nano, models / "bare.gguf", None)


def asks(app: LocalR1App) -> bool:
    return isinstance(app.screen, TemplateScreen)


@pytest.mark.usefixtures("bare")
async def test_a_format_that_is_chosen_serves_now_and_in_later_runs(home: Path) -> None:
    app = real_app(home, model="bare")
    async with app.run_test() as pilot:
        await until(pilot, lambda: asks(app))
        await shows(pilot, "bare.gguf can't be used to chat: it carries no chat template.")
        await pilot.press("down", "enter")
        await ask(pilot, QUESTION)
        await shows(pilot, "47 + 85 = 132")
    kept = load_config(paths_of(home).config_file, {}).chat_templates
    assert kept == {"bare": "deepseek-r1"}
    again = real_app(home, model="bare", chat_templates=kept)
    async with again.run_test() as pilot:
        chat = await ask(pilot, QUESTION)
        assert not asks(again)
        assert "47 + 85 = 132" in screen_text(chat.app)


@pytest.mark.usefixtures("bare")
async def test_without_a_format_the_chat_says_why_and_stays(home: Path) -> None:
    app = real_app(home, model="bare")
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: asks(app))
        await pilot.press("escape")
        await opened(pilot)
        await shows(pilot, "carries no chat template")
        await shows(pilot, "--chat-template")
    assert not paths_of(home).config_file.exists()
