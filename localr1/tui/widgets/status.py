"""One line about the model: what it does, how fast, how full its context is, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from localr1.engine.reports import ModelInfo
from localr1.errors import LocalR1Error
from localr1.library.local_model import LocalModel
from localr1.message import Message, Stats
from localr1.safe_text import safe_line
from localr1.store.writer import WAITING
from localr1.tui.status_line import Reading, Vitals, status_line

FLASH_SECONDS = 2.5
READING_SECONDS = 6.0
"""How long a remark stays that takes its time to be read."""
LOOK_SECONDS = 0.25
"""Between two looks at how far a model is loaded, and whether the store waits."""
MEMORY_SECONDS = 2.0
"""Between two looks at the engine's memory."""


class Status(Static):
    """Draws itself again when one of its values changes."""

    model = reactive("")
    quant = reactive("")
    state = reactive("")
    """What is happening: "loading", "thinking"; empty while nothing is."""
    reading: reactive[Reading | None] = reactive(None)
    """How far a long prompt has been read; over with the next state."""
    standing: reactive[tuple[str, ...]] = reactive(())
    """How a vote stands, in ever fewer words; over with the next state."""
    rate = reactive(0.0)
    """Tokens a second of the newest reply."""
    prompt_tokens = reactive(0)
    """Tokens of the newest request."""
    reply_tokens = reactive(0)
    """Tokens of the newest reply; with those of its request they fill the context."""
    context = reactive(0)
    memory = reactive(0)
    """Bytes that the engine's process holds."""
    device = reactive("")
    offline = reactive(False)
    temporary = reactive(False)
    """The chat is never written to disk."""
    flashed = reactive("")
    """A short remark that stands before everything else for a moment."""

    _flash_timer: Timer | None = None
    _memory_timer: Timer | None = None

    def render(self) -> Content:
        if self.flashed:
            return Content.styled(self.flashed, "$text-accent")
        return status_line(self._vitals(), self.size.width)

    def begin(self, model: str, messages: Sequence[Message]) -> None:
        """A chat is opened: show where it stood."""
        if model != self.model:
            self.quant = self.device = ""
            self.context = 0
        self.model = model
        self.rate = 0.0
        self.prompt_tokens = self.reply_tokens = 0
        if messages and (stats := messages[-1].stats):
            self.show_stats(stats)

    def show_model(self, model: LocalModel, info: ModelInfo, device: str) -> None:
        """A model is loaded, and computes on this device."""
        self.model, self.quant = model.name, model.quant
        self.context, self.device = info.context, device

    def follow_memory(self, read: Callable[[], int]) -> None:
        """Look at the memory of the engine from now on; `read` is quick and gives bytes."""

        def look() -> None:
            self.memory = read()

        if self._memory_timer:
            self._memory_timer.stop()
        self._memory_timer = self.set_interval(MEMORY_SECONDS, look)
        look()

    def follow_store(self, waiting: Callable[[], bool]) -> None:
        """Say it from now on whenever the store is waiting."""

        def look() -> None:
            if waiting():
                self.flash(WAITING, 2 * LOOK_SECONDS)

        self.set_interval(LOOK_SECONDS, look)

    def show_stats(self, stats: Stats) -> None:
        """Show what a finished reply has taken."""
        self.rate = stats.tokens_per_second
        self.prompt_tokens = stats.prompt_tokens
        self.reply_tokens = stats.generated_tokens

    @contextmanager
    def while_loading(self, share: Callable[[], float | None], *, perhaps: bool = False) -> Iterator[None]:
        """Say how much of a model is loaded, where the engine knows, while the block runs.

        Where `perhaps` nothing has to be loaded, nothing is said until the engine knows.
        """

        def show() -> None:
            if known := share():
                self.state = f"loading {100 * known:.0f} %"

        watch = self.set_interval(LOOK_SECONDS, show)
        self.state = self.state if perhaps else "loading…"
        show()
        try:
            yield
        finally:
            watch.stop()
            self.state = ""

    def flash(self, remark: str, seconds: float = FLASH_SECONDS) -> None:
        """Say something for a moment."""
        if self._flash_timer:
            self._flash_timer.stop()
        self.flashed = safe_line(remark)
        self._flash_timer = self.set_timer(seconds, self._end_flash)

    @contextmanager
    def saying_errors(self) -> Iterator[None]:
        """Say for some seconds what goes wrong in the block, and what to do about it."""
        try:
            yield
        except LocalR1Error as error:
            self.flash(safe_line(f"{error.message} {error.hint}".strip()), READING_SECONDS)

    def watch_state(self) -> None:
        """What comes after the reading, or after a vote, puts an end to it."""
        self.reading, self.standing = None, ()

    def _vitals(self) -> Vitals:
        return Vitals(
            model=self.model,
            quant=self.quant,
            state=self.state,
            reading=self.reading,
            standing=self.standing,
            rate=self.rate,
            used=self.prompt_tokens + self.reply_tokens,
            context=self.context,
            memory=self.memory,
            device=self.device,
            offline=self.offline,
            temporary=self.temporary,
        )

    def _end_flash(self) -> None:
        self.flashed = ""
