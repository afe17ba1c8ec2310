"""What a download shows, event by event."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.cli.progress.shown import Shown
from localr1.cli.pull.finder import Wanted
from localr1.cli.pull.view import WordsView
from localr1.hub.events import Checking, Progress, Pulled, PullEvent, Retrying, Waiting
from localr1.hub.remote import RemoteFile, RemoteModel

PARTS = ("x-00001-of-00002.gguf", "x-00002-of-00002.gguf")


class Recorder:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def say(self, line: str) -> None:
        self.told.append(line)

    def wait(self, reason: str) -> None:
        self.told.append(f"… {reason}")

    def show(self, step: Shown) -> None:
        self.told.append(step.text)

    def stop(self) -> None:
        self.told.append("(stopped)")


def told(event: PullEvent, *files: str) -> list[str]:
    recorder = Recorder()
    view = WordsView(recorder)
    remote = tuple(RemoteFile("maker/x", "c" * 40, f"Q4_K_M/{file}", 1000, "a" * 64) for file in files)
    view.begin(Wanted("x", RemoteModel(remote, "Q4_K_M")))
    view.show(event)
    return recorder.told[1:]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Waiting("x"), "… waiting for another localr1 that is fetching it"),
        (Checking("x", 500, 1000), "checking what is there · 50 % · 500 bytes of 1.00 kB"),
        (Progress("x", 10, 1000, 0.0), "1 % · 10 bytes of 1.00 kB"),
        (Progress("x", 10, 1000, 10.0), "1 % · 10 bytes of 1.00 kB · 10 bytes/s · 2 min left"),
        (Retrying("x", 4.0, "The connection was lost."), "… retrying in 4 s: The connection was lost."),
    ],
)
def test_each_event_is_one_line(event: PullEvent, line: str) -> None:
    assert told(event, "x.gguf") == [line]


def test_of_a_split_model_the_part_is_told() -> None:
    assert told(Progress(PARTS[1], 1999, 2000, 0.0), *PARTS) == ["part 2 of 2 · 99 % · 2.00 kB of 2.00 kB"]


@pytest.mark.parametrize(
    ("fetched", "words"), [(0, "It is here already, 1.00 kB"), (1000, "It is here, 1.00 kB")]
)
def test_the_end_says_whether_anything_was_fetched(fetched: int, words: str) -> None:
    stopped, line = told(Pulled(Path("/models/x.gguf"), 1000, fetched), "x.gguf")
    assert stopped == "(stopped)"
    assert line.startswith(words)
    assert line.endswith("/models/x.gguf")
