"""What all lines between the app and its worker have in common."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """One line of the protocol."""
