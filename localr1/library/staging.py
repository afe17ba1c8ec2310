"""The files of one model on their way into the models directory: all of them come, or none."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.library.hashing import Hashed
from localr1.library.records import RecordedFile
from localr1.library.transfer import Staged, Way, disk_errors, require_free, require_space, stage
from localr1.paths import PRIVATE_FILE, make_private_directory
from localr1.regular_file import is_regular


def stage_all(
    sources: Sequence[Path], targets: Sequence[Path], how: Way
) -> Generator[Hashed, None, list[Staged]]:
    """Hash all files, and copy them where that is wanted; raises ModelFileError, with nothing left behind."""
    directory = targets[0].parent
    with disk_errors(targets[0]):
        make_private_directory(directory)
    way = _way(how, sources, directory)
    sizes = [source.stat().st_size for source in sources]
    if way == "copy":
        require_space(directory, sum(sizes))
    for target, size in zip(targets, sizes, strict=True):
        if not _may_be_same(target, size):
            require_free(target)
    staged: list[Staged] = []
    try:
        for index, (source, target) in enumerate(zip(sources, targets, strict=True)):
            staged.append((yield from stage(source, target, way, sum(sizes[:index]), sum(sizes))))
    except BaseException:
        discard_all(staged)
        raise
    return staged


def _may_be_same(target: Path, size: int) -> bool:
    """Whether it may be the very file that is on its way: its hash will tell."""
    return is_regular(target) and target.stat().st_size == size


def _way(how: Way, sources: Sequence[Path], directory: Path) -> Way:
    """A move to another disk is a copy whose original goes at the end."""
    if how == "copy":
        return how
    if how == "move" and any(source.is_symlink() for source in sources):
        raise ModelFileError(
            f"{sources[0].name} is a link.", hint="Move the file that it leads to, or copy it instead."
        )
    disk = directory.stat().st_dev
    if all(source.stat().st_dev == disk for source in sources):
        return how
    if how == "link":
        raise ModelFileError(
            f"{sources[0].name} is on another disk than {directory}, where no link leads.",
            hint="Copy, move or reference it instead.",
        )
    return "copy"


def publish_all(staged: Sequence[Staged]) -> tuple[RecordedFile, ...]:
    """Give all their places, or none; what is ours alone is private then. Raises ModelFileError."""
    files: list[RecordedFile] = []
    try:
        for file in staged:
            files.append(file.publish())
    except BaseException:
        for file in staged[: len(files)]:
            file.withdraw()
        discard_all(staged)
        raise
    for file in staged:
        if file.way == "move":
            file.target.chmod(PRIVATE_FILE)
    return tuple(files)


def discard_all(staged: Sequence[Staged]) -> None:
    """Remove copies that did not come to their places."""
    for file in staged:
        file.discard()


def leave_nothing(sources: Sequence[Path]) -> None:
    """The end of a move to another disk."""
    for source in sources:
        with disk_errors(source):
            source.unlink(missing_ok=True)
