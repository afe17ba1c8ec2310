"""How far a download is, in words and as a bar."""

from __future__ import annotations

from textual.content import Content

from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import Download, Phase
from localr1.units import size_text, time_text

SOON = 99 * 3600
"""Seconds; a time left that is longer is not worth a number."""


def progress_words(download: Download) -> list[str]:
    """What there is to say of it, the most important first."""
    share = f"{int(100 * download.share)} %" if download.total else f"{size_text(download.done)} here"
    match download.phase:
        case Phase.FETCHING:
            return [share, *_pace(download)]
        case Phase.CHECKING | Phase.PAUSED:
            return [share, download.phase.value] if download.done else [download.phase.value]
        case Phase.RETRYING:
            return [share, download.phase.value, safe_line(download.trouble)]
        case Phase.FAILED if download.error:
            return [download.phase.value, safe_line(download.error.message)]
        case phase:
            return [phase.value]


def _pace(download: Download) -> list[str]:
    if not download.rate:
        return []
    left = download.seconds_left
    words = [f"{size_text(round(download.rate))}/s"]
    return [*words, f"{time_text(left)} left"] if left is not None and left < SOON else words


def progress_bar(share: float, width: int) -> Content:
    """A line of so many cells, bright as far as it has come."""
    halves = round(share * width * 2)
    full, half = divmod(halves, 2)
    return Content.assemble(
        ("━" * full + "╸" * half, "$accent"), ("━" * (width - full - half), "$foreground 15%")
    )
