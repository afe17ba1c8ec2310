"""One line: the model, what it does, how fast, and how full its context is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from localr1.errors import LocalR1Error
from localr1.message import Message, Stats
from localr1.safe_text import safe_line
from localr1.tui.wording import model_name
from localr1.units import speed_text

FLASH_SECONDS = 2.5
LOOK_SECONDS = 0.25
"""Between two looks at how far a model is loaded."""
SHORT_NAME = 18
"""Characters of a model's name where there is little room."""


class Status(Static):
    """Draws itself again when one of its values changes."""

    model = reactive("")
    state = reactive("")
    """What is happening: "loading", "thinking"; empty while nothing is."""
    rate = reactive(0.0)
    """Tokens a second of the newest reply."""
    prompt_tokens = reactive(0)
    """Tokens of the newest request."""
    reply_tokens = reactive(0)
    """Tokens of the newest reply; with those of its request they fill the context."""
    context = reactive(0)
    flashed = reactive("")
    """A short remark that stands before everything else for a moment."""

    _flash_timer: Timer | None = None

    def render(self) -> Content:
        if self.flashed:
            return Content.styled(self.flashed, "$accent")
        model, short_model = model_name(self.model), model_name(self.model, SHORT_NAME)
        rate = speed_text(self.rate) if self.rate else ""
        used = self.prompt_tokens + self.reply_tokens
        context = f"{used:,} of {self.context:,} tokens" if self.context else ""
        short_context = f"{used:,}/{self.context:,}" if self.context else ""
        for words in (
            (model, self.state, rate, context),
            (model, self.state, rate, short_context),
            (short_model, self.state, rate, short_context),
            (short_model, self.state, short_context),
            (self.state, short_context),
        ):
            line = Content(" · ".join(word for word in words if word))
            if line.cell_length <= self.size.width:
                break
        return line

    def begin(self, model: str, messages: Sequence[Message]) -> None:
        """A chat is opened: show where it stood."""
        self.model = model
        self.rate = 0.0
        self.prompt_tokens = self.reply_tokens = 0
        if messages and (stats := messages[-1].stats):
            self.show_stats(stats)

    def show_stats(self, stats: Stats) -> None:
        """Show what a finished reply has taken."""
        self.rate = stats.tokens_per_second
        self.prompt_tokens = stats.prompt_tokens
        self.reply_tokens = stats.generated_tokens

    @contextmanager
    def while_loading(self, share: Callable[[], float | None]) -> Iterator[None]:
        """Say how much of a model is loaded, where the engine knows, while the block runs."""

        def show() -> None:
            known = share()
            self.state = f"loading {known:.0%}" if known else "loading…"

        watch = self.set_interval(LOOK_SECONDS, show)
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
        self.flashed = remark
        self._flash_timer = self.set_timer(seconds, self._end_flash)

    @contextmanager
    def saying_errors(self) -> Iterator[None]:
        """Say for a moment what goes wrong in the block."""
        try:
            yield
        except LocalR1Error as error:
            self.flash(safe_line(error.message))

    def watch_flashed(self) -> None:
        """A remark is shown whole; the hints beside it give way."""
        self.styles.min_width = Content(self.flashed).cell_length or None

    def _end_flash(self) -> None:
        self.flashed = ""
