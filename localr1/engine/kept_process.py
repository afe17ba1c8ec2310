"""The process of a worker that is kept warm: it lives on when its starter has ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from localr1.engine.child import not_started, worker_environment


class KeptProcess:
    """A worker that lives on, as a process."""

    def __init__(self, pid: int, *, child: bool = False) -> None:
        self.pid = pid
        self._code: int | None = None
        self._reaper = Thread(target=self._reap, name="reaper", daemon=True) if child else None
        if self._reaper:
            self._reaper.start()

    @property
    def returncode(self) -> int | None:
        """Known of a child of this process, when it has been waited for."""
        return self._code

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int | None:
        """Its code; a worker that is not our child is gone for us when its connection is."""
        if self._reaper:
            await asyncio.to_thread(self._reaper.join)
        return self._code

    def _reap(self) -> None:
        """Leave no zombie behind, also where it ends long after we have left it."""
        with suppress(ChildProcessError):  # somebody has waited for it already
            _, status = os.waitpid(self.pid, 0)
            self._code = os.waitstatus_to_exitcode(status)


def start_kept(command: Sequence[str], listening: socket.socket) -> int:
    """Start a worker in a session of its own, with the socket as its input; its process id."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    actions = [
        (os.POSIX_SPAWN_DUP2, listening.fileno(), 0),
        nowhere,
        (os.POSIX_SPAWN_DUP2, 1, 2),
        *((os.POSIX_SPAWN_CLOSE, descriptor) for descriptor in _inheritable()),
    ]
    try:
        return os.posix_spawn(
            command[0], list(command), worker_environment(), file_actions=actions, setsid=True
        )
    except OSError as error:
        raise not_started(error) from None


def _inheritable() -> Iterator[int]:
    """Files that our own starter gave us, pipes and locks of a shell among them: they end with us."""
    for descriptor in (int(file.name) for file in Path("/dev/fd").iterdir()):
        with suppress(OSError):  # the one by which they were listed
            if descriptor > 2 and os.get_inheritable(descriptor):
                yield descriptor
