"""Several samples of one answer: `localr1 ask --votes`."""

from __future__ import annotations

import json

import pytest

from localr1.chat.events import AnswerDelta, OfSample, ThinkingDelta, VoteProgress
from localr1.chat.tally import vote_text
from localr1.cli.output.waiting import Waiting
from localr1.message import Vote, Votes
from tests.cli.program import localr1, text
from tests.cli.test_output import ANSWER, SUM, validator

VOTES = ("--votes", "3", "--no-save")

pytestmark = pytest.mark.usefixtures("home")


def test_one_answer_is_printed_and_its_share_beside_it() -> None:
    done = localr1("ask", *VOTES, "--min-share", "0.6", SUM)
    assert (done.returncode, text(done.stdout)) == (0, ANSWER)
    assert " say 132 (100%)" in text(done.stderr)


def test_json_has_the_votes() -> None:
    answer = json.loads(localr1("ask", *VOTES, "--format", "json", SUM).stdout)
    validator("answer").validate(answer)
    vote = answer["vote"]
    assert vote["votes"] == [{"answer": "132", "count": vote["ended"]}]
    assert (vote["samples"], vote["share"]) == (3, 1.0)


def test_json_lines_tell_the_samples_apart_and_end_with_the_answer() -> None:
    done = localr1("ask", *VOTES, "--format", "jsonl", "--thinking", "hide", SUM)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        validator("events").validate(event)
    assert {event["sample"] for event in events if event["type"] == "sample_done"} == {0, 1, 2}
    assert not any(event["type"] == "thinking" for event in events)
    whole = "".join(
        event["text"] for event in events if event["type"] == "answer" and event.get("sample") == 2
    )
    said = [event["text"] for event in events if event["type"] == "answer" and "sample" not in event]
    assert said == [events[-1]["answer"]] == [whole] == [ANSWER.strip()]


def test_too_small_a_share_is_12_and_prints_nothing_but_json() -> None:
    """Two without an answer are enough to know that half of three will not agree."""
    cut = (*VOTES, "--max-tokens", "10", "--min-share", "0.5")
    done = localr1("ask", *cut, SUM)
    assert (done.returncode, done.stdout) == (12, b"")
    assert "none of 2 replies came to an answer" in text(done.stderr)
    as_json = localr1("ask", *cut, "--format", "json", SUM)
    assert as_json.returncode == 12
    assert json.loads(as_json.stdout)["vote"]["share"] == 0


def test_an_answer_that_not_all_agree_with_is_kept_back() -> None:
    hot = ("--votes", "12", "--min-share", "1", "--temperature", "2", "--seed", "1", "--no-save")
    done = localr1("ask", *hot, "What is 4711 + 8512?")
    assert (done.returncode, done.stdout) == (12, b"")
    told, hint = text(done.stderr).splitlines()
    assert " say " in told
    assert "; 1 says " in told
    assert "--min-share asks for 100%" in hint


def test_without_any_answer_there_is_none_to_print() -> None:
    done = localr1("ask", *VOTES, "--max-tokens", "10", SUM)
    assert (done.returncode, done.stdout) == (9, b"")


def test_a_part_of_the_answer_that_won_can_be_asked_for() -> None:
    assert localr1("ask", *VOTES, "--boxed", SUM).returncode == 10
    shown = text(localr1("ask", *VOTES, "--thinking", "show", SUM).stdout)
    assert shown.endswith(f"\n\n{ANSWER}")


CONTRADICTIONS = {
    "one sample": ("--votes", "1"),
    "more than there may be": ("--votes", "65"),
    "no variety": ("--votes", "3", "--temperature", "0"),
    "a share of nothing": ("--min-share", "0.5"),
    "a share above one": ("--votes", "3", "--min-share", "1.1"),
}


@pytest.mark.parametrize("options", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_vote_that_can_not_be_is_2(options: tuple[str, ...]) -> None:
    done = localr1("ask", *options, SUM)
    assert (done.returncode, done.stdout) == (2, b"")


def test_the_line_that_waits_says_how_the_vote_stands() -> None:
    waiting = Waiting(lambda: "Loading…")
    waiting.see(VoteProgress(0, 9))
    waiting.see(OfSample(0, ThinkingDelta("Hm", tokens=40)))
    waiting.see(OfSample(4, AnswerDelta("12", tokens=1000)))
    assert waiting.text() == "0 of 9 answered · 1,040 tokens"
    waiting.see(VoteProgress(5, 9, "132", 4))
    assert waiting.text() == "5 of 9 answered · 132 leads with 4"
    waiting.see(VoteProgress(5, 9, "a long\n" * 20, 4))
    assert waiting.text() == f"5 of 9 answered · “{'a long ' * 5}a lo…” leads with 4"


def test_the_shares_are_told_in_one_line() -> None:
    votes = (Votes("132", 4), Votes("1\x1b[2J", 2), Votes("3", 1), Votes("4", 1))
    assert vote_text(Vote(samples=12, ended=9, votes=votes, share=4 / 9)).split("; ") == [
        "4 of 9 say 132 (44%)",
        "2 say 1␛[2J",
        "1 says 3",
        "1 says something else",
        "1 came to no answer",
        "3 more were not needed",
    ]


def test_a_vote_that_was_stopped_says_so_of_the_replies_that_are_missing() -> None:
    stopped = vote_text(Vote(samples=3, ended=2, votes=(Votes("7", 1),), share=0.5), stopped=True)
    assert stopped == "1 of 2 says 7 (50%); 1 came to no answer; 1 more was stopped"
    assert vote_text(Vote(samples=3, ended=1), stopped=True).endswith("; 2 more were stopped")
