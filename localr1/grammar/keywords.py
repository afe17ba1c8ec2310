"""The keywords of JSON schemas that a grammar can promise, read with care (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from localr1.errors import UsageError

Schema: TypeAlias = Mapping[str, Any]
ANNOTATIONS = frozenset(
    {"$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples"}
    | {"deprecated", "readOnly", "writeOnly"}
)
"""What says nothing about which values are allowed."""
TYPES = ("string", "number", "integer", "boolean", "null", "object", "array")
LONGEST = 2000
"""Of a string or array whose length is bounded: llama.cpp unrolls a repetition."""
WIDEST = 1000
"""Integers between two bounds that are written out."""
DEEPEST = 64
"""Levels of a schema, one in the other."""
_OBJECT = frozenset({"properties", "required", "additionalProperties"})
_ARRAY = frozenset({"items", "prefixItems", "minItems", "maxItems"})
_STRING = frozenset({"minLength", "maxLength"})
_INTEGER = frozenset({"minimum", "maximum"})
KEYWORDS = {"object": _OBJECT, "array": _ARRAY, "string": _STRING, "integer": _INTEGER}


def told_type(schema: Schema) -> str | None:
    """The type that a keyword is about, for schemas that do not name it."""
    told = {name for name, keywords in KEYWORDS.items() if keywords & set(schema)}
    return told.pop() if len(told) == 1 and told != {"integer"} else None


def require_only(schema: Schema, allowed: set[str], place: str, *, beside: str = "") -> None:
    """Refuse any other keyword; one that is refused only `beside` another is named with it."""
    for key in schema:
        if key not in allowed:
            raise refused(place, f"`{key}`" + (f" beside `{beside}`" if beside else ""))


def bounds(schema: Schema, least: str, most: str, place: str) -> tuple[int, int | None]:
    low, high = schema.get(least, 0), schema.get(most)
    for key, value in ((least, low), (most, high)):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (whole and 0 <= value <= LONGEST):
            raise refused(place, f"a `{key}` that is not a number from 0 to {LONGEST:,}")
    if high is not None and high < low:
        raise refused(place, f"a `{most}` below `{least}`")
    return low, high


def mapping(schema: Schema, key: str, place: str) -> Schema:
    value = schema.get(key, {})
    if not isinstance(value, Mapping):
        raise refused(place, f"a `{key}` that is no object")
    return value


def list_of(schema: Schema, key: str, place: str) -> list[Any]:
    value = schema.get(key, [])
    if not isinstance(value, list):
        raise refused(place, f"a `{key}` that is no list")
    return value


def is_of_type(value: object, types: object) -> bool:
    name = {str: "string", bool: "boolean", type(None): "null", dict: "object", list: "array", int: "integer"}
    mine = name.get(type(value), "number")
    allowed = [types] if isinstance(types, str) else types
    return isinstance(allowed, list) and (mine in allowed or (mine == "integer" and "number" in allowed))


def refused(place: str, what: str) -> UsageError:
    return UsageError(
        f"The schema has at {place} {what}, which localr1 can't guarantee.",
        hint="Leave it out, or ask for it in words. docs/scripting.md says which keywords are understood.",
    )
