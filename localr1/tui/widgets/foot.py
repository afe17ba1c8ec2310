"""The foot of the chat: what is on its way, where the user writes, and how things stand."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from localr1.tui.downloads.downloads import Downloads
from localr1.tui.widgets.download_line import DownloadLine
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.status import Status

IDLE = (
    ("^L", "models", "screen.models"),
    ("^O", "chats", "screen.chats"),
    ("^N", "new", "screen.new"),
    ("F1", "help", "screen.help"),
)
ASKED = (
    ("^R", "retry", "screen.retry"),
    ("Alt+E", "edit", "screen.edit"),
    ("^N", "new", "screen.new"),
    ("F1", "help", "screen.help"),
)
EDITING = (("Esc", "leave it as it was", "screen.stop"),)
RUNNING = (("Esc", "stop", "screen.stop"), ("^T", "thinking", "screen.thinking"))


class Foot(Vertical):
    """Changes with what the chat does."""

    prompt = getters.query_one(Prompt)
    status = getters.query_one(Status)
    downloads = getters.query_one(DownloadLine)
    _hints = getters.query_one(Hints)

    def __init__(self, downloads: Downloads) -> None:
        super().__init__()
        self._downloads = downloads

    def compose(self) -> ComposeResult:
        yield DownloadLine(self._downloads)
        yield Prompt(id="prompt")
        with Horizontal(id="line"):
            yield Status()
            yield Hints(*IDLE)

    def begin(self, *, asked: bool) -> None:
        """A chat is opened, in which something was `asked` or nothing yet."""
        self._hints.show(*(ASKED if asked else IDLE))

    def begin_edit(self, message_id: int, text: str) -> None:
        """The last question is to be edited in the prompt."""
        self.prompt.begin_edit(message_id, text)
        self._hints.show(*EDITING)

    def end_edit(self) -> None:
        """The prompt is for new questions again."""
        if self.prompt.editing is not None:
            self.prompt.end_edit()
            self._hints.show(*ASKED)

    def clear(self) -> None:
        """Leave the question that is edited, or else empty the prompt."""
        if self.prompt.editing is None:
            self.prompt.clear()
        self.end_edit()

    def show_running(self) -> None:
        """A reply has begun."""
        self._hints.show(*RUNNING)

    def rest(self, unanswered: str) -> None:
        """A turn is over: the prompt is the user's again, with the question in it when nothing came."""
        self.status.state = ""
        self._hints.show(*ASKED)
        self.prompt.restore(unanswered)

    @on(Prompt.PasteRefused)
    def _refuse_paste(self, event: Prompt.PasteRefused) -> None:
        self.status.flash(f"{event.length:,} characters are more than any model here can read")
