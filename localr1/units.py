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


def _three_digits(value: float) -> str:
    if value < 9.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
