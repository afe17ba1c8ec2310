"""A worker of our own, in pipes: it ends when we do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from localr1.engine.connection import Connection
from localr1.engine.failure import AGAIN
from localr1.engine.limits import LINE_LIMIT
from localr1.errors import EngineError

ENVIRONMENT = {"GGML_NO_BACKTRACE": "1", "GOMP_SPINCOUNT": "1000"}
"""Threads that wait for each other spin for a moment, then sleep: to spin longer costs nearly all speed
beside a busy process, to sleep sooner costs speed on an idle machine (tests/bench/test_waiting.py)."""


async def start_child(command: Sequence[str]) -> Connection:
    """Start a worker in a session of its own, where the terminal's signals do not reach it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LINE_LIMIT,
            start_new_session=True,
            env=worker_environment(),
        )
    except OSError as error:
        raise not_started(error) from None
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("asyncio gave no pipes")
    return Connection(process, process.stdin, process.stdout)


def worker_environment() -> dict[str, str]:
    """The variables of a worker; what the user has set goes before ours."""
    return {**ENVIRONMENT, **os.environ}


def not_started(error: OSError) -> EngineError:
    """The system can't start a worker."""
    return EngineError(f"The engine can't be started: {error}.", hint=AGAIN)
