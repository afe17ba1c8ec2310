"""localr1 batch: a file of prompts becomes a file of answers, whatever happens on the way."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.program import COMMAND, TIMEOUT, localr1, started, text

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
GREEDY = ("--temperature", "0", "--quiet")
SUMS = [
    '"What is 47 + 85?"',
    '{"prompt": "What is 12 + 30?", "id": "b"}',
    '{"prompt": "What is 9 - 4?", "id": 7}',
]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """Three sums."""
    return written(tmp_path / "prompts.jsonl", *SUMS)


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_every_prompt_has_its_answer_on_a_line_in_the_same_order(prompts: Path, home: Path) -> None:
    done = localr1("batch", str(prompts), *GREEDY)
    answers = lines(done.stdout)
    assert done.returncode == 0
    assert [each["answer"] for each in answers] == ["47 + 85 = 132.", "12 + 30 = 42.", "9 - 4 = 5."]
    assert [each.get("id") for each in answers] == [None, "b", 7]
    assert all(each["thinking"] and each["finish_reason"] == "stop" for each in answers)
    assert not list(home.rglob("*.db"))


def test_lines_are_as_the_schema_says(tmp_path: Path) -> None:
    schema = json.loads((SCHEMAS / "batch.schema.json").read_text())
    prompts = written(tmp_path / "prompts.jsonl", *SUMS, "no JSON")
    for line in lines(localr1("batch", str(prompts), *GREEDY).stdout):
        jsonschema.validate(line, schema)


def test_what_prompts_begin_with_in_common_is_evaluated_once(prompts: Path) -> None:
    first, second, _ = lines(localr1("batch", str(prompts), *GREEDY).stdout)
    assert first["stats"]["evaluated_tokens"] == first["stats"]["prompt_tokens"]
    assert second["stats"]["evaluated_tokens"] < second["stats"]["prompt_tokens"] - 5


def test_a_bad_line_has_its_error_and_the_others_their_answers(tmp_path: Path) -> None:
    prompts = written(tmp_path / "prompts.jsonl", "no JSON", "[1]", '{"id": 5}', "", SUMS[0], '{"prompt": 3}')
    done = localr1("batch", str(prompts), *GREEDY)
    found = lines(done.stdout)
    assert done.returncode == 13
    assert [each["line"] for each in found] == [1, 2, 3, 5, 6]
    assert [each.get("error", {}).get("code") for each in found] == [2, 2, 2, None, 2]
    assert found[2]["id"] == 5
    assert found[3]["answer"] == "47 + 85 = 132."
    assert "4 of 5 prompts have no answer" in text(done.stderr)


def test_a_prompt_that_does_not_fit_stops_nothing(tmp_path: Path) -> None:
    prompts = written(tmp_path / "prompts.jsonl", json.dumps("word " * 5000), SUMS[0])
    long, short = lines(localr1("batch", str(prompts), "--context", "512", *GREEDY).stdout)
    assert long["error"]["code"] == 5
    assert short["answer"] == "47 + 85 = 132."


def test_a_reply_that_takes_too_long_is_given_up(tmp_path: Path, smollm2: Path) -> None:
    prompts = written(tmp_path / "prompts.jsonl", '"Tell a long story."', '"Tell another long story."')
    rambling = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--seed", "1")
    done = localr1("batch", str(prompts), "-m", str(smollm2), *rambling, "--timeout", "0.2", "--quiet")
    assert [each["error"]["code"] for each in lines(done.stdout)] == [11, 11]


def test_a_batch_goes_on_after_what_a_kill_left(prompts: Path, tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    whole = localr1("batch", str(prompts), *GREEDY, "--seed", "3").stdout.splitlines(keepends=True)
    marked = whole[0].replace(b'"47 + 85 = 132."', b'"kept from before"')
    output.write_bytes(marked + whole[1][:50])
    done = localr1("batch", str(prompts), "-o", str(output), *GREEDY)
    answers = [each["answer"] for each in lines(output.read_bytes())]
    assert done.returncode == 0
    assert answers == ["kept from before", "12 + 30 = 42.", "9 - 4 = 5."]
    before = output.read_bytes()
    assert localr1("batch", str(prompts), "-o", str(output), *GREEDY).returncode == 0
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"line":1,"prompt_sha256":"00","answer":"x"}\n', "answers to other prompts (its line 1)"),
        ("my diary\n", "no file of answers"),
    ],
)
def test_a_file_of_something_else_is_left_alone(
    prompts: Path, tmp_path: Path, content: str, said: str
) -> None:
    output = tmp_path / "answers.jsonl"
    output.write_text(content)
    done = localr1("batch", str(prompts), "-o", str(output), *GREEDY)
    assert done.returncode == 2
    assert said in text(done.stderr)
    assert output.read_text() == content


def test_other_instructions_are_other_prompts(prompts: Path, tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    localr1("batch", str(prompts), "-o", str(output), *GREEDY)
    done = localr1("batch", str(prompts), "-o", str(output), "--system", "Be brief.", *GREEDY)
    assert done.returncode == 2


def test_two_batches_do_not_write_to_one_file(prompts: Path, tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    with output.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = localr1("batch", str(prompts), "-o", str(output), *GREEDY)
    assert done.returncode == 2
    assert "Another batch" in text(done.stderr)


def test_fields_fill_the_variables_of_a_template(home: Path, tmp_path: Path) -> None:
    folder = home / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "add.txt").write_text("What is $a + $b?")
    prompts = written(tmp_path / "sums.jsonl", '{"a": 47, "b": "85", "more": null}', '{"a": 1}')
    right, wrong = lines(localr1("batch", str(prompts), "-t", "add", *GREEDY).stdout)
    assert right["answer"] == "47 + 85 = 132."
    assert "$b" in wrong["error"]["message"]


def test_prompts_may_come_from_standard_input() -> None:
    done = localr1("batch", *GREEDY, stdin=SUMS[0].encode())
    assert [each["answer"] for each in lines(done.stdout)] == ["47 + 85 = 132."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_prompts_may_begin_with_the_mark_of_their_encoding(encoding: str) -> None:
    done = localr1("batch", *GREEDY, stdin=f"{SUMS[0]}\r\n{SUMS[1]}\r\n".encode(encoding))
    assert [each["answer"] for each in lines(done.stdout)] == ["47 + 85 = 132.", "12 + 30 = 42."]


def test_each_prompt_may_be_voted_on_and_one_without_a_majority_is_an_error() -> None:
    votes = ("--votes", "3", "--min-share", "0.9", "--seed", "1", "--max-tokens", "300", "--quiet")
    rambling = ("--temperature", "3", "--top-p", "1", "--top-k", "0", "--min-p", "0")
    [sure] = lines(localr1("batch", *votes, "--temperature", "0.5", stdin=SUMS[0].encode()).stdout)
    [unsure] = lines(localr1("batch", *votes, *rambling, stdin=SUMS[0].encode()).stdout)
    assert (sure["answer"], sure["vote"]["share"]) == ("47 + 85 = 132.", 1.0)
    assert (unsure["error"]["code"], "answer" in unsure) == (12, False)


def test_progress_goes_to_standard_error(prompts: Path) -> None:
    said = text(localr1("batch", str(prompts), "--temperature", "0").stderr)
    assert "1 of 3" in said
    assert said.rstrip().endswith("3 of 3")


def test_a_signal_keeps_what_is_answered(tmp_path: Path, smollm2: Path) -> None:
    prompts = written(tmp_path / "prompts.jsonl", '"Say hi."', '"Tell a very long story."')
    output = tmp_path / "answers.jsonl"
    command = ["batch", str(prompts), "-o", str(output), "-m", str(smollm2), "--max-tokens", "2000"]
    with started(*command) as process:
        assert process.stderr
        assert b"1 of 2" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 143
    assert [each["line"] for each in lines(output.read_bytes())] == [1]


def test_a_model_that_is_not_here_is_said_once(prompts: Path) -> None:
    done = localr1("batch", str(prompts), "-m", "no-such-model", *GREEDY)
    assert done.returncode == 3
    assert done.stdout == b""


def test_nothing_to_ask_is_no_error(tmp_path: Path) -> None:
    assert localr1("batch", str(written(tmp_path / "empty.jsonl"))).returncode == 0
    assert localr1("batch", str(tmp_path / "missing.jsonl")).returncode == 2


@pytest.mark.parametrize("output", ["/dev/full", "/", "/nowhere/answers.jsonl"])
def test_what_can_not_hold_answers_is_refused_before_anything_is_asked(prompts: Path, output: str) -> None:
    done = localr1("batch", str(prompts), "-o", output, *GREEDY)
    assert done.returncode in (1, 2)
    assert output in text(done.stderr)
    assert done.stdout == b""


def test_a_full_disk_behind_standard_output_is_an_error(prompts: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "batch", str(prompts), *GREEDY],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert done.returncode == 1
    assert "could not be written" in text(done.stderr)
