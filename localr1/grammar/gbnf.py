"""Pieces of GBNF, the grammars of llama.cpp, and the rules for JSON (pure).

The notation is that of llama.cpp's grammars/README.md, the rules for JSON follow RFC 8259.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LEADING = r"[ \n\t]{0,4}"
"""White space that a model may write between its thinking and its answer."""

JSON_RULES: Mapping[str, str] = {
    "ws": r'| " " | "\n" [ \t]{0,20}',
    "hex": "[0-9a-fA-F]",
    "char": r'[^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-ce-fA-CE-F] hex{3} | [dD] [0-7] hex{2}))',
    "string": r'"\"" char* "\""',
    "integer": r'"-"? ("0" | [1-9] [0-9]{0,15})',
    "number": 'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "object": r'"{" ws (string ws ":" ws value (ws "," ws string ws ":" ws value)*)? ws "}"',
    "array": r'"[" ws (value (ws "," ws value)*)? ws "]"',
    "value": "object | array | string | number | boolean | null",
}
"""A lone half of a surrogate pair can't be written, and white space is bounded: small models love it."""

_USES: Mapping[str, tuple[str, ...]] = {
    "char": ("hex",),
    "string": ("char",),
    "number": ("integer",),
    "object": ("ws", "string", "value"),
    "array": ("ws", "value"),
    "value": ("object", "array", "string", "number", "boolean", "null"),
}
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def literal(text: str) -> str:
    """A text that has to stand there as it is; other control characters by their number."""
    escaped = "".join(
        f"\\x{ord(char):02X}" if char < " " and char not in "\n\r\t" else char.translate(_ESCAPES)
        for char in text
    )
    return f'"{escaped}"'


def one_of(expressions: Iterable[str]) -> str:
    """Any of them."""
    return " | ".join(expressions)


def group(expression: str) -> str:
    """The same, so that what is written beside it belongs to all of it."""
    return f"({expression})"


def times(expression: str, least: int, most: int | None = None) -> str:
    """Repeated, with no end where `most` is None."""
    return f"{group(expression)}{{{least},{'' if most is None else most}}}"


def grammar_text(root: str, rules: Mapping[str, str], uses: Iterable[str] = ()) -> str:
    """The whole grammar: its root after white space, its own rules, and those for JSON that it `uses`."""
    wanted: dict[str, str] = {}
    waiting = [*uses]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted[name] = JSON_RULES[name]
            waiting += _USES.get(name, ())
    lines = [("root", f"{LEADING} {group(root)}"), *rules.items(), *sorted(wanted.items())]
    return "".join(f"{name} ::= {body}\n" for name, body in lines)
