"""localr1 batch: many questions from a file, their answers in another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.form import form_options
from localr1.cli.options import (
    engine_options,
    keep_warm_option,
    sampling_options,
    thinking_options,
)
from localr1.cli.parameter_types import FiniteRange, ModelName
from localr1.cli.template_name import TemplateName
from localr1.cli.vote import vote_options
from localr1.cli.way import Way, asked_in_a_way
from localr1.errors import UnansweredError

if TYPE_CHECKING:
    from localr1.cli.batch.answers import Answers

EPILOG = """\b
Examples:
  localr1 batch prompts.jsonl > answers.jsonl
  localr1 batch prompts.jsonl -o answers.jsonl    goes on where it was stopped
  localr1 batch -t triage log.jsonl | jq -r .answer
  tail -f questions.jsonl | localr1 batch         answers each when it comes

A line of PROMPTS is a text in quotation marks, or an object with `prompt` and perhaps `system` and
`id`; with a template its fields fill the variables. Each answer is one line, in the same order:
`line`, `id` and `prompt_sha256`, then what `localr1 ask --format json` prints, or else `error`.
The questions know nothing of each other and leave no trace in the history."""


@click.command(epilog=EPILOG)
@click.argument("prompts", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the answers in this file, and go on with it if it is there.",
)
@click.option("-m", "--model", type=ModelName(), help="A model's name or a path to a GGUF file.")
@click.option("-t", "--template", type=TemplateName(), help="Fill a template of `localr1 templates`.")
@click.option("--system", metavar="TEXT", default="", help="Instructions for lines without any.")
@click.option("--no-thinking", is_flag=True, help="Leave the thinking out of the answers.")
@click.option(
    "--timeout",
    type=FiniteRange(0, 10_000_000, min_open=True),
    metavar="SECONDS",
    help="Give up a reply that takes longer.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@vote_options
@form_options
@keep_warm_option
@thinking_options
@sampling_options
@engine_options
@asked_in_a_way
def batch(
    prompts: Path,
    *,
    way: Way,
    output: Path | None,
    template: str | None,
    system: str,
    no_thinking: bool,
    quiet: bool,
    **given: str | int | None,
) -> None:
    """Answer every line of PROMPTS, or of standard input."""
    import asyncio
    from contextlib import closing
    from functools import partial

    from localr1.cli.batch.course import answer_all
    from localr1.cli.batch.prompts import Prompts
    from localr1.cli.batch.tasks import Reading
    from localr1.cli.warm import find_workers
    from localr1.library.library import Library
    from localr1.paths import find_paths
    from localr1.prompt_templates import PromptTemplates
    from localr1.runtime import open_runtime
    from localr1.settings import Settings

    paths = find_paths()
    settings = Settings(paths.config_file, overrides={"model": way.model, **given})
    filled = PromptTemplates(paths.templates).read(template) if template else None
    connect = find_workers(settings.config, paths, encrypted=False, save=False)
    opened = partial(open_runtime, settings, paths, temporary=True, connect=connect)
    with (
        Prompts.opened(prompts, Reading(filled, system)) as asked,
        closing(_answers(output)) as answers,
    ):
        if asked.total is None:  # its first line may be hours away
            Library.open(paths).find(way.model or settings.config.model)
        asyncio.run(answer_all(opened, way, asked, answers, thinking=not no_thinking, quiet=quiet))
    if answers.failed:
        raise UnansweredError(
            f"{answers.failed:,} of {answers.done:,} prompts have no answer.",
            hint="Their lines say why: `error`.",
        )


def _answers(output: Path | None) -> Answers:
    from localr1.cli.batch.answers import KeptAnswers, PrintedAnswers

    return KeptAnswers(output) if output and output != Path("-") else PrintedAnswers()
