"""A JSON schema → a grammar whose every text is a value that the schema allows (pure).

What can't be promised by a grammar is refused by name. Schemas are those of draft 2020-12, as far as they go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localr1.grammar.gbnf import grammar_text, group, literal, one_of, times
from localr1.grammar.keywords import (
    ANNOTATIONS,
    DEEPEST,
    KEYWORDS,
    TYPES,
    Schema,
    bounds,
    list_of,
    mapping,
    refused,
    require_only,
    told_type,
)
from localr1.grammar.rules import Rules
from localr1.grammar.scalars import constant, integer, string


def schema_grammar(schema: object) -> str:
    """The grammar of a schema that has been read from JSON; raises UsageError for what it can't promise."""
    compiler = _Compiler(schema)
    root = compiler.visit(schema, "#", 0)
    return grammar_text(root, compiler.rules.own, compiler.rules.uses)


class _Compiler:
    """Walks a schema; each `$ref` becomes a rule, so that a schema may be recursive."""

    def __init__(self, root: object) -> None:
        self._root = root
        self._names: dict[str, str] = {}
        self._looking_into: list[str] = []
        """References that are being followed, with nothing written yet since the first of them."""
        self.rules = Rules()

    def visit(self, schema: object, place: str, depth: int) -> str:
        """The expression for a schema that stands at a `place` such as #/properties/name."""
        if depth > DEEPEST:
            raise refused(place, f"a schema more than {DEEPEST} levels deep")
        if schema is True:
            return self.rules.json("value")
        if not isinstance(schema, Mapping):
            raise refused(place, "what is no schema" if schema is not False else "the schema `false`")
        keywords = {key: value for key, value in schema.items() if key not in ANNOTATIONS}
        for key, visit in self._alone().items():
            if key in keywords:
                allowed = {key, "type"} if key in ("enum", "const") else {key}
                require_only(keywords, allowed, place, beside=key)
                return visit(keywords, place, depth)
        return self._typed(keywords, place, depth)

    def _alone(self) -> Mapping[str, Callable[[Schema, str, int], str]]:
        """Keywords beside which nothing else may stand."""
        return {
            "$ref": self._reference,
            "const": constant,
            "enum": constant,
            "anyOf": self._any_of,
            "oneOf": self._one_of,
            "allOf": self._all_of,
        }

    def _typed(self, schema: Schema, place: str, depth: int) -> str:
        types = schema.get("type", told_type(schema))
        names = [types] if isinstance(types, str) else types
        if names is None:
            require_only(schema, set(), place)
            return self.rules.json("value")
        if not isinstance(names, Sequence) or not names or not all(name in TYPES for name in names):
            raise refused(place, f"the type {json.dumps(types)}")
        allowed = {"type"}.union(*(KEYWORDS.get(name, ()) for name in names))
        require_only(schema, allowed, place)
        return one_of([self._of_type(name, schema, place, depth) for name in dict.fromkeys(names)])

    def _of_type(self, name: str, schema: Schema, place: str, depth: int) -> str:
        match name:
            case "object":
                return self._object(schema, place, depth)
            case "array":
                return self._array(schema, place, depth)
            case "string":
                return string(schema, place, self.rules)
            case "integer":
                return integer(schema, place, self.rules)
            case _:
                return self.rules.json(name)

    def _object(self, schema: Schema, place: str, depth: int) -> str:
        properties = mapping(schema, "properties", place)
        required = schema.get("required", [])
        if not isinstance(required, list) or not all(isinstance(key, str) for key in required):
            raise refused(place, "a `required` that is no list of names")
        if missing := [key for key in required if key not in properties]:
            raise refused(place, f"the required property {json.dumps(missing[0])} that it does not describe")
        if not properties:
            return self._map(schema.get("additionalProperties", True), place, depth)
        self.rules.json("ws")
        members = [
            (self._member(key, value, place, depth), key in required) for key, value in properties.items()
        ]
        return f'"{{" ws {self.rules.members_in_order(members)} ws "}}"'

    def _member(self, key: str, value: object, place: str, depth: int) -> str:
        return (
            f'{literal(json.dumps(key))} ws ":" ws {self._inside(value, f"{place}/properties/{key}", depth)}'
        )

    def _map(self, values: object, place: str, depth: int) -> str:
        if values is False:
            self.rules.json("ws")
            return '"{" ws "}"'
        if values is True:
            return self.rules.json("object")
        self.rules.json("ws")
        self.rules.json("string")
        member = f'string ws ":" ws {self._inside(values, f"{place}/additionalProperties", depth)}'
        return f'"{{" ws ({member} (ws "," ws {member})*)? ws "}}"'

    def _array(self, schema: Schema, place: str, depth: int) -> str:
        self.rules.json("ws")
        first = [
            self._inside(item, f"{place}/prefixItems/{index}", depth)
            for index, item in enumerate(list_of(schema, "prefixItems", place))
        ]
        least, most = bounds(schema, "minItems", "maxItems", place)
        if first:
            if schema.get("items", True) is not False or (least, most) not in ((0, None), (len(first),) * 2):
                raise refused(place, '`prefixItems` without `"items": false`, or with bounds beside it')
            return '"[" ws ' + ' ws "," ws '.join(first) + ' ws "]"'
        item = self._inside(schema.get("items", True), f"{place}/items", depth)
        if most == 0:
            return '"[" ws "]"'
        rest = times(f'ws "," ws {item}', max(0, least - 1), None if most is None else most - 1)
        return f'"[" ws {f"{item} {rest}" if least else f"({item} {rest})?"} ws "]"'

    def _any_of(self, schema: Schema, place: str, depth: int) -> str:
        choices = list_of(schema, "anyOf", place)
        if not choices:
            raise refused(place, "an empty `anyOf`")
        return one_of(
            group(self.visit(choice, f"{place}/anyOf/{index}", depth + 1))
            for index, choice in enumerate(choices)
        )

    def _one_of(self, schema: Schema, place: str, depth: int) -> str:
        """Allowed where no value can be of two of them, as their types differ."""
        choices = list_of(schema, "oneOf", place)
        types = [choice.get("type") if isinstance(choice, Mapping) else None for choice in choices]
        strings = [name for name in types if isinstance(name, str)]
        if len(set(strings)) != len(choices) or {"integer", "number"} <= set(strings):
            raise refused(place, "`oneOf` of schemas that do not differ in their `type`; `anyOf` can be had")
        return self._any_of({"anyOf": choices}, place, depth)

    def _all_of(self, schema: Schema, place: str, depth: int) -> str:
        parts = list_of(schema, "allOf", place)
        if len(parts) != 1:
            raise refused(place, "`allOf` of more than one schema")
        return self.visit(parts[0], f"{place}/allOf/0", depth + 1)

    def _reference(self, schema: Schema, place: str, _depth: int) -> str:
        target = schema["$ref"]
        if not isinstance(target, str) or not target.startswith("#"):
            raise refused(place, f"the reference {json.dumps(target)} to somewhere else")
        if target in self._looking_into:
            raise refused(place, f"the reference {json.dumps(target)} that leads back to itself")
        if target not in self._names:
            self._looking_into.append(target)
            name = self._names[target] = f"ref{len(self._names)}"
            self.rules.own[name] = self.visit(self._resolve(target, place), target, 0)
            self._looking_into.pop()
        return self._names[target]

    def _resolve(self, target: str, place: str) -> object:
        """What a JSON pointer in a fragment (RFC 6901) points to."""
        found: Any = self._root
        for part in target[1:].split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or key not in found:
                raise refused(place, f"the reference {json.dumps(target)}, where nothing is")
            found = found[key]
        return found

    def _inside(self, schema: object, place: str, depth: int) -> str:
        """The name of a rule for what stands in an object or array, after something else has been written."""
        before, self._looking_into = self._looking_into, []
        expression = self.visit(schema, place, depth + 1)
        self._looking_into = before
        return self.rules.named(expression)
