"""Thinking cut short, skipped and taken up again, in the tags of every family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from localr1.chat.families import PLAIN, Family, family_of
from localr1.chat.thinking import ThinkingSplitter, ThinkingState
from localr1.chat.trace import CLOSING, cut_reply, doubt, end_thinking, reopened, without_oldest_thinking
from localr1.message import FinishReason, Message, Role, Stats

R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")
QWEN3 = family_of("<|im_start|> enable_thinking </think>", "<|im_start|>assistant\n", "qwen3")
GPT_OSS = family_of("<|channel|>analysis<|message|>", "<|start|>assistant", "gpt-oss")
APRIEL = family_of("[BEGIN FINAL RESPONSE]", "<|assistant|>\n", "llama")
OPENTHINKER = family_of("<|begin_of_thought|>", "<|im_start|>assistant\n", "qwen2")
GRANITE = family_of("</think></response>", "<|start_of_role|>assistant", "granite")
SEED = family_of("<seed:think>", "<seed:bos>assistant\n", "seed_oss")
FAMILIES = [R1, QWEN3, GPT_OSS, APRIEL, OPENTHINKER, GRANITE, SEED]
CLOSED_BY_ITS_TEMPLATE = family_of("<｜Assistant｜></think>", "<｜Assistant｜></think>", "deepseek2")
by_name = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def read(family: Family, raw: str) -> tuple[str, str, ThinkingState]:
    """Thinking, answer and state of a reply."""
    splitter = ThinkingSplitter(family.tags, opened=family.opened)
    splitter.feed(raw)
    state = splitter.state
    splitter.finish()
    return splitter.thinking, splitter.answer, state


def reply(raw: str, family: Family = R1, model: str = "r1") -> Message:
    thinking, answer, _ = read(family, raw)
    return Message(
        id=2,
        chat_id=1,
        parent_id=1,
        role=Role.ASSISTANT,
        text=answer,
        created_at=0.0,
        thinking=thinking,
        raw=raw,
        model=model,
        finish_reason=FinishReason.LENGTH,
        stats=Stats(20, 5, 90, 0.5, 3.0, thinking_tokens=60, thinking_seconds=2.0),
    )


@by_name
def test_a_thinking_that_is_closed_says_so_in_the_voice_of_the_model_and_the_answer_follows(
    family: Family,
) -> None:
    raw = family.opening + "Let me see."
    raw += end_thinking(family, ThinkingState.RUNNING, raw) + "132."
    assert read(family, raw) == (f"Let me see.\n\n{CLOSING}\n", "132.", ThinkingState.CLOSED)


@by_name
def test_a_reply_that_skips_its_thinking_begins_with_its_answer(family: Family) -> None:
    skipped = end_thinking(family, ThinkingState.NONE, "")
    thinking, answer, _ = read(family, skipped + "132.")
    assert answer == "132."
    assert thinking.strip() in ("", CLOSING)


def test_the_end_for_r1_is_what_r1_and_nano_were_trained_with() -> None:
    assert end_thinking(R1, ThinkingState.RUNNING, "7 + 5") == f"\n\n{CLOSING}\n</think>\n\n"
    assert end_thinking(R1, ThinkingState.RUNNING, "") == "\n</think>\n\n"
    assert end_thinking(QWEN3, ThinkingState.NONE, "") == "<think>\n\n</think>\n\n"


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\n\n\n"])
def test_the_closing_sentence_is_a_paragraph_of_its_own(ending: str) -> None:
    raw = "So 12." + ending
    closed = raw + end_thinking(R1, ThinkingState.RUNNING, raw)
    assert closed.startswith("So 12." + (ending if len(ending) > 2 else "\n\n") + CLOSING)


def test_there_is_nothing_to_close_where_the_answer_has_begun_or_nothing_thinks() -> None:
    assert end_thinking(R1, ThinkingState.CLOSED, "a</think>b") == ""
    assert end_thinking(QWEN3, ThinkingState.NONE, "Hello") == ""
    assert end_thinking(PLAIN, ThinkingState.NONE, "") == ""
    assert end_thinking(CLOSED_BY_ITS_TEMPLATE, ThinkingState.NONE, "") == ""


@by_name
def test_a_thinking_that_is_taken_up_again_begins_with_all_of_it_and_a_doubt(family: Family) -> None:
    before = reply(f"{family.opening}Let me see.\n{family.end}132.", family)
    again = reopened(before, family)
    thinking, answer, state = read(family, again.raw + ", no.")
    assert (thinking, answer, state) == ("Let me see.\n\nWait, no.", "", ThinkingState.RUNNING)


def test_what_the_first_thinking_took_counts_for_the_one_that_goes_on() -> None:
    stats = reopened(reply("Hm.</think>132."), R1).stats
    assert stats
    assert (stats.generated_tokens, stats.thinking_tokens, stats.thinking_seconds) == (60, 60, 2.0)


def test_a_doubt_is_a_paragraph_of_its_own() -> None:
    assert doubt("So 12.\n") == "\nWait"


@pytest.mark.parametrize("raw", ["Let me", "Let me see.</think>\n\n13", "  <thi"])
def test_a_cut_reply_goes_on_from_every_character_that_came(raw: str) -> None:
    assert cut_reply(reply(raw), R1, "r1").raw == raw


def test_a_character_that_was_cut_is_left_to_be_written_again() -> None:
    assert cut_reply(reply("3 \ufffd"), R1, "r1").raw == "3 "


@by_name
@pytest.mark.parametrize("raw", ["Let me see.", "Let me see.</think>\n\n13"])
def test_a_reply_of_another_model_is_gone_on_with_in_the_tags_of_this_one(raw: str, family: Family) -> None:
    written = cut_reply(reply(raw), family, "other").raw
    assert read(family, written)[:2] == read(R1, raw)[:2]


def test_a_model_that_does_not_think_goes_on_with_the_answer_of_one_that_does() -> None:
    assert cut_reply(reply("Let me see.</think>\n\n13"), PLAIN, "plain").raw == "13"


def test_the_oldest_thinking_goes_at_a_line_and_all_else_stays() -> None:
    lines = "".join(f"line {n}\n" for n in range(100))
    short = without_oldest_thinking(f"<think>\n{lines}</think>\n\nSo it is", QWEN3, 0.5)
    assert short.startswith("<think>\nline 5")
    assert short.endswith("line 99\n</think>\n\nSo it is")
    assert len(short) <= (len(lines) + 40) / 2


def test_a_thinking_of_one_line_is_cut_in_it() -> None:
    assert without_oldest_thinking("x" * 50 + "y" * 50, R1, 0.5) == "y" * 50


@pytest.mark.parametrize("raw", ["", "Let me see.</think>" + "13" * 50])
def test_more_than_the_thinking_is_never_left_out(raw: str) -> None:
    assert without_oldest_thinking(raw, R1, 0.5) == ""


def test_a_cut_reply_of_which_nobody_kept_the_raw_text_is_written_again() -> None:
    imported = replace(reply("Let me see.</think>\n\n13"), raw="")
    assert cut_reply(imported, R1, "r1").raw == cut_reply(imported, R1, "another").raw != ""
