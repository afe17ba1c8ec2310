"""A chat as Markdown: what was written, as it was written."""

from __future__ import annotations

from dataclasses import replace

from localr1.chat.export import to_markdown
from localr1.message import FinishReason, Message, Role, Vote, Votes

TEXT = "\t47 + 85 = **132**. 🦀\n\n```python\nx = '\x1b[0m'\n```\n"


def message(role: Role, text: str, *, thinking: str = "", model: str = "") -> Message:
    return Message(1, 1, None, role, text, 0.0, thinking=thinking, model=model)


QUESTION = message(Role.USER, "What is 47 + 85?")
ANSWER = message(Role.ASSISTANT, TEXT, thinking="\nThe ones:\n\n7 + 5\n", model="nano")


def test_every_message_stands_under_its_speaker() -> None:
    assert to_markdown("A sum", [QUESTION, ANSWER]) == (
        f"# A sum\n\n## You\n\nWhat is 47 + 85?\n\n## nano\n\n{TEXT}"
    )


def test_thinking_is_a_quotation_when_it_is_wanted() -> None:
    exported = to_markdown("", [ANSWER], thinking=True)
    assert exported == f"## nano\n\n> The ones:\n>\n> 7 + 5\n\n{TEXT}"


def test_how_replies_voted_stands_below_the_answer_and_is_no_markdown() -> None:
    vote = Vote(samples=9, ended=7, votes=(Votes("\\frac{1}{2} *x*", 6), Votes("<b>", 1)), share=6 / 7)
    voted = replace(ANSWER, text="So.", vote=vote, finish_reason=FinishReason.STOP)
    assert to_markdown("", [voted]) == (
        "## nano\n\nSo.\n\n"
        "*6 of 7 say “\\\\frac{1}{2} \\*x\\*” (86%); 1 says \\<b\\>; 2 more were not needed*\n"
    )


def test_a_reply_that_never_came_to_an_answer_keeps_its_name() -> None:
    assert to_markdown("", [message(Role.ASSISTANT, "", model="nano")]) == "## nano\n"


def test_a_title_and_a_name_stay_on_their_lines() -> None:
    exported = to_markdown("two\nlines", [message(Role.ASSISTANT, "Hi.", model="my\nmodel")])
    assert exported == "# two lines\n\n## my model\n\nHi.\n"


def test_instructions_are_named_as_such() -> None:
    assert to_markdown("", [message(Role.SYSTEM, "Be short.")]) == "## Instructions\n\nBe short.\n"
