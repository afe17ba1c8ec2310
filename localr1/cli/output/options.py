"""The options of `localr1 ask` about its output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from localr1.cli.option_group import option_group
from localr1.cli.output.plan import Format, ThinkingPlace


class ThinkingOption(click.ParamType[str]):
    """One of the places for the thinking, or file:PATH."""

    name = "place"
    places = tuple(place.value for place in ThinkingPlace if place is not ThinkingPlace.FILE)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(self.places)}|file:PATH]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if text not in self.places and text.removeprefix("file:") in (text, ""):
            self.fail(f"{text!r} is not one of {', '.join(self.places)} or file:PATH.", param, ctx)
        return text


output_options = option_group(
    click.option(
        "--format",
        "output_format",
        type=click.Choice([format.value for format in Format]),
        default=Format.AUTO.value,
        help="As the model wrote it, drawn from its Markdown, or for programs; auto draws on a terminal.",
    ),
    click.option(
        "--thinking",
        type=ThinkingOption(),
        default=ThinkingPlace.AUTO.value,
        help="Leave the thinking out, put it before the answer or in its place, or send it elsewhere;"
        " auto shows it on a terminal.",
    ),
    click.option("--last-code", is_flag=True, help="Print the last block of code alone."),
    click.option("--boxed", is_flag=True, help="Print what stands in the last \\boxed{…} alone."),
    click.option("--no-stream", is_flag=True, help="Print nothing before the answer is whole."),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, allow_dash=True),
        metavar="FILE",
        help="Write to a file instead, in one step once the answer is whole.",
    ),
)
"""What is printed, in which format, and where."""
