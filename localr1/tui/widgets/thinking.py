"""The thinking of a reply: open while it runs, folded once the answer begins."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.reactive import Reactive, reactive
from textual.widgets import Static

from localr1.safe_text import safe_text
from localr1.tui.eta import Pace, left_text
from localr1.wording import duration, plural

TAIL_LINES = 8
"""Lines shown while it runs."""
TAIL_CHARACTERS = 4_000
SHOWN_CHARACTERS = 60_000


class ThinkingHeader(Static):
    """One line that says how long it took; a click opens or folds."""


class Thinking(Vertical):
    """Thinking as plain text; the reader's own choice of open or folded is kept."""

    unfolded = reactive(False, toggle_class="unfolded")

    virtual_size = Reactive(Size(0, 0))
    """Set by a layout; as other widgets have it, it would ask for another one."""

    def __init__(self, clock: Callable[[], float], *, stays_open: bool = False) -> None:
        super().__init__()
        self._stays_open = stays_open
        self._clock = clock
        self.budget: int | None = None
        """Tokens that it may take; None where there is no bound."""
        self._text = ""
        self._new: list[str] = []
        self._tokens = 0
        self._started: float | None = None
        self._touched = False
        self._words = ""
        self._header = ThinkingHeader()
        self._body = Static(classes="body")
        self.display = False

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._body

    @property
    def text(self) -> str:
        """All of it so far."""
        self._text += "".join(self._new)
        self._new.clear()
        return self._text

    @property
    def running(self) -> bool:
        """It has begun, and nothing has said yet that it is over."""
        return self.display and not self._words

    def feed(self, text: str, tokens: int) -> None:
        """Take more of the thinking; it is drawn at the next `draw`."""
        self._new.append(text)
        self._tokens = tokens
        if not self.running:
            self._started = self._clock() if self._started is None else self._started
            self._words = ""
            self.display = True
            self.unfolded = self.unfolded or not self._touched

    def draw(self) -> None:
        """Bring the header and the last lines up to date."""
        if self.running:
            self._show_header(f"Thinking… {self._progress()}")
            if self.unfolded:
                self._body.update(self._tail())

    def pause(self, *, finished: bool = True) -> None:
        """It is over for now: say how long it took, and fold unless the reader chose otherwise."""
        if self.running:
            self.settle(self.text, self._elapsed(), finished=finished)

    def settle(self, text: str, seconds: float, *, finished: bool = True, skipped: bool = False) -> None:
        """Show what the thinking has come to; `seconds` of 0 means that nobody measured them."""
        self._text = text
        self._new.clear()
        took = f"Thought for {duration(seconds)}" if seconds else "Thought"
        self._words = "Skipped thinking" if skipped else took if finished else f"{took}, unfinished"
        self.set_class(skipped, "skipped")
        self.display = bool(text) or skipped
        if not self._touched:
            self.unfolded = self._stays_open
        self._show_header(self._words)
        self._show_body()

    def toggle(self) -> None:
        """The reader opens or folds it."""
        self._touched = True
        self.unfolded = not self.unfolded

    def watch_unfolded(self) -> None:
        """A folded body holds no text, so that a long chat stays light."""
        if self._words:
            self._show_header(self._words)
            self._show_body()
        self.draw()

    @on(Click, "ThinkingHeader")
    def _header_clicked(self) -> None:
        self.toggle()

    def _elapsed(self) -> float:
        return 0.0 if self._started is None else self._clock() - self._started

    def _progress(self) -> str:
        """Seconds and tokens so far, and how long it goes on at most where it has a budget."""
        seconds = f"{int(self._elapsed())} s"
        if self.budget is None:
            return f"{seconds} · {plural(self._tokens, 'token')}"
        words = [seconds, f"{self._tokens:,} of {plural(self.budget, 'token')}"]
        pace = Pace.begin(0, self._started or 0.0).reach(self._tokens, self._clock())
        if left := pace.seconds_left(self.budget):
            words.append(left_text(left))
        return " · ".join(words)

    def _show_header(self, words: str) -> None:
        mark = "·" if self.has_class("skipped") else "▾" if self.unfolded else "▸"
        self._header.update(Content(f"{mark} {words}"))

    def _show_body(self) -> None:
        text = self.text.strip() if self.unfolded else ""
        if len(text) > SHOWN_CHARACTERS:
            text = f"{text[:SHOWN_CHARACTERS]}\n… and {len(text) - SHOWN_CHARACTERS:,} characters more"
        self._body.update(Content(safe_text(text)))

    def _tail(self) -> Content:
        """The last lines as they fall at this width."""
        tail = Content(safe_text(self.text[-TAIL_CHARACTERS:].strip()))
        lines = tail.wrap(max(20, self._body.content_size.width))
        return Content("\n").join(lines[-TAIL_LINES:])
