"""What the app says about the request that is being answered: cancel, pause, go on."""

from __future__ import annotations

import threading
from typing import Protocol, TypeAlias

from localr1.engine.protocol import Cancel, GoOn, Pause

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
        self._current: int | None = None
        self._cancelled: set[int] = set()
        self._pausing: set[int] = set()
        self._going_on: GoOn | None = None
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
            self._pausing = {later for later in self._pausing if later > request_id}
            self._current = self._going_on = None
            self._flag.clear()

    def hear(self, order: Order) -> None:
        """Take an order; an end of a pause ends also what was asked for before it."""
        with self._changed:
            match order:
                case Cancel(id=request_id):
                    self._cancelled.add(request_id)
                    if self._current == request_id:
                        self._flag.set()
                case Pause(id=request_id):
                    self._pausing.add(request_id)
                case GoOn(id=request_id) if self._current == request_id:
                    self._pausing.discard(request_id)
                    self._going_on = order
            self._changed.notify()

    def wants_end(self) -> bool:
        """Whether the request that is answered was cancelled."""
        return self._current in self._cancelled

    def wants_pause(self) -> bool:
        """Whether a pause of it was asked for."""
        return self._current in self._pausing

    def wait(self) -> GoOn | None:
        """How the request goes on after a pause; None when it is cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._going_on or self._current in self._cancelled)
            order, self._going_on = self._going_on, None
            return None if self._current in self._cancelled else order

    def _make_way(self) -> None:
        if self._current is not None and self._gives_way and self._current < self._newest:
            self._cancelled.add(self._current)
            self._flag.set()
