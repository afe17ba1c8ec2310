"""LaTeX names of single signs → the signs; most names are those of HTML's entities."""

from __future__ import annotations

from html.entities import html5

from localr1.latex.scripts import ACCENTS

FUNCTIONS = (
    *("arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp"),
    *("gcd", "hom", "inf", "ker", "lcm", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "mod"),
    *("Pr", "sec", "sin", "sinh", "sup", "tan", "tanh"),
)
"""Names that are written out, and set apart from what they are applied to."""

ESCAPED = {character: character for character in "{}%$#&_"} | {"|": "‖"}
"""Signs that stand for themselves after a backslash."""
_OWN = ESCAPED | {
    " ": " ",
    "!": "",
    ",": " ",
    "/": "",
    ":": " ",
    ";": " ",
    ">": " ",
    "bmod": " mod ",
    "Box": "□",
    "backslash": "\\",
    "cdot": "·",
    "cdots": "⋯",
    "circ": "∘",
    "ddots": "⋱",
    "degree": "°",
    "displaystyle": "",
    "dots": "…",
    "dotsb": "⋯",
    "dotsc": "…",
    "epsilon": "ϵ",
    "exists": "∃",
    "hline": "",
    "iint": "∬",
    "iiint": "∭",
    "implies": "⟹",
    "impliedby": "⟸",
    "iff": "⟺",
    "infty": "∞",
    "land": "∧",
    "ldots": "…",
    "limits": "",
    "lnot": "¬",
    "lor": "∨",
    "lvert": "|",
    "lVert": "‖",
    "neg": "¬",
    "neq": "≠",
    "newline": "\n",
    "nolimits": "",
    "partial": "∂",
    "qquad": "    ",
    "quad": "  ",
    "rvert": "|",
    "rVert": "‖",
    "scriptstyle": "",
    "square": "□",
    "star": "⋆",
    "surd": "√",
    "textstyle": "",
    "to": "→",
    "varepsilon": "ε",
    "vdots": "⋮",
}
_OTHERWISE = frozenset({"not", "par"}) | ACCENTS.keys()
"""Names that HTML and LaTeX use for different things."""

RELATIONS = frozenset("=<>≤≥≠≈≡≅≃∼∝→←↔⇒⇐⇔⟹⟸⟺⟶↦∈∉⊂⊃⊆⊇≪≫≺≻⊢⊨")
"""Signs with a space on either side."""


def symbol(name: str) -> str | None:
    """The sign of a name without its backslash; None for a name that is not known."""
    if name in _OWN:
        return _OWN[name]
    sign = "" if name in _OTHERWISE else html5.get(f"{name};", "")
    return sign if sign and sign.isprintable() else None
