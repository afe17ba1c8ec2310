"""localr1 doctor: what this installation is, where it keeps things, and what would be sent where."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from localr1.config import Config
    from localr1.engine.reports import Ready
    from localr1.fit.verdict import Fit
    from localr1.paths import Paths


EPILOG = """\b
Examples:
  localr1 doctor
  localr1 doctor --privacy        every file, and every server ever asked
  localr1 doctor --privacy --fix  and take away what others may do
"""


@click.command(epilog=EPILOG)
@click.option("--privacy", is_flag=True, help="List every file with its rights, and every server ever asked.")
@click.option("--fix", is_flag=True, help="With --privacy: take away what others may do with these files.")
@click.option("--json", "as_json", is_flag=True, help="With --privacy: print one line of JSON.")
def doctor(privacy: bool, fix: bool, as_json: bool) -> None:
    """Show versions, devices, memory, paths and privacy."""
    from localr1.errors import UsageError

    if privacy:
        from localr1.cli.privacy.command import show_privacy

        show_privacy(fix=fix, as_json=as_json)
    elif fix or as_json:
        raise UsageError(
            "--fix and --json are options of the report on privacy.", hint="localr1 doctor --privacy"
        )
    else:
        _show_installation()


def _show_installation() -> None:
    from localr1.config_sources import load_config
    from localr1.errors import EngineError
    from localr1.paths import find_paths

    paths = find_paths()
    for section in (_versions(), _memory(paths), _paths(paths)):
        _print(section)
    try:
        _print(_engine(asyncio.run(_ask_engine(paths)), paths, load_config(paths.config_file)))
    except EngineError as error:
        _print([("llama.cpp", f"does not start: {error.message} {error.hint}")])
        raise
    finally:
        _print(_network(load_config(paths.config_file)))


def _versions() -> Iterator[tuple[str, str]]:
    from localr1 import __version__
    from localr1.store.driver import driver_versions

    yield "localr1", __version__
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    yield "Textual", version("textual")
    yield "SQLite", driver_versions()
    yield "bindings", f"llama-cpp-python {version('llama-cpp-python')}"


def _memory(paths: Paths) -> Iterator[tuple[str, str]]:
    import psutil

    from localr1.fit.machine import measure_machine
    from localr1.units import size_text

    machine = measure_machine((), paths.machine_file)
    speed = f", read at {size_text(round(machine.bandwidth))} a second" if machine.bandwidth else ""
    yield "memory", f"{size_text(machine.memory_free)} free of {size_text(machine.memory_total)}{speed}"
    there = f"{psutil.cpu_count(logical=False)} physical, {psutil.cpu_count()} logical"
    yield "cores", f"{machine.cores} to compute with, of {there}"


def _paths(paths: Paths) -> Iterator[tuple[str, str]]:
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
    from localr1.errors import DatabaseError
    from localr1.store.key_file import is_encrypted

    try:
        encrypted = is_encrypted(paths.database)
    except DatabaseError as error:
        return f"unknown: {error.message}"
    return "on: the chats open with their passphrase" if encrypted else "off; `localr1 lock` turns it on"


def _backups(paths: Paths) -> str:
    """How many there are, and why there is none of today where one is wanted."""
    from localr1.store.backups import list_backups
    from localr1.store.daily import due, lacking_room, today
    from localr1.units import size_text

    database = paths.database.resolve()
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


async def _ask_engine(paths: Paths) -> Ready:
    from localr1.engine.client import Engine

    async with Engine.start(paths.engine_log) as engine:
        return await engine.about()


def _engine(ready: Ready, paths: Paths, config: Config) -> Iterator[tuple[str, str]]:
    from localr1.cli.gpu_use import gpu_lines
    from localr1.units import size_text

    yield "llama.cpp", ready.llama_cpp
    for device in ready.devices:
        memory = f", {size_text(device.free)} free of {size_text(device.total)}" if device.total else ""
        yield "device", f"{device.name}: {device.description}{memory}"
    for index, line in enumerate(gpu_lines(ready, config, _fit(ready, paths, config))):
        yield "" if index else "GPU", line
    yield "build", ready.system_info


def _fit(ready: Ready, paths: Paths, config: Config) -> Fit | None:
    """How the model of new chats goes onto the devices; None where it is not here."""
    from localr1.cli.fits import Fits
    from localr1.errors import ModelFileError
    from localr1.fit.machine import Machine
    from localr1.gguf.header import read_header
    from localr1.library.library import Library
    from localr1.memory import read_memory

    memory = read_memory()
    machine = Machine(memory.total, memory.free, devices=ready.devices)
    try:
        model = Library.open(paths).find(config.model)
        return Fits(machine, config).of_header(read_header(model.path), model.size)
    except ModelFileError:
        return None


def _network(config: Config) -> Iterator[tuple[str, str]]:
    """What is sent where, and when; nothing is tried out."""
    if config.offline:
        yield "network", "never used: the setting `offline` is on, so no command opens a connection"
        return
    from localr1.hub.destinations import ASKING

    yield "network", "used by these, and by nothing else, ever:"
    yield from (("", asking) for asking in ASKING)
    yield "hub", f"{config.endpoint}, and the servers that it sends downloads to"
    yield "sends", "the name of the model and the version of localr1, and no chat; `--privacy` says all"


def _print(rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> None:
    from localr1.safe_text import safe_line

    for name, value in rows:
        click.echo(f"{click.style(f'{name:>11}', bold=True)}  {safe_line(value)}")
