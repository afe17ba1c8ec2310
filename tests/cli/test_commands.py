"""The commands that describe this installation, and what each of them loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from localr1 import __version__
from localr1.cli.main import localr1 as root
from tests.cli.program import TIMEOUT, localr1, text

pytestmark = pytest.mark.usefixtures("home")


def test_the_version_is_one_line() -> None:
    assert text(localr1("--version").stdout) == f"localr1 {__version__}\n"


def contexts(context: click.Context) -> Iterator[click.Context]:
    """That of a command, and those of all below it."""
    yield context
    if isinstance(group := context.command, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            yield from contexts(command.context_class(command, parent=context, info_name=name))


def test_every_command_has_help_that_fits_eighty_columns() -> None:
    for context in contexts(root.make_context("localr1", [], resilient_parsing=True, terminal_width=78)):
        lines = context.get_help().splitlines()
        assert lines[0].startswith(f"Usage: {context.command_path}")
        assert [line for line in lines if len(line) > 80] == []


def test_the_lines_of_settings_in_a_help_stand_each_on_its_own() -> None:
    assert "\n    work = 365" in text(localr1("chats", "forget", "--help").stdout)


def test_help_breaks_no_word_on_a_narrow_terminal() -> None:
    for narrow, wide in zip(helps(38), helps(1000), strict=True):
        assert [line for line in narrow.splitlines() if len(line) > 40 and "://" not in line] == []
        whole = {*wide.replace("|", "| ").split()}
        assert [word for word in narrow.replace("|", "| ").split() if word not in whole] == []


def helps(width: int) -> Iterator[str]:
    """Of every command, but for the lists of commands, which are cut where there is no room."""
    for context in contexts(root.make_context("localr1", [], resilient_parsing=True, terminal_width=width)):
        yield context.get_help().partition("\nCommands:\n")[0]


def test_help_is_narrow_where_the_terminal_is() -> None:
    lines = text(localr1("ask", "--help", env={"COLUMNS": "40"}).stdout).splitlines()
    assert max(map(len, lines)) <= 40
    assert "  --thinking" in "\n".join(lines)


def test_models_are_listed_with_how_to_get_more(home: Path) -> None:
    (home / "data" / "models").mkdir(parents=True)
    (home / "data" / "models" / "mine.gguf").write_bytes(b"GGUF")
    done = localr1("models", "list")
    listed = text(done.stdout)
    assert "nano" in listed
    assert "mine" in listed
    assert "qwen-1.5b" in listed
    assert "localr1 pull NAME" in text(done.stderr)


def test_the_doctor_says_what_runs_where_and_what_is_sent(home: Path) -> None:
    done = localr1("doctor")
    said = text(done.stdout)
    assert done.returncode == 0
    for part in (__version__, "llama-cpp-python", "SQLite", str(home), "CPU", "free of", "huggingface.co"):
        assert part in said


def test_the_doctor_names_the_hub_in_force_and_when_nothing_is_sent() -> None:
    mirror, offline = {"HF_ENDPOINT": "https://mirror.example"}, {"LOCALR1_OFFLINE": "true"}
    assert "https://mirror.example" in text(localr1("doctor", env=mirror).stdout)
    said = text(localr1("doctor", env=offline).stdout)
    assert "never used" in said
    assert "huggingface.co" not in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion(shell: str) -> None:
    done = localr1("completion", shell)
    assert done.returncode == 0
    assert b"_LOCALR1_COMPLETE" in done.stdout


def test_completion_knows_commands_and_models() -> None:
    def complete(words: str, position: int) -> str:
        env = {"_LOCALR1_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        return text(localr1(env=env).stdout)

    assert "plain,ask" in complete("localr1 a", 1)
    assert "plain,nano" in complete("localr1 ask -m na", 3)
    assert "plain,recommend" in complete("localr1 models rec", 2)
    assert "plain,qwen-1.5b" in complete("localr1 pull qwen-1", 2)
    assert "plain,qwen-7b:Q3_K_M" in complete("localr1 pull qwen-7b:Q3", 2)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("localr1.cli.main", "textual rich llama_cpp urllib3 asyncio sqlcipher3 msgspec"),
        ("localr1.cli.ask", "textual rich llama_cpp urllib3"),
        (
            "localr1.cli.answer",
            "textual llama_cpp urllib3 jinja2 psutil numpy rich.markdown markdown_it pygments",
        ),
        ("localr1.cli.plain.run", "textual llama_cpp urllib3 jinja2 psutil numpy"),
        ("localr1.cli.pull.command", "textual rich llama_cpp urllib3 asyncio msgspec"),
        ("localr1.cli.models.listing", "textual llama_cpp urllib3 jinja2 numpy"),
        ("localr1.tui.app", "llama_cpp urllib3 jinja2 numpy"),
    ],
)
def test_a_command_loads_only_what_it_needs(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print(*(set('{unwanted}'.split()) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TIMEOUT, check=True)
    assert text(done.stdout).split() == []
