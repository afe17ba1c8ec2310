"""localr1 bench: how fast a model is on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from localr1.cli.options import engine_options
from localr1.cli.parameter_types import ModelName, WholeRange

if TYPE_CHECKING:
    from localr1.bench.bench import Bench, Trial
    from localr1.paths import Paths
    from localr1.settings import Settings

EPILOG = """\b
Examples:
  localr1 bench                    the model of the settings
  localr1 bench qwen-1.5b          another one
  localr1 bench --compare          beside what llama.cpp itself reaches
  localr1 bench --tokens 4096      does it get slower as a reply grows?
  localr1 bench --json | jq .speed

Nothing is read from the chats or written to them."""


@click.command(epilog=EPILOG)
@click.argument("model", type=ModelName(), required=False)
@click.option(
    "--prompt",
    "prompt_tokens",
    type=WholeRange(1, 1_000_000),
    default=512,
    show_default=True,
    metavar="TOKENS",
    help="Length of the prompt.",
)
@click.option(
    "--tokens",
    type=WholeRange(2, 1_000_000),
    default=128,
    show_default=True,
    metavar="N",
    help="Length of the reply.",
)
@click.option(
    "--repeat",
    type=WholeRange(1, 1000),
    default=3,
    show_default=True,
    metavar="N",
    help="Runs, after one that warms up and does not count.",
)
@click.option("--compare", is_flag=True, help="Measure llama.cpp without anything around it, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every run with all its times.")
@engine_options
def bench(
    model: str | None,
    *,
    prompt_tokens: int,
    tokens: int,
    repeat: int,
    compare: bool,
    as_json: bool,
    **given: str | int | None,
) -> None:
    """Measure the speed of a model: its prompt, its first token, its reply, its memory."""
    from localr1.bench.bench import Trial
    from localr1.cli.bench_report import report_lines
    from localr1.cli.cancelling import run
    from localr1.cli.json_output import print_json
    from localr1.paths import find_paths
    from localr1.settings import Settings

    paths = find_paths()
    settings = Settings(paths.config_file, overrides={"model": model, **given})
    measured = run(_measure(settings, paths, Trial(prompt_tokens, tokens, repeat, compare)))
    if as_json:
        print_json(measured)
    else:
        click.echo("\n".join(report_lines(measured)))


async def _measure(settings: Settings, paths: Paths, trial: Trial) -> Bench:
    from localr1.bench.bench import measure_model
    from localr1.cli.output.live_line import live_line
    from localr1.runtime import open_runtime

    begun = Begun(trial.repeat)
    async with open_runtime(settings, paths, temporary=True) as runtime:
        with live_line(begun.text):
            return await measure_model(runtime.session(), runtime.engine, trial, begun.run)


class Begun:
    """The run that has been begun, in words."""

    def __init__(self, repeat: int) -> None:
        self._repeat = repeat
        self._run: int | None = None

    def run(self, number: int) -> None:
        """This one begins; 0 is the one that does not count."""
        self._run = number

    def text(self) -> str:
        """What is going on now."""
        match self._run:
            case None:
                return "Loading the model…"
            case 0:
                return "Warming up…"
            case number:
                return f"Run {number} of {self._repeat}…"
