"""How many threads compute the next token: as many as are fastest on this machine as it is now.

The threads of a model wait for each other at every layer, so one core that another program keeps busy slows
all of them down. The pace gives up as many threads as others take cores, and tries now and then whether one
fewer or one more is faster.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

WINDOW_TOKENS = 8
WINDOW_SECONDS = 0.05
"""A window holds at least so many tokens and lasts at least so long; its mean is one measurement."""
LOOK_SECONDS = 0.25
"""Between two looks at what other programs do."""
GAIN = 0.97
"""Another number of threads must take less than this share of the time to be better."""
DRIFT = 0.1
"""A larger change from one window to the next does not come from a chat that grows."""
FIRST_PATIENCE, LAST_PATIENCE = 8, 256
"""Windows until the other numbers are tried again; doubled each time that this was in vain."""
CAUTION, CAUTION_IN_THE_DARK = 20, 4
"""How much longer to wait before a trial that is known to cost time, by the share it costs: a number that was
half as slow again is tried after eleven times the patience. Where nobody says what other programs do, trying
is the only way to know."""
TAKEN, FREED = 0.4, 0.25
"""Another program that keeps more than the first share of a core busy has taken it; below the second it is
free."""


class Pace:
    """Begins with all threads; is told of every token."""

    def __init__(
        self, most: int, others: Callable[[], float | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._others = others
        self._clock = clock
        self._taken = 0
        self._caution = CAUTION
        self._knows = True
        self._looked_at = clock()
        self._times: dict[int, float] = {}
        self._window = (0, 0.0)
        """Threads and seconds of the last one: a single slow window is a hiccup, and two are not, unless it
        may be another program that nobody tells of."""
        self._earlier: dict[int, float] = {}
        """Times of a token as they were known before this worker, in those of the quickest number."""
        self._best = most
        self._patience, self._waited = FIRST_PATIENCE, 0
        self._moved = False
        """Another number has become the best since the last trial, and no other program is told of: the one
        before is tried again soon, as what made it slow may be over."""
        self._begins = False
        """The window is the first of a reply; its tokens take longer, and it is no measurement."""
        self.threads = most
        """For the next token."""
        self._begin_window()

    @property
    def free(self) -> int:
        """Cores that no other program keeps busy, at least one; so many threads evaluate a prompt."""
        return max(1, self._most - self._taken)

    @property
    def known(self) -> dict[int, float]:
        """Times of a token in those of the quickest number of threads.

        Empty where but one number is known, or another program may have had its part in them.
        """
        if self._taken or not self._knows or len(self._times) < 2:
            return {}
        quickest = min(self._times.values())
        return {number: seconds / quickest for number, seconds in self._times.items()}

    def learn(self, known: Mapping[int, float]) -> None:
        """Begin with what was `known` of this model on this machine before, where nothing is known yet."""
        if not self._times and not self._earlier:
            self._earlier = {number: time for number, time in known.items() if 1 <= number <= self._most}
            self._start_over()

    def begin(self) -> None:
        """A prompt or a reply begins: see how the machine is now; no time since the last token counts."""
        if not self._look(self._clock()):
            self.threads = self._best
        self._begins = True
        self._begin_window()

    def token(self) -> int:
        """A token was computed; the threads for the next one."""
        self._tokens += 1
        if self._tokens >= WINDOW_TOKENS:
            now = self._clock()
            if (seconds := now - self._started) >= WINDOW_SECONDS:
                self._take(seconds / self._tokens, now)
                self._begin_window()
        return self.threads

    def disturb(self) -> None:
        """Something else was computed, which tells nothing about the time of a token."""
        if (now := self._clock()) - self._looked_at >= LOOK_SECONDS:
            self._look(now)
        self._begin_window()

    def _begin_window(self) -> None:
        self._tokens = 0
        self._started = self._clock()

    def _take(self, seconds: float, now: float) -> None:
        """Choose the threads for the next window after one whose tokens took so many `seconds` each."""
        begins, self._begins = self._begins, False
        if (now - self._looked_at >= LOOK_SECONDS and self._look(now)) or begins:
            return
        threads, before = self._window
        self._window = (self.threads, seconds)
        again = threads == self.threads and self._knows
        self._learn_time(min(seconds, before) if again else seconds)
        self._recall(seconds)
        if (fastest := self._fastest()) != self._best:
            self._best = fastest
            if self._knows:
                self._moved, self._patience, self._waited = True, FIRST_PATIENCE, 0
        self.threads = self._next_to_try() or self._best

    def _learn_time(self, seconds: float) -> None:
        """Take this for the time of the number in use, and let those of the others drift along.

        A chat that grows makes a token slower on any number of threads; times of a shorter one look quicker.
        """
        known = self._times.get(self.threads)
        if known and self._knows and abs(seconds / known - 1) < DRIFT:
            self._times = {number: time * seconds / known for number, time in self._times.items()}
        self._times[self.threads] = seconds

    def _look(self, now: float) -> bool:
        """Look what other programs do; True when there are more free cores now, or fewer."""
        before = self.free
        self._looked_at = now
        cores = self._others()
        self._knows = cores is not None
        self._caution = CAUTION if self._knows else CAUTION_IN_THE_DARK
        if cores is None:
            return False
        self._taken = max(_whole(cores, TAKEN), min(self._taken, _whole(cores, FREED)))
        if self.free == before:
            return False
        self._start_over()
        return True

    def _start_over(self) -> None:
        """Forget the times, with another number of cores; all cores as they were before, if that is known."""
        self._times.clear()
        self._patience, self._waited = FIRST_PATIENCE, 0
        before = self._earlier if self.free == self._most else {}
        least = min(before.values(), default=0.0)
        good = [number for number, time in before.items() if least >= GAIN * time]
        self._best = self.threads = max(good, default=self.free)

    def _recall(self, seconds: float) -> None:
        """Reckon the times of all numbers that were known before from the first one that is measured."""
        if len(self._times) == 1 and self.free == self._most and self.threads in self._earlier:
            unit = seconds / self._earlier[self.threads]
            self._times = {number: unit * time for number, time in self._earlier.items()}

    def _fastest(self) -> int:
        """The number that has the least time; the one so far, unless another is clearly better."""
        fastest = min(self._times, key=self._times.__getitem__)
        best = self._times.get(self._best)
        return fastest if best is None or self._times[fastest] < GAIN * best else self._best

    def _next_to_try(self) -> int:
        """A neighbour of the best number that is not known yet, or not any more; 0 for none."""
        neighbours = [number for number in (self._best - 1, self._best + 1) if 1 <= number <= self.free]
        unknown = [number for number in neighbours if number not in self._times]
        if unknown:
            return unknown[0]
        self._waited += 1
        caution = 0 if self._moved else self._caution
        if not neighbours or self._waited < self._patience * (1 + caution * self._cost(neighbours)):
            return 0
        self._moved = False
        self._patience, self._waited = min(2 * self._patience, LAST_PATIENCE), 0
        for number in neighbours:
            del self._times[number]
        return neighbours[0]

    def _cost(self, numbers: Sequence[int]) -> float:
        """By which share the quicker one of these is slower than the best."""
        return max(0.0, min(self._times[number] for number in numbers) / self._times[self._best] - 1)


def _whole(cores: float, share: float) -> int:
    """How many cores are taken, one that is busy for no more than a `share` not counted."""
    return max(0, math.ceil(cores - share))
