"""The worker as a process: what it imports, where it prints, whose signals it hears, when it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.command import worker_command
from tests.engine.asking import ask, engine_of, until, user
from tests.engine.fake_worker import fake_worker
from tests.engine.processes import WAIT_SECONDS, ends, limits

QUESTION = user("What is 47 + 85?")
PACKAGE = Path(__file__).resolve().parents[2] / "localr1"

APP = """
import asyncio, signal, sys
from pathlib import Path
from localr1.engine.client import Engine
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling

async def main():
    async with Engine.start(Path(sys.argv[1])) as engine:
        await engine.load(Path(sys.argv[2]), context=512)
        print(engine.pid, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        request = Generate((ChatMessage("user", "Hi"),), Sampling(temperature=0), max_tokens=1)
        reply = engine.generate(request)
        print([report async for report in reply][-1].finish_reason, flush=True)

signal.signal(signal.SIGINT, lambda *_: None)
asyncio.run(main())
"""


def start_app(log: Path, model: Path) -> subprocess.Popen[bytes]:
    """An app of its own, in a process group of its own, that says its worker's id and then waits."""
    return subprocess.Popen(
        [sys.executable, "-c", APP, str(log), str(model)],
        cwd=PACKAGE.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def test_the_worker_ends_when_its_app_is_killed(tmp_path: Path, nano: Path) -> None:
    with start_app(tmp_path / "log", nano) as app:
        assert app.stdout
        worker = int(app.stdout.readline())
        app.kill()
        assert ends(worker)


def test_an_interrupt_of_the_apps_process_group_does_not_reach_the_worker(tmp_path: Path, nano: Path) -> None:
    with start_app(tmp_path / "log", nano) as app:
        assert app.stdout
        assert app.stdout.readline()
        os.killpg(app.pid, signal.SIGINT)
        said, _ = app.communicate(b"\n", timeout=WAIT_SECONDS)
    assert said == b"length\n"


async def test_closing_the_engine_ends_its_worker(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        worker = engine.pid
    assert worker
    assert await asyncio.to_thread(ends, worker)


async def test_closing_an_engine_that_nobody_asked_ends_its_worker(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with engine_of(tmp_path, fake_worker(f"open({str(mark)!r}, 'w').write(str(os.getpid())); hang()")):
        pass
    pid = mark.read_text() if mark.exists() else ""  # empty when it was ended before it could say
    assert not pid or await asyncio.to_thread(ends, int(pid))


@pytest.mark.parametrize("name", ["llama_cpp", "json", "msgspec", "localr1", "jinja2"])
async def test_a_file_in_the_current_directory_or_on_pythonpath_is_never_imported(
    name: str, tmp_path: Path, nano: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = f"open({str(tmp_path / 'trapped')!r}, 'w')\nraise SystemExit(7)\n"
    for directory in (tmp_path / "here", tmp_path / "there"):
        directory.mkdir()
        (directory / f"{name}.py").write_text(trap)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "there"))
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        assert (await ask(engine, QUESTION, max_tokens=1)).done.generated_tokens == 1
    assert not (tmp_path / "trapped").exists()


def test_the_worker_runs_in_isolated_mode_from_where_this_package_lies() -> None:
    python, isolated, script, log, *searched = worker_command(Path("engine.log"), user_site="")
    assert (python, isolated, log) == (sys.executable, "-I", "engine.log")
    assert Path(script) == PACKAGE / "engine" / "worker" / "__main__.py"
    assert searched[0] == str(PACKAGE.parent)


def test_what_was_installed_for_the_user_only_is_searched_last(tmp_path: Path) -> None:
    assert worker_command(Path("log"), user_site=str(tmp_path))[-1] == str(tmp_path)


def test_a_library_that_only_the_user_site_has_is_found(tmp_path: Path) -> None:
    environment = tmp_path / "bare"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=WAIT_SECONDS
    )
    libraries = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    command = worker_command(tmp_path / "log", user_site=str(libraries))
    command[0] = str(environment / "bin" / "python")
    started = subprocess.run(command, input=b"", capture_output=True, timeout=WAIT_SECONDS, check=False)
    assert b'"type":"ready"' in started.stdout


async def test_the_worker_leaves_no_core_dump(nano_engine: Engine) -> None:
    assert nano_engine.pid
    assert limits(nano_engine.pid)["Max core file size"][:2] == ["0", "0"]


async def test_what_c_code_prints_goes_to_a_private_log_and_not_to_the_terminal(
    tmp_path: Path, nano: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mask = os.umask(0)
    try:
        async with engine_of(tmp_path / "state") as engine:
            await engine.load(nano)
            log = tmp_path / "state" / "engine.log"
            assert engine.pid
            for descriptor in (1, 2):
                assert Path(f"/proc/{engine.pid}/fd/{descriptor}").resolve() == log
    finally:
        os.umask(mask)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
    assert capfd.readouterr() == ("", "")


async def test_the_log_holds_no_text_of_the_chat(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        await ask(engine, user("The secret word is xylophone."), max_tokens=20)
    assert "xylophone" not in (tmp_path / "engine.log").read_text()


async def test_a_long_log_is_begun_anew_and_one_that_others_could_read_is_made_private(
    tmp_path: Path,
) -> None:
    log = tmp_path / "engine.log"
    log.write_bytes(bytes(300 * 1024))
    log.chmod(0o644)
    async with engine_of(tmp_path) as engine:
        await engine.about()
    assert log.stat().st_size < 10_000
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


async def test_a_log_that_grows_long_while_the_engine_runs_is_begun_anew(tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    async with engine_of(tmp_path) as engine:
        await engine.about()
        with log.open("ab") as printed:
            printed.write(bytes(300 * 1024))
        await until(lambda: log.stat().st_size < 10_000)


@pytest.mark.parametrize("obstacle", ["directory", "link", "pipe"])
async def test_the_engine_runs_without_a_log_where_none_can_be_written(
    tmp_path: Path, nano: Path, obstacle: str
) -> None:
    log = tmp_path / "engine.log"
    target = tmp_path / "precious"
    target.write_bytes(bytes(300 * 1024))  # as a log it would be long enough to be begun anew
    match obstacle:
        case "directory":
            log.mkdir()
        case "link":
            log.symlink_to(target)
        case _:
            os.mkfifo(log)
    async with engine_of(tmp_path) as engine:
        assert (await engine.load(nano)).architecture == "qwen2"
    assert target.stat().st_size == 300 * 1024
