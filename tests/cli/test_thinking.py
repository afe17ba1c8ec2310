"""How long `localr1 ask` lets a model think."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.chat.budget import EFFORT_TOKENS
from tests.cli.program import localr1, text

SUM = "What is 47 + 85?"
ASK = ("ask", "--no-save", "--temperature", "0", "--thinking", "stderr")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "thinking.md"

pytestmark = pytest.mark.usefixtures("home")


def test_a_budget_closes_the_thinking_and_the_answer_follows() -> None:
    done = localr1(*ASK, "--budget", "20", SUM)
    assert done.returncode == 0
    assert done.stdout.startswith(b"47 + 85 =")
    assert "I have thought long enough" in text(done.stderr)


@pytest.mark.parametrize("option", [("--no-think",), ("--effort", "off"), ("--budget", "0")])
def test_the_thinking_can_be_skipped(option: tuple[str, ...]) -> None:
    done = localr1(*ASK, *option, SUM)
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr == b""


def test_a_thinking_can_be_kept_going() -> None:
    done = localr1(*ASK, "--min-thinking", "150", SUM)
    assert done.returncode == 0
    assert "\n\nWait" in text(done.stderr)


def test_the_effort_of_the_settings_holds_for_a_new_chat() -> None:
    done = localr1(*ASK, SUM, env={"LOCALR1_EFFORT": "20"})
    assert "I have thought long enough" in text(done.stderr)


def test_the_command_line_goes_before_the_settings() -> None:
    done = localr1(*ASK, "--effort", "high", SUM, env={"LOCALR1_EFFORT": "20", "LOCALR1_TEMPERATURE": "5"})
    assert text(done.stdout) == "47 + 85 = 132.\n"
    assert "long enough" not in text(done.stderr)


def test_one_effort_is_enough() -> None:
    done = localr1(*ASK, "--no-think", "--budget", "5", SUM)
    assert done.returncode == 2
    assert "exclude each other" in text(done.stderr)


def test_a_model_that_does_not_think_has_no_effort_to_choose(smollm2: Path) -> None:
    done = localr1(*ASK, "-m", str(smollm2), "--max-tokens", "10", "--effort", "low", "Say hello.")
    assert done.returncode == 0
    assert "does not think" in text(done.stderr)


def test_the_document_and_the_help_name_the_tokens_of_each_level() -> None:
    documented, shown = DOCUMENT.read_text(), " ".join(text(localr1("ask", "--help").stdout).split())
    for level, tokens in EFFORT_TOKENS.items():
        assert level == "off" or f"| `{level}` | at most {tokens:,} tokens |" in documented
    low, medium, high = (f"{EFFORT_TOKENS[level]:,}" for level in ("low", "medium", "high"))
    assert f"{low}, {medium} or {high} tokens" in shown
