"""One slim line about the downloads, above the prompt while there is something to say."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import RESTING, Download, Downloads, Phase
from localr1.tui.downloads.progress import progress_bar, progress_words
from localr1.wording import model_name

BAR_WIDTHS = (24, 10, 0)
"""Cells of the bar, where there is more or less room."""


class DownloadLine(Static):
    """What is coming, what has come, and what is left to go on with; a click opens the models."""

    class Clicked(Message):
        """The user wants to see more."""

    def __init__(self, downloads: Downloads) -> None:
        super().__init__()
        self._downloads = downloads
        self._news: Download | None = None
        """The last one that came to an end, until the user has seen it among the models."""

    def on_mount(self) -> None:
        self._downloads.changed.subscribe(self, self._take)
        self._show()

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Clicked())

    def on_resize(self) -> None:
        self._show()

    def seen(self) -> str:
        """The user goes to the models, and knows; the name of the one that was spoken of."""
        spoken_of = [self._news] if self._news else self._downloads.all()
        self._news = None
        self._show()
        return spoken_of[0].name if spoken_of else ""

    def _take(self, download: Download) -> None:
        if download.phase in (Phase.DONE, Phase.FAILED):
            self._news = download
        elif self._news and self._news.name == download.name:
            self._news = None
        self._show()

    def _show(self) -> None:
        downloads = self._downloads.all()
        running = [download for download in downloads if download.phase not in RESTING]
        paused = [download for download in downloads if download.phase is Phase.PAUSED]
        line = self._line(running, paused)
        self.display = bool(line)
        self.update(line)

    def _line(self, running: list[Download], paused: list[Download]) -> Content:
        room = max(10, self.app.size.width - 8)
        if running:
            news = self._news_words() if self._news and room >= 70 else Content("")
            return _fitting(running[0], len(running) - 1, news, room)
        if self._news:
            return self._news_words().truncate(room, ellipsis=True)
        if paused:
            words = [model_name(paused[0].name), *progress_words(paused[0])]
            return Content.assemble(" · ".join(words), ("   ^L goes on", "$text")).truncate(
                room, ellipsis=True
            )
        return Content("")

    def _news_words(self) -> Content:
        match self._news:
            case Download(name=name, phase=Phase.DONE):
                return Content.assemble(
                    ("✓ ", "$text-success"), (model_name(name), "$text bold"), " is here: ^L to use it"
                )
            case Download(name=name, error=error) if error:
                return Content.assemble(
                    ("! ", "$text-error"),
                    (model_name(name), "$text bold"),
                    f" stopped, ^L tries again: {safe_line(error.message)}",
                )
            case _:
                return Content("")


def _fitting(download: Download, queued: int, news: Content, room: int) -> Content:
    """The longest way of saying it that there is room for."""
    words = progress_words(download)
    behind = [f"{queued} more"] if queued else []
    name = model_name(download.name)
    for said in ([*words, *behind], words, words[:2], words[:1]):
        for bar in BAR_WIDTHS:
            line = Content.assemble(
                (name, "$text"), "  ", progress_bar(download.share, bar), "  " if bar else ""
            )
            line += Content(" · ".join(said))
            if news:
                line = Content.assemble(news, "   ", line)
            if line.cell_length <= room:
                return line
    return line.truncate(room, ellipsis=True)
