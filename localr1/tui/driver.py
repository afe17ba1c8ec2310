"""Textual's driver for terminals, which takes a paste as a whole."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from localr1.tui.paste_reader import PasteReader

READ = 64 * 1024
"""Bytes of the longest read."""
TICK_SECONDS = 0.1


class Driver(LinuxDriver):
    """Reads the terminal in a thread of its own."""

    def run_input_thread(self) -> None:
        """Turn input into events until the driver stops, or the terminal is gone."""
        reader = PasteReader(XTermParser(self._debug))
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            readable, _, _ = select.select([self.fileno], [], [], TICK_SECONDS)
            data = os.read(self.fileno, READ) if readable else b""
            if readable and not data:
                break
            for event in reader.feed(decode(data)) if data else reader.tick():
                self.process_message(event)
