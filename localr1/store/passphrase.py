"""Passphrases: whatever keyboard one was typed on, it becomes the same bytes."""

from __future__ import annotations

import unicodedata

from localr1.errors import LockedError


def passphrase_bytes(passphrase: str) -> bytes:
    """The passphrase in NFC, as RFC 8265 has it for passwords; raises LockedError for an empty one."""
    if not passphrase:
        raise LockedError(
            "The passphrase is empty.", hint="Nothing was changed; an empty one protects nothing."
        )
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
