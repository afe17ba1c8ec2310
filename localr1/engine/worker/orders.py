"""What the app says about the request that is being answered: cancel, pause, go on."""

from __future__ import annotations

import threading
from typing import Protocol, TypeAlias

from localr1.engine.requests import Cancel, GoOn, Pause

Order: TypeAlias = Cancel | Pause | GoOn


class Flag(Protocol):
    """What stops a computation that runs in another thread."""

    def set(self) -> None: ...
    def clear(self) -> None: ...


class Orders:
    """Takes orders in one thread for another one, also about requests whose turn has not come."""

    def __init__(self, flag: Flag) -> None:
        """The flag is set while a request that is cancelled is answered."""
        self._flag = flag
        self._changed = threading.Condition()
        self._news = False
        self._current: int | None = None
        self._cancelled: set[int] = set()
        self._dropped: set[tuple[int, int]] = set()
        self._pausing: set[tuple[int, int]] = set()
        self._going_on: dict[int, GoOn] = {}
        self._newest = 0
        self._gives_way = False

    def expect(self, request_id: int) -> None:
        """This request waits for its turn from now on; one that gives way ends."""
        with self._changed:
            self._newest = request_id
            self._make_way()

    def begin(self, request_id: int, *, gives_way: bool = False) -> None:
        """This request is answered from now on; perhaps only until there is another one."""
        with self._changed:
            self._current, self._gives_way = request_id, gives_way
            if request_id in self._cancelled:
                self._flag.set()
            self._make_way()

    def end(self, request_id: int) -> None:
        """It is not answered any more; what is said of it from now on comes too late."""
        with self._changed:
            self._cancelled = {later for later in self._cancelled if later > request_id}
            self._dropped = {later for later in self._dropped if later[0] > request_id}
            self._pausing = {later for later in self._pausing if later[0] > request_id}
            self._going_on.clear()
            self._current = None
            self._flag.clear()

    def hear(self, order: Order) -> None:
        """Take an order; an end of a pause ends also what was asked for before it."""
        with self._changed:
            match order:
                case Cancel(id=request_id, sample=None):
                    self._cancelled.add(request_id)
                    if self._current == request_id:
                        self._flag.set()
                case Cancel(id=request_id, sample=int() as sample):
                    self._dropped.add((request_id, sample))
                case Pause(id=request_id, sample=sample):
                    self._pausing.add((request_id, sample))
                case GoOn(id=request_id, sample=sample) if self._current == request_id:
                    self._pausing.discard((request_id, sample))
                    self._going_on[sample] = order
            self._news = True
            self._changed.notify()

    def reset(self) -> None:
        """Forget what was said of requests, as those of another app have the same numbers."""
        with self._changed:
            self._cancelled.clear()
            self._dropped.clear()
            self._pausing.clear()
            self._newest = 0

    def wants_end(self, sample: int = 0) -> bool:
        """Whether the request that is answered was cancelled, or this sample of it."""
        return self._current in self._cancelled or (self._current, sample) in self._dropped

    def wants_pause(self, sample: int = 0) -> bool:
        """Whether a pause of it was asked for."""
        return (self._current, sample) in self._pausing

    def take_go_on(self, sample: int = 0) -> GoOn | None:
        """How a sample goes on after a pause; None as long as nothing was said."""
        with self._changed:
            return self._going_on.pop(sample, None)

    def wait(self) -> None:
        """Wait for an order, unless one came since the last time."""
        with self._changed:
            self._changed.wait_for(lambda: self._news)
            self._news = False

    def _make_way(self) -> None:
        if self._current is not None and self._gives_way and self._current < self._newest:
            self._cancelled.add(self._current)
            self._flag.set()
