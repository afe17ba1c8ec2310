"""One measurement: a prompt and a reply as a chat has them, with the time at which each piece came."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from localr1.engine.client import Engine, Progress
from localr1.engine.reports import Done, Piece, Rendered
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling

_WORDS = (
    "The keeper of the light climbed the stairs each evening and counted them aloud although he knew their"
    " number for a good friend had once told him that whoever stops counting begins to forget"
)
_TRIES = 4


class Run(msgspec.Struct, frozen=True):
    """Times in seconds, as this side of the pipe saw them."""

    prompt_tokens: int
    """That were evaluated: those of the question, without what the model had in its cache."""
    prompt_seconds: float
    first_token_seconds: float
    """From asking to the first piece of the reply."""
    tokens: int
    seconds: float
    """From the first piece to the last."""
    arrivals: tuple[tuple[int, float], ...]
    """How many tokens had come, and when, since the first piece."""

    @property
    def prompt_speed(self) -> float:
        """Tokens a second."""
        return self.prompt_tokens / max(self.prompt_seconds, 1e-9)

    @property
    def speed(self) -> float:
        """Tokens a second of all that came after the first piece."""
        first = self.arrivals[0][0] if self.arrivals else 0
        return (self.tokens - first) / max(self.seconds, 1e-9)


async def measure_run(engine: Engine, question: str, tokens: int) -> Run:
    """Ask the loaded model and let it write `tokens`, whether or not it would have ended before."""
    asked = time.monotonic()
    arrivals: list[tuple[int, float]] = []
    cached = 0
    async with aclosing(_ask(engine, question, tokens)) as reports:
        async for report in reports:
            match report:
                case Rendered(cached_tokens=cached_tokens):
                    cached = cached_tokens
                case Piece(tokens=count):
                    arrivals.append((count, time.monotonic()))
                case Done() as done:
                    return _run(done, cached, asked, arrivals)
    raise RuntimeError("a reply without an end")


async def question_of(engine: Engine, tokens: int, number: int) -> str:
    """A question of about so many tokens that begins with its number, so that no cache knows it."""
    begin = f"{number}. "
    words = _WORDS.split()
    count = tokens
    for _ in range(_TRIES):
        text = begin + " ".join(words[index % len(words)] for index in range(max(1, count)))
        counted = await engine.count(text)
        if not counted or counted == tokens:
            break
        count = round(count * tokens / counted)
    return text


def _ask(engine: Engine, question: str, tokens: int) -> AsyncGenerator[Progress, None]:
    messages = (ChatMessage("user", question),)
    return engine.generate(Generate(messages, Sampling(temperature=0), max_tokens=tokens, endless=True))


def _run(done: Done, cached: int, asked: float, arrivals: list[tuple[int, float]]) -> Run:
    first = arrivals[0][1] if arrivals else asked
    last = arrivals[-1][1] if arrivals else asked
    return Run(
        prompt_tokens=done.prompt_tokens - cached,
        prompt_seconds=done.prompt_seconds,
        first_token_seconds=first - asked,
        tokens=done.generated_tokens,
        seconds=last - first,
        arrivals=tuple((count, at - first) for count, at in arrivals),
    )
