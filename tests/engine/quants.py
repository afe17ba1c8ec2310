"""Smaller copies of a model, made by llama.cpp."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from localr1.engine.worker.bindings import llama, start_backend

_Q4_0 = 2
"""LLAMA_FTYPE_MOSTLY_Q4_0."""


def quantize(source: Path, target: Path) -> Path:
    """A copy of a model with about four bits a weight."""
    start_backend()
    params = llama.llama_model_quantize_default_params()
    params.ftype = _Q4_0
    params.allow_requantize = True
    params.nthread = 1
    assert llama.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(params)) == 0
    return target
