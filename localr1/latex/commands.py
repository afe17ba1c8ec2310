"""What the commands of LaTeX that have arguments look like on a line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from localr1.latex.environments import environment
from localr1.latex.reader import Command, Reader
from localr1.latex.scripts import ACCENTS, ALPHABETS, accented, in_alphabet, is_atom, is_product, script
from localr1.latex.spacing import FRACTION, NAME, spaced, tight
from localr1.latex.symbols import FUNCTIONS
from localr1.latex.tokens import UnreadableError

_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_WITH_ARGUMENT = ("array", "alignat", "alignedat")
"""Environments that say how many columns they have."""


def _fraction(reader: Reader) -> str:
    above, below = reader.argument(), reader.argument()
    above = above if is_product(above) else f"({above})"
    return f"{FRACTION}{above}/{below if is_atom(below) else f'({below})'}{FRACTION}"


def _root(reader: Reader) -> str:
    reader.skip_blanks()
    degree, text = reader.option(), reader.argument()
    sign = _ROOTS.get(degree) or f"{script('^', degree)}√"
    return f"{sign}{text}" if is_atom(text) else f"{sign}({text})"


def _function(reader: Reader, name: str = "") -> str:
    """A name with what stands above and below it, set apart from its argument."""
    name = name or reader.argument()
    reader.skip_blanks()
    scripts = []
    while reader.next in ("^", "_"):
        scripts.append(reader.item())
        reader.skip_blanks()
    return f"{NAME}{name}{''.join(scripts)}{NAME}"


def _delimiter(reader: Reader) -> str:
    reader.skip_blanks()
    if reader.next == ".":
        reader.take()
        return ""
    return reader.item()


def _environment(reader: Reader) -> str:
    name = reader.verbatim()
    kind = name.rstrip("*")
    if kind in _WITH_ARGUMENT:
        reader.verbatim()
    body = reader.deeper(partial(reader.sequence, "\\end"))
    if reader.take() != "\\end" or reader.verbatim() != name:
        raise UnreadableError
    return environment(kind, body)


def _new_row(reader: Reader) -> str:
    reader.option()
    return "\n"


def _binomial(reader: Reader) -> str:
    return f"C({reader.argument()}, {reader.argument()})"


def _stacked(reader: Reader) -> str:
    above, main = reader.argument(), reader.argument()
    return f"{main}{script('^', tight(above))}"


def _accent(reader: Reader, mark: str) -> str:
    return accented(reader.argument(), mark)


def _letters(reader: Reader, alphabet: str) -> str:
    return in_alphabet(reader.argument(), alphabet)


def _coloured(reader: Reader) -> str:
    reader.verbatim()
    return reader.argument()


def _unseen(reader: Reader) -> str:
    reader.verbatim()
    return ""


COMMANDS: Mapping[str, Command] = {
    **{name: partial(_function, name=name) for name in FUNCTIONS},
    **{name: partial(_accent, mark=mark) for name, mark in ACCENTS.items()},
    **{name: partial(_letters, alphabet=alphabet) for name, alphabet in ALPHABETS.items()},
    **dict.fromkeys(
        ("text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "mbox", "hbox"),
        Reader.verbatim,
    ),
    **dict.fromkeys(
        ("mathbf", "mathbin", "mathit", "mathop", "mathord", "mathrel", "mathrm", "mathsf", "mathtt"),
        Reader.argument,
    ),
    **dict.fromkeys(
        ("bm", "bold", "boldsymbol", "overbrace", "pmb", "substack", "underbrace"), Reader.argument
    ),
    **dict.fromkeys(("left", "right", "middle"), _delimiter),
    **{
        f"{size}{side}": _delimiter for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "m", "r")
    },
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _binomial),
    **dict.fromkeys(("boxed", "fbox"), lambda reader: f"▕{reader.argument()}▏"),
    **dict.fromkeys(("operatorname", "operatorname*"), _function),
    **dict.fromkeys(("overset", "stackrel"), _stacked),
    **dict.fromkeys(("label", "vspace", "hspace", "phantom", "color"), _unseen),
    "\\": _new_row,
    "begin": _environment,
    "not": lambda reader: spaced(f"{reader.argument()}\u0338"),
    "pmod": lambda reader: f" (mod {reader.argument()})",
    "sqrt": _root,
    "tag": lambda reader: f"  ({reader.verbatim()})",
    "textcolor": _coloured,
    "xrightarrow": lambda reader: f" —{reader.argument()}→ ",
}
"""By their names, without the backslash."""
