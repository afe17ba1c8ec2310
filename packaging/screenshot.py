"""Draws docs/screenshot.svg and .png: the real chat with the bundled model, asked three questions.

Run from the repository's root; needs rsvg-convert and Fira Code, the font of Textual's pictures.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from localr1.paths import find_paths
from localr1.settings import Settings
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen

QUESTIONS = ("What is 47 + 85?", "now add 5", "How many r are in strawberry?")
PICTURE = Path("docs/screenshot.svg")
SIZE = (96, 30)
WIDTH = "1400"
"""Pixels."""


async def draw(home: str) -> str:
    """The picture of a chat in which the newest thinking is unfolded."""
    paths = find_paths({"LOCALR1_HOME": home})
    app = LocalR1App(Settings(paths.config_file, environ={}, overrides={"temperature": 0.0}), paths)
    async with app.run_test(size=SIZE) as pilot:
        for question in QUESTIONS:
            await ask(pilot, question)
        await pilot.press("ctrl+t")
        await pilot.pause(0.5)
        return app.export_screenshot(title="localr1")


async def ask(pilot: Pilot[None], question: str) -> None:
    """Send a question and wait for its reply."""
    while not (isinstance(pilot.app.screen, ChatScreen) and pilot.app.screen.ready):
        await pilot.pause(0.05)
    await pilot.press(*question, "enter")
    await pilot.pause()
    while pilot.app.screen.busy:
        await pilot.pause(0.05)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        svg = asyncio.run(draw(home))
    # librsvg drops a no-break space at the beginning of a text.
    PICTURE.write_text(svg.replace(">&#160;", ">&#8203;&#160;"))
    png = PICTURE.with_suffix(".png")
    subprocess.run(["rsvg-convert", "-w", WIDTH, str(PICTURE), "-o", str(png)], check=True)


if __name__ == "__main__":
    main()
