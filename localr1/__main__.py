"""The `localr1` command, and `python -m localr1`."""

from __future__ import annotations

import signal


def run() -> None:
    """Run the command line; Ctrl-C before it begins or behind its end, ends the program without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from localr1.cli.main import run as run_command

    run_command()


if __name__ == "__main__":
    run()
