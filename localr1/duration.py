"""Times as people write them: 30s, 5m, 1h."""

from __future__ import annotations

from typing import Annotated

import msgspec

Duration = Annotated[
    str, msgspec.Meta(pattern="^(0|[1-9][0-9]{0,3}[smh])$", title="0 or a time such as 30s, 5m or 1h")
]
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def seconds_of(duration: Duration) -> int:
    """How many seconds it has."""
    return int(duration[:-1]) * _SECONDS[duration[-1]] if duration != "0" else 0
