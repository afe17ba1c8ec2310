"""The teacher: each kind of problem with its steps of thinking and its exact result."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import columns

HELD_OUT_SHARE = 16


@dataclass(frozen=True)
class Sum:
    """An arithmetic problem; its sign is "+", "-" or "×"."""

    a: int
    sign: str
    b: int

    @property
    def result(self) -> int:
        """Return the number that solves it."""
        return {"+": self.a + self.b, "-": self.a - self.b, "×": self.a * self.b}[self.sign]

    @property
    def text(self) -> str:
        """Return the problem as one writes it."""
        return f"{self.a} {self.sign} {columns.show(self.b)}"

    def think(self) -> list[str]:
        """Return the lines of thinking."""
        work_out = {
            "+": columns.work_out_sum,
            "-": columns.work_out_difference,
            "×": columns.work_out_product,
        }
        return work_out[self.sign](self.a, self.b)


@dataclass(frozen=True)
class Comparison:
    """Two decimals as they were written, of which one may be greater."""

    left: str
    right: str

    @property
    def padded(self) -> tuple[str, str]:
        """Return both numbers with equally many digits before and after the point."""
        mark = "," if "," in self.left + self.right else "."
        halves = [number.replace(mark, ".").partition(".")[::2] for number in (self.left, self.right)]
        whole, part = max(len(half[0]) for half in halves), max(len(half[1]) for half in halves)
        left, right = (f"{a:0>{whole}}{mark if part else ''}{b:0<{part}}" for a, b in halves)
        return left, right

    @property
    def order(self) -> int:
        """Return 1 if the left number is greater, -1 if the right one is, 0 if they are equal."""
        left, right = self.padded
        return (left > right) - (left < right)

    def relate(self, wanted: str) -> tuple[str, str, str]:
        """Return both numbers in the order that the question wants, and greater, smaller or equal between."""
        if not self.order:
            return self.left, "equal", self.right
        relation = "greater" if self.order > 0 else "smaller"
        if wanted.endswith("?") or wanted == relation:
            return self.left, relation, self.right
        return self.right, wanted, self.left

    def think(self, wanted: str) -> list[str]:
        """Return the lines of thinking for a question that wants the greater or the smaller, or yes or no."""
        left, right = self.padded
        greater, relation, smaller = self.relate("greater")
        first = self.relate(wanted)[0]
        label = "smaller" if first == smaller else "greater"
        verdict = "they are equal" if relation == "equal" else f"greater {greater}, smaller {smaller}"
        return [
            f"{self.left} and {self.right}.",
            f"Same length: {left} and {right}.",
            f"{columns.order(left, right)}, so {verdict}.",
            *([f"Asked: {label} {first}."] if relation != "equal" else []),
        ]


@dataclass(frozen=True)
class LetterCount:
    """The question how often a letter stands in a word, large or small."""

    letter: str
    word: str

    @property
    def result(self) -> int:
        """Return how often the letter stands there."""
        return sum(letter.lower() == self.letter.lower() for letter in self.word)

    def think(self) -> list[str]:
        """Return the lines of thinking."""
        items, found = [], 0
        for index, letter in enumerate(self.word, 1):
            hit = letter.lower() == self.letter.lower()
            found += hit
            items.append(f"{index} {letter} ({found})" if hit else f"{index} {letter}")
        return [f"Count {self.letter} in {self.word}.", ", ".join(items) + ".", f"Found: {found}."]


@dataclass(frozen=True)
class Backwards:
    """A word to be spelled from its end."""

    word: str

    @property
    def result(self) -> str:
        """Return the word backwards."""
        return self.word[::-1]

    def think(self) -> list[str]:
        """Return the lines of thinking."""
        items = [f"{index} {letter}" for index, letter in enumerate(self.word, 1)]
        return [
            f"Turn {self.word} round.",
            ", ".join(items) + ".",
            "From the end: " + ", ".join(items[::-1]) + ".",
        ]


@dataclass(frozen=True)
class Length:
    """The question how many letters a word has."""

    word: str

    def think(self) -> list[str]:
        """Return the lines of thinking."""
        items = [f"{index} {letter}" for index, letter in enumerate(self.word, 1)]
        return [f"Count the letters of {self.word}.", ", ".join(items) + "."]


Problem = Sum | Comparison | LetterCount | Backwards | Length


def is_held_out(content: object) -> bool:
    """Say whether a problem belongs to the evaluation alone, the same on every machine."""
    return blake2b(repr(content).encode(), digest_size=8).digest()[0] % HELD_OUT_SHARE == 0
