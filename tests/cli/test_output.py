"""What `localr1 ask` prints, in which form, and where."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.program import TIMEOUT, localr1, started, text

ENDLESS = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "1")
"""With SmolLM2 a reply of more than a thousand tokens."""
SUM = "What is 47 + 85?"
ANSWER = "47 + 85 = 132.\n"
GREEDY = ("--temperature", "0")
CARRY = "Ones: 7 + 5 = 12"
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"

pytestmark = pytest.mark.usefixtures("home")


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def ask_json(*options: str) -> dict[str, Any]:
    """The answer as an object that the schema has accepted."""
    answer = json.loads(localr1("ask", "--format", "json", *options, SUM).stdout)
    validator("answer").validate(answer)
    assert isinstance(answer, dict)
    return answer


def test_json_tells_all_about_an_answer() -> None:
    answer = ask_json(*GREEDY, "--top-k", "7", "--min-p", "0.1", "--seed", "3")
    assert answer["answer"] == ANSWER.strip()
    assert CARRY in answer["thinking"]
    assert (answer["finish_reason"], answer["model"], answer["chat"]) == ("stop", "nano", 1)
    assert answer["sampling"] == {"temperature": 0.0, "top_p": 0.95, "top_k": 7, "min_p": 0.1, "seed": 3}
    assert 0 < answer["stats"]["thinking_tokens"] < answer["stats"]["generated_tokens"]


def test_the_seed_in_json_draws_the_same_answer_again() -> None:
    first = ask_json("--temperature", "1.5", "--no-save")
    again = ask_json("--temperature", "1.5", "--no-save", "--seed", str(first["sampling"]["seed"]))
    assert again["thinking"] == first["thinking"]
    assert first["chat"] is None


def test_json_of_thinking_alone_says_so_beside_the_exit_code() -> None:
    done = localr1("ask", *GREEDY, "--format", "json", "--max-tokens", "5", SUM)
    assert done.returncode == 9
    answer = json.loads(done.stdout)
    assert (answer["answer"], answer["finish_reason"]) == ("", "length")


def test_json_lines_are_the_events_as_they_come_and_the_whole_answer_last() -> None:
    done = localr1("ask", *GREEDY, "--format", "jsonl", SUM)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        validator("events").validate(event)
    kinds = list(dict.fromkeys(event["type"] for event in events))
    assert kinds == ["prompt_progress", "thinking", "answer", "done"]
    told = "".join(event["text"] for event in events if event["type"] == "answer")
    assert told == events[-1]["answer"] == ANSWER.strip()


def test_an_event_that_the_schema_does_not_know_is_refused() -> None:
    assert not validator("events").is_valid({"type": "answer", "text": "x"})
    assert not validator("events").is_valid({"type": "musing", "text": "x", "tokens": 1})


def test_hidden_thinking_is_in_no_json() -> None:
    for form in ("json", "jsonl"):
        assert (
            CARRY.encode() not in localr1("ask", *GREEDY, "--format", form, "--thinking", "hide", SUM).stdout
        )


def test_shown_thinking_stands_before_the_answer() -> None:
    done = localr1("ask", *GREEDY, "--thinking", "show", SUM)
    thinking, _, answer = text(done.stdout).partition("\n\n")
    assert CARRY in thinking
    assert answer == ANSWER
    assert done.stderr == b""


def test_thinking_may_stand_in_the_place_of_the_answer() -> None:
    shown = text(localr1("ask", *GREEDY, "--thinking", "only", SUM).stdout)
    assert CARRY in shown
    assert ANSWER not in shown


def test_thinking_of_a_model_that_does_not_think_is_10(smollm2: Path) -> None:
    done = localr1("ask", *GREEDY, "--max-tokens", "5", "--thinking", "only", "-m", str(smollm2), "Hello")
    assert (done.returncode, done.stdout) == (10, b"")


def test_thinking_may_go_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "thinking.txt"
    done = localr1("ask", *GREEDY, "--thinking", f"file:{file}", SUM)
    assert text(done.stdout) == ANSWER
    assert CARRY in file.read_text()


def test_the_answer_may_go_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    done = localr1("ask", *GREEDY, "-o", str(file), SUM)
    assert (done.returncode, done.stdout) == (0, b"")
    assert file.read_text() == ANSWER
    assert [path.name for path in tmp_path.glob("*answer*")] == ["answer.txt"]


def test_a_file_stays_as_it_was_when_there_is_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("before")
    assert localr1("ask", "-o", str(file), "-m", "/nowhere.gguf", SUM).returncode == 3
    assert localr1("ask", "-o", str(file), "--timeout", "0.001", SUM).returncode == 11
    assert file.read_text() == "before"


def test_a_part_of_an_answer_that_took_too_long_is_not_looked_for(smollm2: Path) -> None:
    endless = ("-m", str(smollm2), *ENDLESS)
    assert localr1("ask", "--timeout", "3", "--boxed", *endless, "Hello").returncode == 11


def test_an_answer_that_does_not_stream_is_printed_whole_or_not_at_all(smollm2: Path) -> None:
    endless = ("-m", str(smollm2), *ENDLESS)
    assert localr1("ask", "--timeout", "3", "--no-stream", *endless, "Hello").stdout == b""


def test_programs_are_told_of_an_answer_that_was_stopped(smollm2: Path) -> None:
    endless = ("-m", str(smollm2), *ENDLESS)
    with started("ask", "--format", "jsonl", *endless, "Hello", stdin=subprocess.DEVNULL) as process:
        assert process.stdout
        while json.loads(process.stdout.readline())["type"] != "answer":
            pass
        process.send_signal(signal.SIGINT)
        *_, last = process.stdout
        assert process.wait(TIMEOUT) == 130
    assert json.loads(last)["finish_reason"] == "cancelled"


@pytest.mark.parametrize("option", ["--last-code", "--boxed"])
def test_a_part_that_the_answer_does_not_have_is_10(option: str) -> None:
    done = localr1("ask", *GREEDY, option, SUM)
    assert (done.returncode, done.stdout) == (10, b"")
    assert "The answer has no" in text(done.stderr)


def test_an_answer_that_takes_too_long_is_11_and_kept_in_the_history_alone(
    smollm2: Path, tmp_path: Path
) -> None:
    story = "Write a very long story about a lighthouse."
    file = tmp_path / "story"
    endless = ("-m", str(smollm2), "--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "1")
    done = localr1("ask", "--timeout", "5", "-o", str(file), *endless, story)
    assert done.returncode == 11
    assert "longer than 5 seconds" in text(done.stderr)
    assert "(stopped)" in text(localr1("chats", "show", "1").stdout)
    assert not file.exists()


def test_the_answer_comes_at_once_when_it_is_not_to_stream() -> None:
    assert text(localr1("ask", *GREEDY, "--no-stream", SUM).stdout) == ANSWER


CONTRADICTIONS = {
    "two parts": ("--boxed", "--last-code"),
    "a part as JSON": ("--boxed", "--format", "json"),
    "a part with its thinking": ("--last-code", "--thinking", "show"),
    "JSON of thinking alone": ("--format", "json", "--thinking", "only"),
    "thinking in a file without a name": ("--thinking", "file:"),
    "an unknown place": ("--thinking", "somewhere"),
    "a directory as file": ("--output", "/"),
    "a device as file": ("--output", "/dev/null"),
    "a file in no directory": ("--output", "/nowhere/at/all"),
    "thinking in no directory": ("--thinking", "file:/nowhere/at/all"),
    "no time at all": ("--timeout", "0"),
    "endless time": ("--timeout", "inf"),
    "a branch of no chat": ("--branch",),
}


@pytest.mark.parametrize("options", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_options_that_can_not_be_are_2_before_the_model_is_asked(options: tuple[str, ...]) -> None:
    done = localr1("ask", *options, SUM)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
