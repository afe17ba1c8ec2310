"""What this installation is and where it keeps things, each fact with its name."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import psutil

from localr1 import __version__
from localr1.cli.fits import Fits
from localr1.cli.gpu_use import gpu_lines
from localr1.config import Config
from localr1.engine.reports import Ready
from localr1.errors import DatabaseError, ModelFileError
from localr1.fit.machine import Machine, measure_machine
from localr1.fit.verdict import Fit
from localr1.gguf.header import read_header
from localr1.hub.destinations import ASKING
from localr1.library.library import Library
from localr1.memory import read_memory
from localr1.paths import Paths
from localr1.store.backups import list_backups
from localr1.store.daily import due, lacking_room, today
from localr1.store.driver import driver_versions
from localr1.store.files import real_path
from localr1.store.key_file import is_encrypted
from localr1.units import size_text

Fact: TypeAlias = tuple[str, str]
"""A name, empty where the one before goes on, and what there is to say."""


def versions() -> Iterator[Fact]:
    """Of localr1 and of what it is made of."""
    yield "localr1", __version__
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    yield "Textual", version("textual")
    yield "SQLite", driver_versions()
    yield "bindings", f"llama-cpp-python {version('llama-cpp-python')}"


def hardware(paths: Paths) -> Iterator[Fact]:
    """Memory, how fast it is read, and the cores that compute."""
    machine = measure_machine((), paths.machine_file)
    speed = f", read at {size_text(round(machine.bandwidth))} a second" if machine.bandwidth else ""
    yield "memory", f"{size_text(machine.memory_free)} free of {size_text(machine.memory_total)}{speed}"
    there = f"{psutil.cpu_count(logical=False)} physical, {psutil.cpu_count()} logical"
    yield "cores", f"{machine.cores} to compute with, of {there}"


def places(paths: Paths) -> Iterator[Fact]:
    """Where files lie, and how the chats are kept."""
    for name, path in (
        ("settings", paths.config_file),
        ("chats", paths.database),
        ("models", paths.models),
        ("engine log", paths.engine_log),
    ):
        yield name, f"{path} ({_state(path)})"
    yield "encryption", _encryption(paths)
    yield "backups", _backups(paths)


def _encryption(paths: Paths) -> str:
    """Whether the chats can be read without a passphrase."""
    try:
        encrypted = is_encrypted(paths.database)
    except DatabaseError as error:
        return f"unknown: {error.message}"
    return "on: the chats open with their passphrase" if encrypted else "off; `localr1 lock` turns it on"


def _backups(paths: Paths) -> str:
    """How many there are, and why there is none of today where one is wanted."""
    database = real_path(paths.database)
    if not database.is_file():
        return "none: there are no chats yet"
    found = list_backups(database)
    said = f"{len(found)}, {size_text(sum(each.size for each in found))} together" if found else "none yet"
    if found:
        said += f"; the newest is called {found[0].name}"
    if due(database, today()) and (lacking := lacking_room(database)):
        said += f"; the disk lacks {size_text(lacking)} for another one"
    return said


def _state(path: Path) -> str:
    """Whether it is there, and who may read it."""
    try:
        return f"rights {path.stat().st_mode & 0o777:03o}"
    except FileNotFoundError:
        return "not there yet"
    except OSError as error:
        return str(error.strerror)


def engine(ready: Ready, paths: Paths, config: Config) -> Iterator[Fact]:
    """What computes, and whether a GPU does."""
    yield "llama.cpp", ready.llama_cpp
    for device in ready.devices:
        memory = f", {size_text(device.free)} free of {size_text(device.total)}" if device.total else ""
        yield "device", f"{device.name}: {device.description}{memory}"
    for index, line in enumerate(gpu_lines(ready, config, _fit(ready, paths, config))):
        yield "" if index else "GPU", line
    yield "build", ready.system_info


def _fit(ready: Ready, paths: Paths, config: Config) -> Fit | None:
    """How the model of new chats goes onto the devices; None where it is not here."""
    memory = read_memory()
    machine = Machine(memory.total, memory.free, devices=ready.devices)
    try:
        model = Library.open(paths).find(config.model)
        return Fits(machine, config).of_header(read_header(model.path), model.size)
    except ModelFileError:
        return None


def network(config: Config) -> Iterator[Fact]:
    """What is sent where, and when; nothing is tried out."""
    if config.offline:
        yield "network", "never used: the setting `offline` is on, so no command opens a connection"
        return
    yield "network", "used by these, and by nothing else, ever:"
    yield from (("", asking) for asking in ASKING)
    yield "hub", f"{config.endpoint}, and the servers that it sends downloads to"
    yield "sends", "the name of the model and the version of localr1, and no chat; `--privacy` says all"
