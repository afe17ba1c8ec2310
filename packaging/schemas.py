"""Writes the JSON schemas of what commands print for programs, from the types that they print.

python packaging/schemas.py [DIRECTORY]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec

from localr1.bench.bench import Bench
from localr1.chat.answer import Answer
from localr1.chat.document import ChatDocument
from localr1.chat.events import AnswerWasThinking, Delta, Event, OfSample, SampleDone, Steered, TurnDone
from localr1.cli.batch.answers import Failure, Line
from localr1.cli.output.renderers import event_name

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OF_SAMPLES = {*get_args(Delta), *get_args(Steered), SampleDone}
DIRECTORY = Path(__file__).parent.parent / "docs" / "schemas"


def answer_schema() -> dict[str, Any]:
    """Of --format json."""
    return {"$schema": DIALECT, "title": "localr1 ask --format json", **msgspec.json.schema(Answer)}


def events_schema() -> dict[str, Any]:
    """Of one line of --format jsonl."""
    kinds = [kind for kind in get_args(Event) if kind not in (AnswerWasThinking, OfSample, TurnDone)]
    _, definitions = msgspec.json.schema_components((*kinds, Answer), ref_template="#/$defs/{name}")
    done = _named(definitions["Answer"], event_name(TurnDone))
    for kind in kinds:
        named = _named(definitions[kind.__name__], event_name(kind))
        definitions[kind.__name__] = _with_sample(named) if kind in OF_SAMPLES else named
    return {
        "$schema": DIALECT,
        "title": "A line of localr1 ask --format jsonl",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in (*(kind.__name__ for kind in kinds), "Done")],
        "$defs": {**definitions, "Done": done},
    }


def batch_schema() -> dict[str, Any]:
    """Of a line of localr1 batch: an answer, or why there is none."""
    _, definitions = msgspec.json.schema_components((Answer, Failure, Line), ref_template="#/$defs/{name}")
    begin = definitions.pop("Line")["properties"]
    answer, error = definitions["Answer"], {"$ref": "#/$defs/Failure"}
    head = {key: value for key, value in begin.items() if key != "error"}
    required = ["line", "prompt_sha256"]
    definitions["Answer"] = {
        **answer,
        "properties": {**head, **answer["properties"]},
        "required": [*required, *answer["required"]],
    }
    definitions["Error"] = {
        "type": "object",
        "properties": {**head, "error": error},
        "required": [*required, "error"],
    }
    return {
        "$schema": DIALECT,
        "title": "A line of localr1 batch",
        "oneOf": [{"$ref": "#/$defs/Answer"}, {"$ref": "#/$defs/Error"}],
        "$defs": definitions,
    }


def bench_schema() -> dict[str, Any]:
    """Of localr1 bench --json."""
    return {"$schema": DIALECT, "title": "localr1 bench --json", **msgspec.json.schema(Bench)}


def chats_schema() -> dict[str, Any]:
    """Of chats that are exported as JSON."""
    title = "localr1 chats export --format json"
    return {"$schema": DIALECT, "title": title, **msgspec.json.schema(list[ChatDocument])}


def _named(definition: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of an event with its name in `type`; what is printed is always settled."""
    properties = {key: value for key, value in definition["properties"].items() if key != "settled"}
    return {
        **definition,
        "properties": {"type": {"const": name}, **properties},
        "required": ["type", *properties],
    }


def _with_sample(definition: dict[str, Any]) -> dict[str, Any]:
    """With the number of the reply, which only events in a vote have."""
    sample = {"type": "integer", "minimum": 0}
    return {**definition, "properties": {**definition["properties"], "sample": sample}}


def main(directory: Path) -> None:
    """Write all of them."""
    directory.mkdir(parents=True, exist_ok=True)
    schemas = {
        "answer": answer_schema(),
        "events": events_schema(),
        "batch": batch_schema(),
        "bench": bench_schema(),
        "chats": chats_schema(),
    }
    for name, schema in schemas.items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        (directory / f"{name}.schema.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY)
