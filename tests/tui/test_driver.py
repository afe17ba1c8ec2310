"""The driver: what it does with the terminal beside drawing."""

from __future__ import annotations

import os
from threading import Thread

from textual.app import App

from localr1.tui.driver import Driver


async def test_the_end_of_the_terminal_ends_the_reading_of_it() -> None:
    """Else a program whose terminal was closed may go on for ever, looking for input."""
    reading, writing = os.pipe()
    app: App[None] = App()
    driver = Driver(app)
    driver.fileno = reading
    thread = Thread(target=driver.run_input_thread, daemon=True)
    thread.start()
    os.close(writing)
    thread.join(30)
    os.close(reading)
    assert not thread.is_alive()


async def test_nothing_is_written_while_another_program_has_the_terminal() -> None:
    reading, writing = os.pipe()
    driver = Driver(App[None]())
    with os.fdopen(writing, "w") as terminal:
        driver._file = terminal
        driver.write("not now")
        driver.close()
    assert os.read(reading, 10) == b""
    os.close(reading)
