"""`--preset`: a chat that begins as somebody has set it up before."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from localr1.chat_options import ChatOptions
from localr1.presets import Presets
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.cli.program import localr1, text
from tests.tui.chatting import paths_of

OPTIONS = ChatOptions(instructions="Be brief.", temperature=0.0)


def options(home: Path) -> ChatOptions:
    """Of the newest chat."""
    with closing(Database.open(paths_of(home).database)) as database:
        chats = Chats(database)
        [chat, *_] = chats.list()
        return chats.options(chat.id)


def test_a_chat_keeps_the_preset_that_it_began_with(home: Path) -> None:
    Presets(paths_of(home).presets_file).save("short", OPTIONS)
    assert localr1("ask", "--preset", "Short", "What is 47 + 85?").returncode == 0
    assert options(home) == OPTIONS
    assert localr1("ask", "--continue", "What is 1 + 1?").returncode == 0
    assert options(home) == OPTIONS


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [("ask", "--preset", "tutr", "Hi"), ("--preset", "tutr")])
def test_a_preset_that_does_not_exist_is_refused_with_those_that_do(arguments: tuple[str, ...]) -> None:
    done = localr1(*arguments)
    assert done.returncode == 2
    assert "There is no preset 'tutr'." in text(done.stderr)
    assert "code review, translator, tutor" in text(done.stderr)


@pytest.mark.usefixtures("home")
def test_options_that_stand_for_settings_say_what_the_settings_say() -> None:
    words = re.sub(r"\s+", " ", text(localr1("ask", "--help").stdout))
    assert "--context TOKENS Tokens that a chat can hold." in words
    assert "--threads N Threads that compute." in words
