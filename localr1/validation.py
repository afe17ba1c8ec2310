"""What people wrote → typed values, or a sentence that says what may stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from localr1.errors import ConfigError
from localr1.toml_file import line_of

S = TypeVar("S", bound=msgspec.Struct)


def convert(
    values: Mapping[str, object],
    struct: type[S],
    *,
    source: str,
    text: str = "",
    strict: bool = True,
    hint: str = "",
) -> S:
    """The values as a struct; raises ConfigError with the source, the field and what it may be.

    Where they come from the `text` of a file, the error names the line. Unless `strict`, texts stand for
    numbers and truths as well, as in variables of the environment.
    """
    try:
        return msgspec.convert(dict(values), struct, strict=strict)
    except UnicodeEncodeError:
        raise ConfigError(f"{_place(source)}this is not UTF-8.", hint=hint) from None
    except msgspec.ValidationError as error:
        field = _field(error)
        place = _place(source, line_of(text, (field,)))
        raise ConfigError(
            f"{place}{_sentence(error, field, struct)}.", hint=_nearest(error, struct) or hint
        ) from None


def allowed(kind: object) -> str:
    """What a value of a type may be, in words: "a whole number from 0 to 1,024"."""
    return _allowed(msgspec.inspect.type_info(kind))


def _place(source: str, line: int = 0) -> str:
    """What an error begins with; 0 stands for a line that nobody knows."""
    return f"{source}, line {line}: " if line else f"{source}: " if source else ""


def _field(error: msgspec.ValidationError) -> str:
    """The field that is wrong, or the one that there should not be."""
    place = str(error).partition(" - at `$.")[2]
    return place.rstrip("`").partition("[")[0] or _unknown(error)


def _unknown(error: msgspec.ValidationError) -> str:
    return str(error).partition("unknown field `")[2].partition("`")[0]


def _sentence(error: msgspec.ValidationError, name: str, struct: type[msgspec.Struct]) -> str:
    """msgspec says "Expected `int` >= 0 - at `$.context`"; people want to know what they may write there."""
    for field in msgspec.structs.fields(struct):
        if field.name == name:
            return f"{name} must be {allowed(field.type)}"
    problem = str(error).partition(" - at `$.")[0]
    return problem.replace("Object contains unknown field", "there is no setting")


def _nearest(error: msgspec.ValidationError, struct: type[msgspec.Struct]) -> str:
    """Which field an unknown one was meant to be, if it is nearly one."""
    from difflib import get_close_matches

    unknown = _unknown(error)
    near = get_close_matches(unknown, [field.name for field in msgspec.structs.fields(struct)], n=1)
    return f"Did you mean `{near[0]}`?" if near else ""


def _allowed(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.Metadata(extra_json_schema={"title": str(words)}):
            return words
        case msgspec.inspect.Metadata(type=inner):
            return _allowed(inner)
        case msgspec.inspect.UnionType(types=kinds):
            return " or ".join(_allowed(each) for each in kinds if each != msgspec.inspect.NoneType())
        case _:
            return _described(kind)


def _described(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
        case msgspec.inspect.IntType(ge=least, le=most):
            return f"a whole number from {least:,} to {most:,}"
        case msgspec.inspect.FloatType(ge=least, le=most):
            return f"a number from {least:g} to {most:g}"
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.DictType(value_type=value):
            return _table(value)
        case _:
            return "a text"


def _table(value: msgspec.inspect.Type) -> str:
    match value:
        case msgspec.inspect.StructType(fields=fields):
            return f"a table of {', '.join(field.name for field in fields)} by names"
        case msgspec.inspect.IntType(ge=least, le=most):
            return f"a table of whole numbers from {least:,} to {most:,}"
        case _:
            return "a table of texts"
