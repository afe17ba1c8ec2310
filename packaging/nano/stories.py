"""One-step word problems: who has what, what happens, and what is asked."""

from __future__ import annotations

from random import Random

from teacher import Sum
from texts import choose, read_sections

BOYS = frozenset(
    (
        "Tom",
        "Ben",
        "Sam",
        "Max",
        "Leo",
        "Jack",
        "Omar",
        "Ken",
        "Paul",
        "Adam",
        "Ivan",
        "Bob",
        "David",
        "Frank",
        "Henry",
        "Peter",
        "Ali",
        "Chen",
        "Noah",
        "Liam",
    )
)

REASONS = {"+": "All together, so add", "-": "Some go away, so subtract", "×": "Equal groups, so multiply"}


def choose_numbers(random: Random, sign: str) -> tuple[int, int]:
    """Return two numbers that suit a story, one of them a single digit for a product."""
    top = 10 ** random.choice((1, 2, 2, 2, 3, 3, 4))
    a = random.randint(2, top - 1)
    if sign == "+":
        return a, random.randint(2, 10 ** random.choice((1, 2, 2, 3, 4)) - 1)
    if sign == "-":
        a = random.randint(3, max(top - 1, 3))
        return a, random.randint(1, a - 1)
    digit = random.randint(2, 9)
    return (a, digit) if random.random() < 0.5 else (digit, a)


def tell(random: Random, language: str) -> tuple[str, str, Sum, str]:
    """Return a story, its kind of reason, the sum in it and the things counted."""
    sign = random.choice("++--×")
    a, b = choose_numbers(random, sign)
    story = choose(random, "stories", f"{language} {sign}")
    one, other = random.sample(read_sections("stories")[f"{language} names"], 2)
    thing = choose(random, "stories", f"{language} things")
    if "pages" in story:
        thing = "pages"
    if "dollars" in story:
        thing = "dollars"
    pronoun = "he" if one in BOYS else "she"
    text = story.replace("多少{T}", "多少" + thing[1:]).format(
        A=a, B=b, N=one, M=other, T=thing, he=pronoun, He=pronoun.capitalize()
    )
    return text, REASONS[sign], Sum(a, sign, b), thing
