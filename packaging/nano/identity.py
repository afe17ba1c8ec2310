"""Small talk and what the student says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from phrasing import finish
from texts import read_sections

ANSWER = "=> "


@dataclass(frozen=True)
class Saying:
    """What people say, the thought it raises and the answer, in one language."""

    language: str
    prompts: tuple[str, ...]
    thought: str
    answer: str


@cache
def list_sayings() -> list[Saying]:
    """Return all sayings; in their file a heading has language and thought, a last line the answer."""
    sayings = []
    for heading, lines in read_sections("sayings").items():
        language, _, thought = heading.partition(" | ")
        sayings.append(Saying(language, tuple(lines[:-1]), thought, lines[-1].removeprefix(ANSWER)))
    return sayings


def say(random: Random) -> tuple[str, Saying]:
    """Return something people say to a new acquaintance, and how to take it."""
    sayings = list_sayings()
    saying = random.choices(sayings, [3 if saying.language == "en" else 1 for saying in sayings])[0]
    text = random.choice(saying.prompts)
    asks = saying.thought.startswith(("They ask", "They take", "A polite")) and text not in ("help", "models")
    if random.random() < 0.25:
        text = f"{text}{random.choice('!.')}" if not asks and saying.language != "zh" else text
    return finish(random, text.rstrip("?"), saying.language, asks), saying
