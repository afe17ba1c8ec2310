"""Text that others wrote, made safe to draw on a terminal: nothing in it can be an order to the terminal.

Both front ends use it for whatever a model, a file, a title or a server said. In a pipe the bytes go out as
they are.
"""

from __future__ import annotations

from itertools import chain

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
"""C0 and DEL have a picture of themselves in Unicode."""
_INVISIBLE = chain(
    range(0x80, 0xA0),  # C1: the 8-bit forms of ESC [ and the like
    (0x061C, 0x200E, 0x200F),  # bidi controls reorder what is read
    chain(range(0x202A, 0x202F), range(0x2066, 0x206A)),
    (0x2028, 0x2029),  # separators that some terminals break lines at
    range(0xD800, 0xE000),  # surrogates can't be encoded
    range(0xFFF9, 0xFFFC),  # interlinear annotation
    range(0xE0000, 0xE0080),  # tags: text that nobody sees
)
_TABLE = _PICTURES | dict.fromkeys(_INVISIBLE, 0xFFFD)


def safe_text(text: str) -> str:
    """The text with every control character shown instead of obeyed; newlines and tabs stay."""
    return text.translate(_TABLE)


def safe_line(text: str) -> str:
    """The same on one line, for names and titles."""
    return safe_text(" ".join(text.split()))
