"""The models screen under test, and the ways into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import opened, pieces, press_at_once, scripted_app, shows


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


async def take(pilot: Pilot[None], name: str) -> ChatScreen:
    """Open the models and take this one: it is fetched, or answers if it is here."""
    chat = await mark(pilot, name)
    await pilot.press("enter")
    return chat
