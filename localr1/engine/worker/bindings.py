"""The low-level functions of llama.cpp; the only module that imports llama_cpp."""

from __future__ import annotations

import collections
import ctypes
import importlib.util
import platform
import sys
from types import ModuleType

from localr1.engine.reports import Device

DEVICE_KINDS = ("cpu", "gpu", "igpu", "accel")
"""ggml_backend_dev_type, in its order."""


def _import_low_level() -> ModuleType:
    """llama_cpp.llama_cpp without running llama_cpp/__init__.py.

    That would import numpy and the high-level API, which are not used here and take 0.2 s of every start.
    """
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None:
        raise ImportError("llama-cpp-python is not installed")
    sys.modules["llama_cpp"] = importlib.util.module_from_spec(spec)
    return importlib.import_module("llama_cpp.llama_cpp")


llama = _import_low_level()

_errors: collections.deque[str] = collections.deque(maxlen=8)
_GGML_LOG_LEVEL_ERROR = 4


def _log(level: int, text: bytes, _data: object) -> None:
    if level == _GGML_LOG_LEVEL_ERROR:
        _errors.append(text.decode("utf-8", "replace").strip())


_log_callback = llama.llama_log_callback(_log)


def start_backend() -> None:
    """Initialise llama.cpp; from now on its log is kept only as far as it tells of errors."""
    llama.llama_log_set(_log_callback, None)
    llama.llama_backend_init()


def take_errors() -> str:
    """What llama.cpp logged as errors since the last call, newest last."""
    text = "; ".join(_errors)
    _errors.clear()
    return text


def version() -> str:
    """Version of llama.cpp."""
    return str(llama.llama_version().decode())


def system_info() -> str:
    """llama.cpp's line about its build and the CPU features it uses."""
    return str(llama.llama_print_system_info().decode("utf-8", "replace").strip(" |"))


def devices() -> tuple[Device, ...]:
    """The devices that llama.cpp can compute on, memory in bytes."""
    ggml = _ggml()
    for name in ("ggml_backend_dev_name", "ggml_backend_dev_description"):
        getattr(ggml, name).argtypes = [ctypes.c_void_p]
        getattr(ggml, name).restype = ctypes.c_char_p
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    ggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    return tuple(
        _device(ggml, ggml.ggml_backend_dev_get(index)) for index in range(ggml.ggml_backend_dev_count())
    )


def backends() -> tuple[str, ...]:
    """What llama.cpp is built to compute on, such as CPU and CUDA."""
    ggml = _ggml()
    ggml.ggml_backend_reg_count.restype = ctypes.c_size_t
    ggml.ggml_backend_reg_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_reg_get.restype = ctypes.c_void_p
    ggml.ggml_backend_reg_name.argtypes = [ctypes.c_void_p]
    ggml.ggml_backend_reg_name.restype = ctypes.c_char_p
    return tuple(
        ggml.ggml_backend_reg_name(ggml.ggml_backend_reg_get(index)).decode("utf-8", "replace")
        for index in range(ggml.ggml_backend_reg_count())
    )


def _ggml() -> ctypes.CDLL:
    library: ctypes.CDLL = importlib.import_module("llama_cpp._ggml").libggml
    return library


def _device(ggml: ctypes.CDLL, handle: int) -> Device:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    name = ggml.ggml_backend_dev_name(handle).decode("utf-8", "replace")
    return Device(
        name=name,
        description=ggml.ggml_backend_dev_description(handle).decode("utf-8", "replace"),
        kind=device_kind(name, ggml.ggml_backend_dev_type(handle), platform.machine()),
        free=free.value,
        total=total.value,
    )


def device_kind(name: str, kind: int, machine: str) -> str:
    """What a device is; Metal calls the GPU of an Apple processor one with memory of its own."""
    if name.startswith("MTL") and machine == "arm64":
        return "igpu"
    return DEVICE_KINDS[kind] if kind < len(DEVICE_KINDS) else "other"


class AbortFlag:
    """Stops a computation from another thread, within a layer instead of after a token.

    llama.cpp asks its abort callback after each node of the graph. A Python callback would take the GIL
    thousands of times a token; `strlen` of a two-byte buffer is a C function that reads a flag: 0 while it is
    empty, 1 once set. It works for computations on the CPU; others are stopped between tokens.
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(2)
        self._strlen = ctypes.cast(ctypes.CDLL(None).strlen, llama.ggml_abort_callback)

    def attach(self, context: object) -> None:
        """Let this flag stop what `context` computes."""
        llama.llama_set_abort_callback(context, self._strlen, ctypes.addressof(self._buffer))

    def set(self) -> None:
        self._buffer[0] = b"\x01"

    def clear(self) -> None:
        self._buffer[0] = b"\x00"

    def __bool__(self) -> bool:
        return bool(self._buffer[0] != b"\x00")
