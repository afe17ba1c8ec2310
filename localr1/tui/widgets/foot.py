"""The foot of the chat: what is on its way, where the user writes, and how things stand."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content

from localr1.here import NOWHERE, Here
from localr1.tui.completer import Completer
from localr1.tui.completion import Source
from localr1.tui.downloads.downloads import Downloads
from localr1.tui.files.file_source import FileSource
from localr1.tui.widgets.attachment_list import AttachmentList
from localr1.tui.widgets.completion_list import CompletionList
from localr1.tui.widgets.download_line import DownloadLine
from localr1.tui.widgets.hints import Hint, Hints
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.reader import Reader
from localr1.tui.widgets.status import Status

HELP = ("F1", "help", "screen.help")
MODELS = ("^L", "models", "screen.models")
CHATS = ("^O", "chats", "screen.chats")
IDLE = (MODELS, CHATS, ("/", "commands", "screen.palette"))
ASKED = (
    ("^R", "retry", "screen.retry"),
    ("Alt+E", "edit", "screen.edit"),
    ("^N", "new", "screen.new"),
    CHATS,
    MODELS,
    ("Alt+C", "copy", "screen.copy"),
)
EDITING = (("Esc", "leave it", "screen.stop"),)
RUNNING = (
    ("Esc", "stop", "screen.stop"),
    ("Alt+A", "answer now", "screen.answer_now"),
    ("^T", "thinking", "screen.thinking"),
)
READING = (
    ("j k", "scroll", "app.simulate_key('j')"),
    ("n N", "message", "app.simulate_key('n')"),
    ("/", "find", "app.simulate_key('slash')"),
    ("y", "copy", "app.simulate_key('y')"),
    ("e", "edit", "app.simulate_key('e')"),
    ("x", "delete", "app.simulate_key('x')"),
)
WRITE = ("Esc", "write", "app.simulate_key('escape')")
COMPLETING = (("Tab", "take", "app.simulate_key('tab')"), ("Esc", "close", "app.simulate_key('escape')"))

GAP = 2
"""Cells between the status and the hints."""
LEAST = 8
"""Cells of the shortest hints."""


class Foot(Vertical):
    """Changes with what the chat does."""

    def __init__(self, downloads: Downloads, sources: Sequence[Source] = (), here: Here = NOWHERE) -> None:
        """`sources` know what could be written in the prompt; files are named as seen from `here`."""
        super().__init__()
        self.downloads = DownloadLine(downloads)
        self.files = AttachmentList()
        self.prompt = Prompt(here, id="prompt")
        self.status = Status()
        self._hints = Hints(*IDLE, last=HELP)
        self._usual: tuple[Hint, ...] = IDLE
        self._sources = (*sources, FileSource(here))

    def compose(self) -> ComposeResult:
        yield self.downloads
        yield CompletionList()
        yield self.files
        yield self.prompt
        with Container(id="line"):
            yield self.status
            yield self._hints

    def on_mount(self) -> None:
        self.watch(self.screen, "focused", self._show_keys, init=False)
        self._completer = Completer(self.prompt, self.query_one(CompletionList), self._sources)
        self.prompt.completer = self._completer
        self.watch(self.status, "flashed", self._make_room, init=False)

    def begin(self, *, asked: bool) -> None:
        """A chat is opened, in which something was `asked` or nothing yet."""
        self._show(ASKED if asked else IDLE)

    def begin_edit(self, message_id: int, text: str) -> None:
        """The last question is to be edited in the prompt."""
        self.prompt.begin_edit(message_id, text)
        self._show(EDITING)

    def end_edit(self) -> None:
        """The prompt is for new questions again."""
        if self.prompt.editing is not None:
            self.prompt.end_edit()
            self._show(ASKED)

    def clear(self) -> None:
        """Leave the question that is edited, or else empty the prompt."""
        if self.prompt.editing is None:
            self.prompt.clear()
        self.end_edit()

    def show_running(self) -> None:
        """A reply has begun."""
        self._show(RUNNING)

    def rest(self, unanswered: str) -> None:
        """A turn is over: the prompt is the user's again, with the question in it when nothing came."""
        self.status.state = ""
        self._show(ASKED)
        self.prompt.restore(unanswered)

    def _show(self, hints: tuple[Hint, ...]) -> None:
        """Show these keys whenever the user is writing."""
        self._usual = hints
        self._show_keys()

    def _show_keys(self) -> None:
        if isinstance(self.screen.focused, Reader):
            self._hints.show(*READING, last=WRITE)
        else:
            self._hints.show(*self._usual, last=None if self._usual in (EDITING, RUNNING) else HELP)

    def _make_room(self, remark: str) -> None:
        """A remark is shown whole, on as many lines as it takes; the hints get what one line has left."""
        line = self.query_one("#line")
        room = line.content_size.width - Content(remark).cell_length
        below = self.screen.has_class("tall")
        beside = room - GAP if remark and not below else None
        line.set_class(room < 0 or (beside is not None and beside < LEAST), "long")
        self._hints.styles.max_width = beside

    @on(Prompt.SelectionChanged)
    @work(group="completion", exclusive=True)
    async def _look_for_completion(self) -> None:
        await self._completer.look()

    @on(CompletionList.Toggled)
    def _show_keys_of_completion(self) -> None:
        self._hints.lay_over(*(COMPLETING if self.query_one(CompletionList).display else ()))

    @on(CompletionList.Clicked)
    def _take_clicked(self, event: CompletionList.Clicked) -> None:
        self._completer.take(event.choice)
