"""Where characters begin as people see them: letters with their marks, flags, families of emoji (pure)."""

from __future__ import annotations

from rich.cells import get_character_cell_size

JOINER = "\u200d"
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
"""Two of them are one flag."""


def begins(line: str, column: int) -> bool:
    """Whether a character begins at this place, or the line ends."""
    if not 0 < column < len(line):
        return True
    character, before = line[column], line[column - 1]
    if before == JOINER or (character != "\t" and not get_character_cell_size(character)):
        return False
    return not (_is_flag(character) and _flag_letters(line, column) % 2)


def left_of(line: str, column: int) -> int:
    """Where the character before this place begins."""
    column -= 1
    while not begins(line, column):
        column -= 1
    return column


def right_of(line: str, column: int) -> int:
    """Where the character at this place ends."""
    column += 1
    while not begins(line, column):
        column += 1
    return column


def has_marks(line: str, column: int) -> bool:
    """Whether the character before this place is a letter with marks, which can be taken back one by one."""
    start = left_of(line, column) if column else 0
    return column - start > 1 and get_character_cell_size(line[start]) == 1 and not _is_flag(line[start])


def _is_flag(character: str) -> bool:
    return ord(character) in FLAG_LETTERS


def _flag_letters(line: str, column: int) -> int:
    """How many of them stand in a row before this place."""
    start = column
    while start and _is_flag(line[start - 1]):
        start -= 1
    return column - start
