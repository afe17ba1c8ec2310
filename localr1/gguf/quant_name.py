"""The quant that a file's name states."""

from __future__ import annotations

import re

_QUANT = re.compile(
    r"(?:^|[-._/])((?:UD-)?(?:I?Q[1-8](?:_[0-9A-Z]+)*|TQ[12]_0|(?:BF|FP?)(?:16|32)|MXFP4(?:_MOE)?|NVFP4))(?=[-._/]|$)",
    re.IGNORECASE,
)
"""More than llama.cpp itself knows: publishers mix their own."""


def quant_in(name: str) -> str:
    """In capitals, such as Q4_K_M; the last one in a name or path, empty where it states none."""
    found = _QUANT.findall(name.removesuffix(".gguf"))
    return str(found[-1]).upper() if found else ""
