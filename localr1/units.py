"""Numbers as people read them."""

from __future__ import annotations


def size_text(size: int) -> str:
    """Bytes in the decimal units that model hubs use, to three digits: 1.12 GB, 57.9 MB, 812 bytes."""
    if size < 1000:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{_three_digits(value)} {unit}"
    return f"{_three_digits(value / 1000)} TB"


def weights_text(count: int) -> str:
    """Weights as makers of models count them, to three digits: 1.78B, 135M."""
    value, unit = (count / 1e9, "B") if count >= 999.5e6 else (count / 1e6, "M")
    return f"{_three_digits(value)}{unit}"


def time_text(seconds: float) -> str:
    """A time that is only estimated, in two units at most that do not jump about: 12 s, 4 min, 1 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours < 100 else f"{hours} h"


def speed_text(tokens_per_second: float) -> str:
    """How fast a reply comes: 31 tok/s, 1,312 tok/s; slow machines need the decimal, 1.2 tok/s."""
    digits = 0 if tokens_per_second >= 10 else 1
    return f"{tokens_per_second:,.{digits}f} tok/s"


def _three_digits(value: float) -> str:
    if value < 9.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
