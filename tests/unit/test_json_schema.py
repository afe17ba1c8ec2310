"""Schemas that can't be promised are refused by the name of what they ask."""

from __future__ import annotations

from typing import Any

import pytest

from localr1.errors import UsageError
from localr1.grammar.choices import distinct
from localr1.grammar.json_schema import schema_grammar

NESTED: Any = {"type": "null"}
for _ in range(80):
    NESTED = {"type": "array", "items": NESTED}


@pytest.mark.parametrize(
    ("schema", "what"),
    [
        ({"type": "string", "pattern": "^a"}, "#.*`pattern`"),
        ({"type": "object", "patternProperties": {}}, "`patternProperties`"),
        ({"properties": {"a": {"type": "number", "minimum": 0}}}, "#/properties/a.*`minimum`"),
        ({"type": "integer", "minimum": 0, "maximum": 10**9}, "bounds of an integer"),
        ({"type": "integer", "minimum": 0.5, "maximum": 2}, "bounds of an integer"),
        ({"type": "array", "uniqueItems": True}, "`uniqueItems`"),
        ({"type": "array", "minItems": 3, "maxItems": 2}, "`maxItems` below `minItems`"),
        ({"type": "array", "maxItems": 10**9}, "`maxItems`.*2,000"),
        ({"type": "array", "prefixItems": [True]}, "prefixItems"),
        ({"type": "text"}, 'the type "text"'),
        ({"type": []}, "the type"),
        ({"type": "object", "required": ["a"]}, 'required property "a"'),
        ({"type": "object", "properties": {"a": True}, "required": "a"}, "`required`"),
        ({"properties": []}, "`properties` that is no object"),
        ({"enum": []}, "empty `enum`"),
        ({"enum": "a"}, "`enum` that is no list"),
        ({"enum": ["a"], "type": "integer"}, "not of the `type`"),
        ({"anyOf": []}, "empty `anyOf`"),
        ({"anyOf": [True], "type": "string"}, "`type` beside `anyOf`"),
        ({"type": "string", "pattern": "a", "maxLength": 9}, "`pattern`, which"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "`oneOf`"),
        ({"allOf": [True, True]}, "`allOf`"),
        ({"not": {}}, "`not`"),
        ({"$ref": "other.json"}, "to somewhere else"),
        ({"$ref": "#/$defs/none"}, "where nothing is"),
        ({"$ref": "#"}, "leads back to itself"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}, "leads back to itself"),
        (False, "`false`"),
        ([], "no schema"),
        (NESTED, "64 levels"),
    ],
)
def test_what_can_not_be_promised_is_named(schema: Any, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        schema_grammar(schema)


@pytest.mark.parametrize("text", ["", "yes", "yes,", "yes,,no", "yes, yes", ","])
def test_one_answer_is_no_choice(text: str) -> None:
    with pytest.raises(UsageError, match="two answers or more"):
        distinct(text)


def test_choices_are_words_between_commas() -> None:
    assert distinct(" yes, no ,not sure") == ("yes", "no", "not sure")
