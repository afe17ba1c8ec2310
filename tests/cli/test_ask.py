"""`localr1 ask` as a script sees it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from localr1.paths import bundled
from tests.cli.program import localr1, text
from tests.tui.chatting import store

SUM = "What is 47 + 85?"
GREEDY = ("--temperature", "0")

pytestmark = pytest.mark.usefixtures("home")


def test_standard_output_is_the_answer_and_nothing_else() -> None:
    done = localr1("ask", *GREEDY, SUM)
    assert done.returncode == 0
    assert text(done.stdout) == "47 + 85 = 132.\n"
    assert done.stderr == b""


def test_thinking_goes_to_standard_error_when_it_is_asked_for() -> None:
    done = localr1("ask", *GREEDY, "--thinking", "stderr", SUM)
    assert text(done.stdout) == "47 + 85 = 132.\n"
    assert "7 + 5 = 12" in text(done.stderr)
    assert "think>" not in text(done.stderr)


def test_the_prompt_may_come_on_standard_input() -> None:
    assert "132" in text(localr1("ask", *GREEDY, stdin=SUM.encode()).stdout)


def test_several_arguments_are_one_prompt() -> None:
    assert "132" in text(localr1("ask", *GREEDY, "What", "is", "47 + 85?").stdout)


def test_a_prompt_may_begin_with_a_dash_after_two_dashes() -> None:
    assert localr1("ask", "--", "-3 plus 5").returncode == 0


def test_a_chat_goes_on_with_what_was_said() -> None:
    localr1("ask", *GREEDY, SUM)
    done = localr1("ask", *GREEDY, "--continue", "now add 5")
    assert "137" in text(done.stdout)
    shown = text(localr1("chats", "show", "1").stdout)
    assert "132" in shown
    assert "137" in shown


def test_a_chat_can_be_named_by_its_id() -> None:
    localr1("ask", *GREEDY, SUM)
    localr1("ask", *GREEDY, "What is 1 + 1?")
    localr1("ask", *GREEDY, "--chat", "1", "double it")
    assert "264" in text(localr1("chats", "show", "1").stdout)


def test_no_save_leaves_no_file_with_the_question(home: Path) -> None:
    localr1("ask", *GREEDY, "--no-save", SUM)
    assert not [path for path in home.rglob("*") if path.is_file() and b"47 + 85" in path.read_bytes()]
    assert not (home / "data" / "chats.db").exists()


def test_a_path_to_any_gguf_is_a_model(tmp_path: Path) -> None:
    copy = tmp_path / "mein Modell 🦙.gguf"
    copy.write_bytes(bundled("nano.gguf").read_bytes())
    assert "132" in text(localr1("ask", *GREEDY, "-m", str(copy), SUM).stdout)


def test_a_model_of_another_architecture_answers_without_thinking(smollm2: Path) -> None:
    done = localr1(
        "ask", *GREEDY, "--max-tokens", "40", "--thinking", "stderr", "-m", str(smollm2), "Say hello."
    )
    assert done.returncode == 0
    assert b"ello" in done.stdout
    assert b"<|im" not in done.stdout


def test_equal_seeds_draw_equal_replies() -> None:
    ask = ("ask", "--no-save", "--temperature", "1.5", "--seed", "7", "--thinking", "stderr", SUM)
    first, second = localr1(*ask), localr1(*ask)
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)


def test_only_thinking_is_not_an_answer() -> None:
    done = localr1("ask", *GREEDY, "--max-tokens", "5", SUM)
    assert done.returncode == 9
    assert done.stdout == b""
    assert "gave no answer" in text(done.stderr)


def test_the_answer_is_printed_to_any_directory_from_any_directory(tmp_path: Path) -> None:
    assert b"132" in localr1("ask", *GREEDY, SUM, cwd=tmp_path).stdout


def test_files_go_with_the_question_and_the_title_is_the_question(tmp_path: Path) -> None:
    file = tmp_path / "sum.txt"
    file.write_text("What is 47 + 85?")
    done = localr1("ask", *GREEDY, "-f", str(file), "Solve it.")
    assert done.returncode == 0
    shown = text(localr1("chats", "show", "1").stdout)
    assert (
        f"[file name]: {file}\n[file content begin]\nWhat is 47 + 85?\n[file content end]\nSolve it." in shown
    )
    assert "  Solve it." in text(localr1("chats", "list").stdout)


def test_a_file_that_has_no_text_to_ask_about_is_refused_in_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for path, reason in ((tmp_path, "directory"), (missing, "no file"), (sys.executable, "not text")):
        done = localr1("ask", "-f", str(path), "Hi")
        assert done.returncode == 2
        assert reason in text(done.stderr)


def test_instructions_are_kept_with_their_chat() -> None:
    localr1("ask", "--system", "Be brief.", SUM)
    done = localr1("ask", "--format", "json", "--continue", SUM)
    again = localr1("ask", "--format", "json", SUM)
    with_instructions, without = (json.loads(each.stdout)["stats"]["prompt_tokens"] for each in (done, again))
    assert with_instructions > without


def test_a_branch_leaves_the_answer_that_was_there_beside_the_new_one() -> None:
    localr1("ask", *GREEDY, "What is 1 + 1?")
    done = localr1("ask", *GREEDY, "--continue", "--branch", SUM)
    assert text(done.stdout) == "47 + 85 = 132.\n"
    shown = text(localr1("chats", "show", "1").stdout)
    assert shown.count("You:") == 1
    assert f"You:\n{SUM}" in shown


def test_a_branch_of_the_same_question_is_another_answer(home: Path) -> None:
    localr1("ask", *GREEDY, SUM)
    localr1("ask", *GREEDY, "--chat", "1", "--branch", SUM)
    with store(home) as chats:
        assert len(chats.siblings(1)[0].ids) == 2


def test_why_a_draft_model_is_not_used_is_said_beside_the_answer(smollm2: Path) -> None:
    done = localr1(
        "ask", "-m", str(smollm2), "--max-tokens", "2", "--no-save", "Hi", env={"LOCALR1_DRAFT_MODEL": "nano"}
    )
    assert done.returncode == 0
    assert "the draft model is not used: its vocabulary is another one" in text(done.stderr)
