"""`ask --schema`, `--choices`, `--grammar`: free thinking, then an answer of the form that was asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.program import localr1, text

SUM = (
    '{"type": "object", "properties": {"sum": {"type": "integer"}, "even": {"type": "boolean"}},'
    ' "required": ["sum"]}'
)
QUESTION = "What is 47 + 85?"

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    "how", [(), ("--no-think",), ("--budget", "5")], ids=["thinks", "no thinking", "cut"]
)
def test_an_answer_fits_its_schema_however_the_thinking_ended(how: tuple[str, ...]) -> None:
    done = localr1("ask", "--format", "json", "--schema", SUM, *how, QUESTION)
    told = json.loads(done.stdout)
    value = json.loads(told["answer"])
    assert isinstance(value["sum"], int)
    assert told["data"] == value
    assert set(value) <= {"sum", "even"}
    assert bool(told["thinking"]) is (how != ("--no-think",))


def test_the_thinking_is_as_free_as_without_a_form() -> None:
    """The same trace, token by token, as long as no answer has begun."""
    greedy = ("--temperature", "0", "--thinking", "only", QUESTION)
    assert localr1("ask", "--choices", "yes,no", *greedy).stdout == localr1("ask", *greedy).stdout


def test_a_model_without_thinking_answers_in_the_form_at_once(smollm2: Path) -> None:
    done = localr1("ask", "-m", str(smollm2), "--choices", "Paris,London", "What is the capital of France?")
    assert text(done.stdout) in ("Paris\n", "London\n")


def test_a_grammar_of_ones_own_is_kept_to(tmp_path: Path) -> None:
    file = tmp_path / "sum.gbnf"
    file.write_text('# the root\nroot ::= "root: " number "."\nnumber ::= [0-9]{1,4}\n')
    said = text(localr1("ask", "--grammar", str(file), "--temperature", "0", QUESTION).stdout)
    assert re.fullmatch(r"root: [0-9]{1,4}\.\n", said)


def test_an_answer_that_was_cut_is_not_printed() -> None:
    long = '{"type": "array", "items": {"type": "string", "minLength": 100}, "minItems": 5}'
    done = localr1("ask", "--schema", long, "--no-think", "--max-tokens", "20", QUESTION)
    assert done.returncode == 10
    assert done.stdout == b""
    assert "no whole value" in text(done.stderr)


def test_each_line_of_a_batch_has_the_form_and_its_value() -> None:
    done = localr1(
        "batch", "--choices", "132,42", "--temperature", "0", "--quiet", stdin=b'"What is 47 + 85?"\n'
    )
    told = json.loads(done.stdout)
    assert told["answer"] == told["data"] in ("132", "42")


def test_a_line_of_a_batch_without_an_answer_has_the_code_that_ask_has() -> None:
    how = ("--choices", "132,42", "--max-tokens", "5", "--quiet")
    done = localr1("batch", *how, stdin=b'"What is 47 + 85?"\n')
    asked = localr1("ask", *how[:4], QUESTION)
    assert json.loads(done.stdout)["error"]["code"] == asked.returncode == 9


def test_votes_are_held_among_answers_of_the_form() -> None:
    done = localr1("ask", "--votes", "3", "--choices", "131,132", "--seed", "1", QUESTION)
    assert text(done.stdout) in ("131\n", "132\n")


MISTAKES = {
    "two forms": (("--choices", "a,b", "--schema", "{}"), "exclude each other"),
    "one choice": (("--choices", "yes"), "two answers or more"),
    "a schema that is no JSON": (("--schema", "{"), "no JSON"),
    "a schema that can't be promised": (("--schema", '{"pattern": "a"}'), "`pattern`"),
    "half a character": (("--schema", '{"enum": ["\\ud800"]}'), "half a character"),
    "a schema that is not there": (("--schema", "nope.json"), "nope.json"),
    "a grammar that is not there": (("--grammar", "nope.gbnf"), "nope.gbnf"),
}


@pytest.mark.parametrize(("options", "named"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_2_and_is_named(options: tuple[str, ...], named: str) -> None:
    done = localr1("ask", *options, QUESTION)
    assert done.returncode == 2
    assert named in text(done.stderr)


@pytest.mark.parametrize(
    "grammar", ["answer ::= [0-9]+", 'root ::= "unclosed', "root ::= nothing", "root ::= root"]
)
def test_a_grammar_that_is_none_is_2_and_the_worker_says_why(tmp_path: Path, grammar: str) -> None:
    file = tmp_path / "bad.gbnf"
    file.write_text(grammar)
    done = localr1("ask", "--grammar", str(file), QUESTION)
    assert done.returncode == 2
    assert "grammar" in text(done.stderr)
