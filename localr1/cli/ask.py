"""localr1 ask: a question answered in the terminal or in a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.exit_codes import exit_code_text
from localr1.cli.form import form_options
from localr1.cli.options import (
    engine_options,
    keep_warm_option,
    refuse_two_chats,
    sampling_options,
    thinking_options,
)
from localr1.cli.output.options import output_options
from localr1.cli.output.plan import Format, Part, Terminals, make_plan
from localr1.cli.parameter_types import FiniteRange, ModelName, PresetName, WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.template_name import TemplateName, Variable
from localr1.cli.vote import vote_options
from localr1.cli.way import Way, asked_in_a_way
from localr1.errors import UsageError

if TYPE_CHECKING:
    from localr1.chat_options import ChatOptions
    from localr1.paths import Paths

EPILOG = f"""\b
Examples:
  localr1 ask "What is 47 + 85?"
  localr1 ask -- -3 plus 5 is what
  localr1 ask < question.txt > answer.txt
  git diff | localr1 ask "Review this."
  localr1 ask --continue "now add 5"
  localr1 ask --preset translator < letter.txt
  localr1 ask --budget 300 "How many r are in strawberry?"
  localr1 ask --votes 9 "How many r are in strawberry?"
  localr1 ask -f report.md -f notes.txt "What do these two disagree on?"
  localr1 ask --boxed "What is 12 * 12? Put the result into \\boxed{{}}."

The answer goes to standard output and nothing else does, unless it is asked for. On a
terminal the thinking is shown dim and the answer drawn from its Markdown; a pipe gets
the answer as the model wrote it.

Exit codes: {exit_code_text()}."""


@click.command(epilog=EPILOG)
@click.argument("prompt", nargs=-1)
@click.option("-m", "--model", type=ModelName(), help="A model's name or a path to a GGUF file.")
@click.option(
    "-f",
    "--file",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Ask about the text of this file; can be given several times.",
)
@click.option("--chat", "chat_id", type=WholeRange(min=1), metavar="ID", help="Go on with this chat.")
@click.option("--continue", "go_on", is_flag=True, help="Go on with the last chat.")
@click.option(
    "--preset", type=PresetName(), help="Set the chat to a preset first; F3 in the chat shows them."
)
@click.option("--no-save", is_flag=True, help="Leave no trace of this question in the history.")
@click.option("-t", "--template", type=TemplateName(), help="Fill a template of `localr1 templates`.")
@click.option(
    "--var", "variables", type=Variable(), multiple=True, help="Fill a variable of the template; repeatable."
)
@click.option("--branch", is_flag=True, help="Ask beside the last question, not after its answer.")
@click.option("--system", metavar="TEXT", help="Instructions for the model, kept with the chat.")
@click.option(
    "--timeout",
    type=FiniteRange(0, 10_000_000, min_open=True),
    metavar="SECONDS",
    help="Stop the reply when it takes longer.",
)
@vote_options
@form_options
@keep_warm_option
@output_options
@thinking_options
@key_options
@sampling_options
@engine_options
@asked_in_a_way
def ask(
    prompt: tuple[str, ...],
    *,
    way: Way,
    files: tuple[Path, ...],
    chat_id: int | None,
    go_on: bool,
    preset: str | None,
    no_save: bool,
    template: str | None,
    variables: tuple[tuple[str, str], ...],
    branch: bool,
    system: str | None,
    output_format: str,
    thinking: str,
    last_code: bool,
    boxed: bool,
    no_stream: bool,
    output: Path | None,
    **given: str | int | None,
) -> int:
    """Answer PROMPT, what comes on standard input, or both."""
    from functools import partial

    from localr1.cli.early_engine import EarlyEngine
    from localr1.cli.warm import find_workers
    from localr1.paths import find_paths
    from localr1.settings import Settings
    from localr1.store.key_file import is_encrypted

    refuse_two_chats(chat_id, go_on)
    _refuse_contradictions(in_chat=bool(chat_id or go_on), no_save=no_save, branch=branch)
    at_once = way.form is None and (way.poll.samples == 1 or output_format == Format.JSONL)
    plan = make_plan(
        terminals=Terminals.find(),
        output_format=output_format,
        thinking=thinking,
        part=_part(last_code, boxed),
        stream=not no_stream and at_once,
        file=None if output == Path("-") else output,
    )
    paths = find_paths()
    settings = Settings(paths.config_file, overrides={"model": way.model, **given})
    encrypted = not no_save and is_encrypted(paths.database)
    connect = find_workers(settings.config, paths, encrypted=encrypted, save=not no_save)
    with EarlyEngine.started(paths, connect) as early:  # all else is imported while the worker starts
        from localr1.attachment import pack
        from localr1.chat.files import read_files
        from localr1.cli.answer import Question, answer
        from localr1.cli.daemon_thread import in_daemon_thread
        from localr1.cli.load_ahead import load_ahead
        from localr1.cli.passphrase import find_given_key, find_key
        from localr1.library.library import Library

        key = None if no_save else find_given_key(paths)  # standard input may hold it, before the prompt
        library = Library.open(paths)
        load = None
        if not (chat_id or go_on or (encrypted and key is None)):  # else a chat or a passphrase comes first
            load = early.begin(load_ahead(early.engine, settings, paths, library, way.model or ""))
        read = partial(_prompt, prompt, template, dict(variables), paths)
        question = Question(
            pack(list(read_files(files, _warn)), early.run(in_daemon_thread(read))),
            way,
            chat_id=chat_id,
            go_on=go_on,
            branch=branch,
            save=not no_save,
            instructions=system or "",
            preset=_preset(preset, paths),
        )
        if not (no_save or key):
            key = find_key(paths)
        return early.run(
            answer(
                question,
                early.engine,
                settings=settings,
                paths=paths,
                library=library,
                plan=plan,
                key=key,
                load=load,
            )
        )


def _refuse_contradictions(*, in_chat: bool, no_save: bool, branch: bool) -> None:
    if no_save and in_chat:
        raise UsageError("--no-save can't go on with a saved chat.", hint="Leave one of them out.")
    if branch and not in_chat:
        raise UsageError("--branch needs a chat.", hint="--continue takes the last one, --chat any.")


def _prompt(arguments: tuple[str, ...], template: str | None, variables: dict[str, str], paths: Paths) -> str:
    from localr1.cli.stdin import argument_text, read_prompt, read_stdin
    from localr1.prompt_templates import PromptTemplates

    if template is None:
        if variables:
            raise UsageError("--var fills a template.", hint="Name it with --template.")
        return read_prompt(arguments)
    found = PromptTemplates(paths.templates).read(template)
    if arguments:
        variables = {"prompt": argument_text(arguments), **variables}
    if "input" in found.variables and "input" not in variables:
        variables["input"] = read_stdin().rstrip("\n")
    return found.fill(variables)


def _warn(text: str) -> None:
    click.echo(f"localr1: {text}", err=True)


def _preset(name: str | None, paths: Paths) -> ChatOptions | None:
    if name is None:
        return None
    from localr1.presets import Presets

    return Presets(paths.presets_file).find(name).options


def _part(last_code: bool, boxed: bool) -> Part | None:
    if last_code and boxed:
        raise UsageError("--last-code and --boxed exclude each other.", hint="Ask for one of them.")
    return Part.LAST_CODE if last_code else Part.BOXED if boxed else None
