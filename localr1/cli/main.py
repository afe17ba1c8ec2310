"""The command tree, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from shutil import get_terminal_size
from typing import Any

import click

from localr1 import __version__
from localr1.cli.lazy_group import LazyGroup
from localr1.cli.parameter_types import ModelName, PresetName, WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.signals import ended_by_signals
from localr1.cli.streams import fill_closed_streams, forget_stdout, replace_unwritable
from localr1.environment import dumb_terminal
from localr1.errors import LocalR1Error, UsageError
from localr1.safe_text import safe_line, safe_text

COMMANDS = {
    "chat": "localr1.cli.chat:chat",
    "ask": "localr1.cli.ask:ask",
    "chats": "localr1.cli.chats:chats",
    "templates": "localr1.cli.templates:templates",
    "pull": "localr1.cli.pull.command:pull",
    "models": "localr1.cli.models.group:models",
    "lock": "localr1.cli.lock:lock",
    "unlock": "localr1.cli.lock:unlock",
    "batch": "localr1.cli.batch.command:batch",
    "bench": "localr1.cli.bench:bench",
    "engine": "localr1.cli.engine:engine",
    "doctor": "localr1.cli.doctor:doctor",
    "completion": "localr1.cli.completion:completion",
}
UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF})
"""What goes wrong with standard output: a full disk, a broken one, and a stream that was closed."""
SIGPIPE_EXIT = 141
INTERRUPT_EXIT = 130

EPILOG = """\b
Examples:
  localr1                                open the chat
  localr1 ask "What is 47 + 85?"         answer in the terminal, or in a pipe
  localr1 ask -m ~/models/qwen.gguf "…"  with any GGUF file
  localr1 models recommend               which model suits this machine
  localr1 pull qwen-1.5b                 download a model
  localr1 --continue                     go on with the last chat
  localr1 lock                           encrypt the chats with a passphrase

Everything runs and stays on this machine: `localr1 doctor` shows what and where."""


class _Commands(LazyGroup):
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; nobody reading its output any more is no error, only a reason to end."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            forget_stdout()
            ctx.exit(SIGPIPE_EXIT)
        return result

    def otherwise(self, ctx: click.Context) -> str:
        """Who types a question gets told where it goes."""
        return f'A question goes after ask: localr1 ask "…". {super().otherwise(ctx)}'


@click.group(
    cls=_Commands,
    places=COMMANDS,
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-m", "--model", type=ModelName(), help="The model to chat with: a name or a path to a GGUF file."
)
@click.option("--chat", "chat_id", type=WholeRange(min=1), metavar="ID", help="Open this chat.")
@click.option("--continue", "go_on", is_flag=True, help="Open the last chat.")
@click.option("--preset", type=PresetName(), help="Begin new chats with a preset; F3 in the chat shows them.")
@key_options
@click.version_option(__version__, message="localr1 %(version)s")
@click.pass_context
def localr1(
    ctx: click.Context, model: str | None, chat_id: int | None, go_on: bool, preset: str | None
) -> None:
    """Chat with distilled reasoning models, wholly on your own machine.

    Without a command, the chat opens.
    """
    if ctx.invoked_subcommand is None:
        from localr1.cli.open import open_chat

        ctx.exit(open_chat(model, chat_id, go_on, preset))
    elif model or chat_id or go_on or preset:
        raise UsageError(
            "Options of the chat stand before a command.",
            hint=f"Put them after it: localr1 {ctx.invoked_subcommand} …",
        )


def run() -> None:
    """Entry point of the `localr1` command."""
    fill_closed_streams()
    replace_unwritable()
    code = INTERRUPT_EXIT
    with suppress(KeyboardInterrupt), ended_by_signals():
        code = main()
    sys.exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; its exit code. An error nobody expected keeps its traceback, as it is a bug."""
    try:
        code = localr1.main(
            arguments,
            prog_name="localr1",
            standalone_mode=False,
            terminal_width=_narrow_width(),
            color=None if dumb_terminal() is None else False,
        )
        return code if isinstance(code, int) else 0
    except LocalR1Error as error:
        return _report(error)
    except click.ClickException as error:
        return _report(UsageError(" ".join(error.format_message().split()), hint=_advice(error)))
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPT_EXIT
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        forget_stdout()
        return _report(LocalR1Error(f"The output could not be written: {error.strerror}."))


def _narrow_width() -> int | None:
    """Of help on a terminal that is narrower than the 50 columns that click takes at least."""
    columns = get_terminal_size().columns
    return max(columns - 2, 20) if columns < 52 else None


def _advice(error: click.ClickException) -> str:
    """What to type instead; an option that is like no other may be text that was meant."""
    context = getattr(error, "ctx", None) or click.Context(localr1, info_name="localr1")
    match error:
        case click.NoSuchOption(option_name=name, possibilities=None | []) if _takes_text(context):
            return f"Put two dashes before text that begins with one: {context.command_path} -- {name} …"
        case _:
            return f"`{context.command_path} --help` shows what there is."


def _takes_text(context: click.Context) -> bool:
    return any(isinstance(each, click.Argument) for each in context.command.params)


def _report(error: LocalR1Error) -> int:
    """One line that says what happened, one that says what to do."""
    name = "localr1:" if dumb_terminal() is not None else click.style("localr1:", bold=True)
    click.echo(f"{name} {safe_line(error.message)}", err=True)
    if error.hint:
        click.echo(f"         {safe_text(error.hint)}", err=True)
    return error.exit_code
