"""Schemas and choices as grammars, judged by llama.cpp: what they allow fits, and what fits they allow."""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from localr1.engine.worker.model import Model
from localr1.grammar.choices import choices_grammar
from localr1.grammar.json_schema import schema_grammar
from tests.engine.grammars import follows, walk

Schemas = st.SearchStrategy[Any]

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=6)
leaves: Schemas = st.one_of(
    st.sampled_from([{"type": name} for name in ("number", "integer", "boolean", "null", "string")]),
    st.sampled_from([True, {}, {"type": ["string", "null"]}, {"title": "anything"}, {"type": "object"}]),
    st.builds(lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
              st.integers(-50, 50), st.integers(0, 40)),
    st.builds(lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
              st.integers(0, 3), st.integers(0, 5)),
    st.builds(lambda values: {"enum": values}, st.lists(names | st.integers(), min_size=1, max_size=4)),
    st.builds(lambda value: {"const": value}, names | st.booleans() | st.lists(names, max_size=2)),
)  # fmt: skip


def larger(inner: Schemas) -> Schemas:
    """Schemas around other schemas."""
    return st.one_of(
        st.builds(_object, st.dictionaries(names, inner, min_size=1, max_size=4), st.integers(0, 15)),
        st.builds(lambda values: {"additionalProperties": values, "type": "object"}, inner),
        st.builds(
            lambda item, low, more: {"type": "array", "items": item, "minItems": low, "maxItems": low + more},
            inner, st.integers(0, 2), st.integers(0, 2),
        ),
        st.builds(lambda items: {"type": "array", "prefixItems": items, "items": False,
                                 "minItems": len(items), "maxItems": len(items)},
                  st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda choices: {"anyOf": choices}, st.lists(inner, min_size=1, max_size=3)),
    )  # fmt: skip


def _object(properties: dict[str, Any], bits: int) -> Any:
    required = [name for index, name in enumerate(properties) if bits >> index & 1]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


@settings(max_examples=100)
@given(st.recursive(leaves, larger, max_leaves=6), st.integers(0, 2**32))
def test_whatever_a_grammar_allows_fits_its_schema(nano_model: Model, schema: Any, seed: int) -> None:
    text = walk(nano_model, schema_grammar(schema), random.Random(seed))
    assume(text is not None)
    assert text is not None
    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft202012Validator)


ODD = 'a "quote" and a \\ and a\ttab'
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0},
        "mail": {"type": "string"},
    },
    "required": ["age"],
}
TREE = {
    "$ref": "#/$defs/node",
    "$defs": {"node": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 2}},
}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (PERSON, '{"age": 7}'),
        (PERSON, '{"name": "Ada", "age": 36}'),
        (PERSON, '{"age":36,"mail":"a\\u00e9\\n@b"}'),
        (PERSON, '{\n  "name": "",\n  "age": 0,\n  "mail": ""\n}'),
        (TREE, "[[], [[], [[]]]]"),
        ({"type": "number"}, "-0.25e-3"),
        ({"type": "string", "minLength": 2, "maxLength": 2}, '"日本"'),
        (True, '{"any": [1, null, {"thing": true}]}'),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "null"),
        ({"allOf": [{"const": ODD}]}, json.dumps(ODD)),
    ],
)  # fmt: skip
def test_what_fits_a_schema_may_be_answered(nano_model: Model, schema: Any, text: str) -> None:
    jsonschema.validate(json.loads(text), schema)
    assert follows(nano_model, schema_grammar(schema), text)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (PERSON, '{"name": "Ada"}'),
        (PERSON, '{"age": -1}'),
        (PERSON, '{"age": 1, "name": "in another order"}'),
        (PERSON, '{"age": 1} and more'),
        (TREE, "[[], [], []]"),
        ({"type": "integer", "minimum": 1, "maximum": 10}, "11"),
        ({"type": "string", "maxLength": 2}, '"abc"'),
        ({"type": "string"}, '"\\ud800"'),
        ({"type": "array", "minItems": 1}, "[]"),
        ({"enum": ["yes", "no"]}, '"maybe"'),
        ({"enum": ["yes", "no"]}, "yes"),
    ],
)
def test_what_does_not_fit_can_not_be_answered(nano_model: Model, schema: Any, text: str) -> None:
    assert not follows(nano_model, schema_grammar(schema), text)


def test_a_choice_is_one_of_the_words_and_nothing_else(nano_model: Model) -> None:
    grammar = choices_grammar(("yes", 'so "so"', "no\n"))
    for text in ("yes", '\n\nso "so"', "no\n"):
        assert follows(nano_model, grammar, text)
    for text in ("yes.", "ye", "", "so", "Yes"):
        assert not follows(nano_model, grammar, text)


def test_deep_schemas_make_grammars_of_their_own_size(nano_model: Model) -> None:
    schema: Any = {"type": "string"}
    for _ in range(30):
        schema = {"type": "array", "items": schema, "minItems": 1}
    grammar = schema_grammar(schema)
    assert len(grammar) < 10_000
    assert follows(nano_model, grammar, "[" * 30 + '"x"' + "]" * 30)
