"""localr1 ask: a question answered in the terminal or in a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.options import (
    ModelName,
    chosen_effort,
    engine_options,
    refuse_two_chats,
    sampling_options,
    thinking_options,
)

if TYPE_CHECKING:
    from localr1.chat_options import EffortLevel

EPILOG = """\b
Examples:
  localr1 ask "What is 47 + 85?"
  localr1 ask -- -3 plus 5 is what
  localr1 ask < question.txt > answer.txt
  localr1 ask --continue "now add 5"
  localr1 ask --budget 300 "How many r are in strawberry?"
  localr1 ask -f report.md -f notes.txt "What do these two disagree on?"

\b
The answer goes to standard output and nothing else does. Thinking is shown dim on
a terminal and left out of a pipe; --thinking show sends it to standard error.

\b
Exit codes: 0 answered, 2 usage, 3 model file, 4 engine died, 5 does not fit the
context, 7 database, 9 only thinking and no answer, 130 Ctrl-C, 143 terminated."""


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
@click.option("--chat", "chat_id", type=click.IntRange(min=1), metavar="ID", help="Go on with this chat.")
@click.option("--continue", "go_on", is_flag=True, help="Go on with the last chat.")
@click.option("--no-save", is_flag=True, help="Leave no trace of this question in the history.")
@click.option(
    "--thinking",
    type=click.Choice(["auto", "show", "hide"]),
    default="auto",
    help="Show the thinking on standard error; auto does on a terminal.",
)
@thinking_options
@sampling_options
@engine_options
def ask(
    prompt: tuple[str, ...],
    *,
    model: str | None,
    files: tuple[Path, ...],
    chat_id: int | None,
    go_on: bool,
    no_save: bool,
    thinking: str,
    effort: EffortLevel | None,
    budget: int | None,
    no_think: bool,
    temperature: float | None,
    top_p: float | None,
    **settings: str | int | None,
) -> int:
    """Answer PROMPT, or what comes on standard input."""
    import asyncio

    from localr1.attachment import pack
    from localr1.chat_options import ChatOptions
    from localr1.cli.answer import Question, answer
    from localr1.cli.files import read_files
    from localr1.cli.stdin import read_prompt
    from localr1.config import load_config
    from localr1.errors import UsageError
    from localr1.paths import find_paths

    refuse_two_chats(chat_id, go_on)
    if no_save and (chat_id or go_on):
        raise UsageError("--no-save can't go on with a saved chat.", hint="Leave one of them out.")
    paths = find_paths()
    config = load_config(paths.config_file, overrides={"model": model, **settings})
    options = ChatOptions(
        effort=chosen_effort(effort, budget, no_think), temperature=temperature, top_p=top_p
    )
    question = Question(
        pack(read_files(files), read_prompt(prompt)),
        chat_id=chat_id,
        go_on=go_on,
        save=not no_save,
        model=model or "",
        options=options,
    )
    return asyncio.run(answer(question, config, paths, thinking))
