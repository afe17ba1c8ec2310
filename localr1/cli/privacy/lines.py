"""A report on privacy, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

from localr1.cli.privacy.inventory import DIRECTORY, UNKNOWN, Item
from localr1.cli.privacy.kinds import Kind
from localr1.cli.privacy.report import Report
from localr1.cli.table import table_lines
from localr1.hub.destinations import Destination
from localr1.units import size_text

_COLUMNS = ("RIGHTS", "OWNER", "SIZE", "PATH")
_ENCRYPTION = {
    "on": "on: nobody reads the chats without their passphrase",
    "off": "off: whoever gets at the disk can read the chats; `localr1 lock` encrypts them",
    "unknown": "unknown: the file can't be read",
}


def report_lines(report: Report, known: Sequence[Kind]) -> Iterator[str]:
    """Files, what is wrong with them, and the network."""
    yield "FILES AND DIRECTORIES"
    for name, holds in ((DIRECTORY, ""), *((kind.name, kind.holds) for kind in known), (UNKNOWN, "")):
        yield from _of_kind(name, holds, [item for item in report.files if item.kind == name])
    yield from _absent(report.absent, known)
    yield from _shared(report.shared)
    yield f"Encryption is {_ENCRYPTION[report.encryption]}."
    yield _deleted(report.deleted)
    yield "A temporary chat and `localr1 ask --no-save` write nothing of what is said to any file."
    yield ""
    yield "NETWORK"
    yield from _network(report)


def _of_kind(name: str, holds: str, items: Sequence[Item]) -> Iterator[str]:
    if items:
        yield f"{name}: {holds}" if holds else name
        rows = [(item.rights, item.owner, _size(item), str(item.path)) for item in items]
        yield from (f"  {line}" for line in table_lines(_COLUMNS, rows, right=(2,)))
        yield ""


def _absent(places: Sequence[Path], known: Sequence[Kind]) -> Iterator[str]:
    if places:
        yield "NOT THERE NOW"
        holds = {kind.place: f"{kind.name}: {kind.holds}" for kind in known}
        rows = [(str(place), holds[place]) for place in places]
        yield from (f"  {line}" for line in table_lines(("PATH", "WOULD HOLD"), rows))
        yield ""


def _size(item: Item) -> str:
    return "" if item.kind == DIRECTORY else size_text(item.size)


def _shared(items: Sequence[Item]) -> Iterator[str]:
    if not items:
        yield "Nobody but you and root may read, write or list any of these."
        return
    yield f"OTHERS HAVE RIGHTS TO {len(items):,} OF THESE; `doctor --privacy --fix` mends localr1's own"
    yield from (f"  {line}" for line in table_lines(("RIGHTS", "BY HAND"), [_mend(item) for item in items]))
    yield ""


def _mend(item: Item) -> tuple[str, str]:
    return item.rights, f"chmod go-rwx {quote(str(item.path))}"


def _deleted(count: int | None) -> str:
    erased = (
        "is erased from every file when a localr1 ends or another one starts, and can come back until then"
    )
    if count is None:
        return f"A deleted chat {erased}; whether there is one can't be seen while the chats are closed."
    return f"Deleted chats that can still come back: {count}. A deleted chat {erased}."


def _network(report: Report) -> Iterator[str]:
    if report.offline:
        yield "Never used: the setting `offline` is on, so nothing opens a connection."
        return
    for destination in report.destinations:
        yield from _destination(destination)
    yield "A connection is opened for these alone:"
    yield from (f"  {each}" for each in _occasions(report.destinations))
    yield "There is no telemetry, no look for updates and no report of crashes."


def _destination(destination: Destination) -> Iterator[str]:
    yield f"{destination.name}: {destination.address}"
    yield f"  is told: {destination.sends}"


def _occasions(reached: Sequence[Destination]) -> list[str]:
    return list(dict.fromkeys(when for destination in reached for when in destination.when))
