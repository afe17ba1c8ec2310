"""What a schema says of strings, integers and listed values → expressions of GBNF (pure)."""

from __future__ import annotations

import json

from localr1.grammar.gbnf import literal, one_of, times
from localr1.grammar.keywords import WIDEST, Schema, bounds, is_of_type, list_of, refused
from localr1.grammar.rules import Rules


def string(schema: Schema, place: str, rules: Rules) -> str:
    """Texts of these lengths."""
    least, most = bounds(schema, "minLength", "maxLength", place)
    if (least, most) == (0, None):
        return rules.json("string")
    rules.json("char")
    return f'"\\"" {times("char", least, most)} "\\""'


def integer(schema: Schema, place: str, rules: Rules) -> str:
    """Whole numbers within these bounds."""
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None and most is None:
        return rules.json("integer")
    if (least, most) == (0, None):
        return '"0" | [1-9] [0-9]{0,15}'
    if (least, most) == (1, None):
        return "[1-9] [0-9]{0,15}"
    whole = all(isinstance(bound, int) and not isinstance(bound, bool) for bound in (least, most))
    if least is None or most is None or not whole or not 0 <= most - least < WIDEST:
        raise refused(place, f"bounds of an integer that are not two, up to {WIDEST:,} apart, or 0 or 1")
    return one_of(literal(str(number)) for number in range(least, most + 1))


def constant(schema: Schema, place: str, _depth: int) -> str:
    """One of the values that are listed, however deep in a schema that is."""
    values = list_of(schema, "enum", place) if "enum" in schema else [schema["const"]]
    if not values:
        raise refused(place, "an empty `enum`")
    if "type" in schema and not all(is_of_type(value, schema["type"]) for value in values):
        raise refused(place, "values that are not of the `type` beside them")
    return one_of(literal(json.dumps(value, ensure_ascii=False)) for value in values)
