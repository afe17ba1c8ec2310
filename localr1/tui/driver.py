"""Textual's driver for terminals, which takes a paste as a whole and waits for nobody who does not read."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from signal import SIGHUP

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from localr1.tui.paste_reader import PasteReader
from localr1.tui.terminal_output import TerminalOutput

READ = 64 * 1024
"""Bytes of the longest read."""
TICK_SECONDS = 0.1
END_SECONDS = 1.0
"""Time that a terminal has to read what is left when the app gives it back."""


class Driver(LinuxDriver):
    """Reads the terminal in a thread of its own, and writes to it in another one."""

    _output: TerminalOutput | None = None

    def write(self, data: str) -> None:
        """Have it written, while the app has the terminal.

        Textual's own writer, which runs as long, would keep the app from everything else meanwhile.
        """
        if self._output is None and self._writer_thread and self._writer_thread.is_alive():
            self._output = TerminalOutput(self._file.fileno() if self._file else 2, self._draw_anew)
        if self._output:
            self._output.write(data)

    def takes_frame(self) -> bool:
        """Whether the terminal keeps up; one that does not gets all drawn anew once it has caught up."""
        return self._output is None or self._output.takes_frame()

    def close(self) -> None:
        """Leave the terminal."""
        super().close()
        if self._output:
            self._output.end(END_SECONDS)
            self._output = None

    def run_input_thread(self) -> None:
        """Turn input into events until the driver stops; where the terminal is gone, the app ends."""
        reader = PasteReader(XTermParser(self._debug))
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            readable, _, _ = select.select([self.fileno], [], [], TICK_SECONDS)
            data = self._read() if readable else b""
            if readable and not data:
                self._app.call_later(self._app.exit, return_code=128 + SIGHUP)
                break
            for event in reader.feed(decode(data)) if data else reader.tick():
                self.process_message(event)

    def _read(self) -> bytes:
        """What the terminal sends; empty where it is gone."""
        try:
            return os.read(self.fileno, READ)
        except OSError:
            return b""

    def _draw_anew(self) -> None:
        self._app.call_later(self._app.refresh)
