"""Formulas in an answer: found where models write them, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from localr1.latex.in_markdown import read_formulas


def blocks(source: str) -> list[str]:
    """The text of each paragraph, item, cell and block of code."""
    parser = MarkdownIt("gfm-like", {"html": False})
    read_formulas(parser)
    return [
        "".join(_texts(token.children)) if token.type == "inline" else token.content
        for token in parser.parse(source)
        if token.type in ("inline", "fence", "code_block")
    ]


def _texts(tokens: Iterable[Token] | None) -> Iterator[str]:
    for token in tokens or ():
        yield "\n" if token.type in ("hardbreak", "softbreak") else token.content


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"so \(x^2\) is", ["so x² is"]),
        (r"so \[ x^2 \] is", ["so x² is"]),
        ("so $x^2$ is", ["so x² is"]),
        ("so $$x^2$$ is", ["so x² is"]),
        (r"**Answer:** \boxed{\frac{1}{2}}.", ["Answer: ▕1/2▏."]),
        ("\\[\n\\boxed{132}\n\\]", ["▕132▏"]),
        ("$$\nx = 1\n$$\nthen", ["x = 1", "then"]),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", ["a = b\nc = d"]),
        ("1. so\n   \\[\n   a\n   = b\n   - c\n   \\]\n2. then", ["so", "a = b − c", "then"]),
        ("above\n\\[\n=\n1\n\\]", ["above", "= 1"]),
        (r"a \(b*c\) d*e", ["a b*c d*e"]),
        ("| \\(x^2\\) | $y_1$ |\n|---|---|", ["x²", "y₁"]),
    ],
)
def test_a_formula_is_shown_as_text(source: str, shown: list[str]) -> None:
    assert blocks(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "between $5 and $10",
        "$5-$10",
        "a $ b $ c",
        "cost $5",
        r"\( x^2",
        r"\boxed{12",
        r"an \unknown{x}",
    ],
)
def test_what_is_no_formula_is_left_alone(source: str) -> None:
    assert blocks(source)[0].replace("(", "").replace("\\", "") == source.replace("(", "").replace("\\", "")


@pytest.mark.parametrize(
    "source", [r"\( \unknown{x} \)", r"\[ \frac{1 \]", r"$\unknown$", "$$\n\\unknown\n$$"]
)
def test_a_formula_that_is_not_understood_stays_as_it_was_written(source: str) -> None:
    assert blocks(source) == [source]


@pytest.mark.parametrize("source", [r"`\(x^2\)`", "```\n$x^2$\n```", "    \\[ x^2 \\]"])
def test_code_is_never_a_formula(source: str) -> None:
    assert "x^2" in blocks(source)[0]


@pytest.mark.parametrize("opening", [r"\(", r"\[", "$$", "$", r"\boxed{", r"\begin{align}", "\\[\n", "$$\n"])
def test_thousands_of_openings_without_an_end_are_read_through(opening: str) -> None:
    """Each would be looked through to the end of the text; a limit keeps that from taking for ever."""
    assert blocks(opening * 3_000)
