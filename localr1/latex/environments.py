"""What stands between \\begin and \\end, as text: lines, cases and matrices."""

from __future__ import annotations

from localr1.latex.tokens import UnreadableError

_MATRICES = {
    "array": ("[", "]"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "matrix": ("[", "]"),
    "pmatrix": ("(", ")"),
    "smallmatrix": ("[", "]"),
    "vmatrix": ("|", "|"),
}
_LINES = (
    *("align", "aligned", "alignat", "alignedat", "eqnarray", "equation", "flalign", "gather", "gathered"),
    *("multline", "split"),
)


def environment(name: str, body: str) -> str:
    """The text of an environment; in its `body` rows end with a newline and cells with a tab."""
    if name in _LINES:
        return f"\n{body.replace(chr(9), ' ')}\n"
    rows = ["\t".join(cell.strip() for cell in row.split("\t")) for row in body.split("\n") if row.strip()]
    if name == "cases":
        return "{ " + "; ".join(row.replace(",\t", "\t").replace("\t", ", ") for row in rows)
    if name in _MATRICES:
        opening, closing = _MATRICES[name]
        return f"{opening}{'; '.join(row.replace(chr(9), ', ') for row in rows)}{closing}"
    raise UnreadableError
