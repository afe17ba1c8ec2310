"""What answers in different words come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat.result import result_of

FENCE = "```"
AGREE = {
    "numbers, boxed or not": [
        "47 + 85 = 132.",
        "132",
        "The answer is **132**.",
        "So \\boxed{132}, not 131.",
        "First 47, then 85.\n\nResult: 132",
        "\\[ 47 + 85 = 132 \\]",
        "$132.0$",
        "\\boxed{132\\text{ apples}}",
    ],
    "fractions": ["\\boxed{\\frac{1}{2}}", "½", "It is 0.5.", "x = \\frac12", "The chance is 1/2."],
    "percentages": ["\\boxed{50\\%}", "\\boxed{50}", "\\boxed{50 %}"],
    "thousands": ["1,000", "The sum is 1000.", "\\boxed{1{,}000}"],
    "angles": ["\\boxed{90^\\circ}", "\\boxed{90}", "90"],
    "choices by letter": [
        "B",
        "(B)",
        "B.",
        "**B**",
        "The answer is B.",
        "\\boxed{B}",
        "\\boxed{\\text{(B)}}",
    ],
    "a letter with its text": ["B) Paris", "**(B)** Paris, the capital", "Answer: B"],
    "yes": ["Yes.", "yes", "**Yes**, 12 is even.", "Yes, because 12 = 2 · 6.", "\\boxed{\\text{Yes}}"],
    "code": [
        f"Here:\n\n{FENCE}python\nprint(1)\n{FENCE}",
        f"{FENCE}\nprint(1)   \n\n{FENCE}\n\nIt prints the number that was asked for.",
    ],
    "formulas": [
        "\\boxed{\\dfrac{x}{2} + 1}",
        "\\boxed{\\frac{x}{2}+1}",
        "\\boxed{\\tfrac{x}{2}\\, +1}",
    ],
    "json": ['{"name": "A", "age": 3}', '\n{"age":3,\n "name":"A"}\n'],
    "words": ["Paris is the capital.", "  paris is\nthe capital", "**Paris** is the capital!"],
}
DIFFER = {
    "numbers": ["131", "132", "-132", "1.32", "132,000"],
    "json": ['{"name": "A", "age": 3}', '{"name": "B", "age": 3}', "[3]", "3", "[" * 10_000],
    "yes, no and a number": ["Yes, 12 is even.", "No, 12 is odd.", "12"],
    "letters": ["A", "B", "The answer is C."],
    "several results": ["x = 5 and y = 7", "x = 4 and y = 7", "7"],
    "prose with a number in it": [
        "Rome fell.\nThat was after 476 years of it.",
        "Rome stands.\nSince 476 years.",
    ],
    "words that look like a choice": ["A dog barks.", "The answer is a dog.", "A"],
    "formulas": ["\\boxed{x}", "\\boxed{X}", "\\boxed{x+1}"],
    "code": [f"{FENCE}\na = 1\n{FENCE}", f"{FENCE}\na = 2\n{FENCE}", f"{FENCE}\n  a = 1\n{FENCE}"],
}


def key(answer: str) -> tuple[str, str]:
    said = result_of(answer)
    assert said
    return said.key


@pytest.mark.parametrize("answers", AGREE.values(), ids=AGREE)
def test_answers_that_say_the_same_agree(answers: list[str]) -> None:
    assert len({key(answer) for answer in answers}) == 1, [key(answer) for answer in answers]


@pytest.mark.parametrize("answers", DIFFER.values(), ids=DIFFER)
def test_answers_that_say_something_else_do_not(answers: list[str]) -> None:
    assert len({key(answer) for answer in answers}) == len(answers), [key(answer) for answer in answers]


def test_an_answer_is_named_in_its_own_words() -> None:
    answers = ("47 + 85 = 132.", "\\boxed{1{,}000}", "(B) Paris", "yes, it is", "A  b\nc.")
    assert [said.text for answer in answers if (said := result_of(answer))] == [
        *("132", "1{,}000", "B", "yes", "A b c.")
    ]


@pytest.mark.parametrize("answer", ["", " \n", "**"])
def test_nothing_says_nothing(answer: str) -> None:
    assert result_of(answer) is None


@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_agrees_with_itself_in_a_box_a_sentence_and_alone(value: int) -> None:
    forms = (
        f"\\boxed{{{value:,}}}",
        f"The result is {value}.",
        f"{value}",
        f"1 + 2 = {value:,}",
        f"**{value}.0**",
    )
    assert {key(form) for form in forms} == {("number", str(value))}


@given(st.text())
def test_any_text_can_be_compared_and_says_the_same_twice(text: str) -> None:
    assert result_of(text) == result_of(text)
    said = result_of(text)
    assert said is None or said.key[1] or said.text
