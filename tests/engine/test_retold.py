"""A reply that goes on keeps the tokens in which it was drawn."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from localr1.engine.client import Engine
from localr1.engine.worker.retold import as_drawn
from localr1.sampling import Sampling
from tests.engine.asking import RAMBLING, ask, user

PIECES = [b"a", b"b", b"ab", b"ba", b"aab", b"<end>"]
QUESTION = user("Tell me a story.")
tokens = st.lists(st.integers(0, len(PIECES) - 1), max_size=20)


def written(prompt: list[int]) -> bytes:
    return b"".join(PIECES[token] for token in prompt)


@given(prompt=tokens, drawn=tokens, reply_at=st.integers(0, 20))
def test_the_text_stays_the_same(prompt: list[int], drawn: list[int], reply_at: int) -> None:
    retold = as_drawn(prompt, min(reply_at, len(prompt)), drawn, PIECES.__getitem__)
    assert written(retold) == written(prompt)
    assert retold[:reply_at] == prompt[:reply_at]


@given(drawn=tokens, cut=tokens, rest=tokens)
def test_a_text_that_was_drawn_is_found_however_it_is_cut(
    drawn: list[int], cut: list[int], rest: list[int]
) -> None:
    letters = [PIECES.index(bytes([letter])) for letter in written(drawn).replace(b"<end>", b"")]
    drawn = [token for token in drawn if PIECES[token] != b"<end>"]
    assert as_drawn([*letters, *rest], 0, drawn, PIECES.__getitem__)[: len(drawn)] == drawn


def test_before_the_reply_no_token_is_taken_for_another() -> None:
    question = [0, 1, 3]
    assert as_drawn([*question, 0], 3, [2, 3, 0], PIECES.__getitem__) == [*question, 0]


async def test_a_reply_that_no_tokenizer_would_write_so_goes_on_with_one_token(
    engine: Engine, smollm2: Path
) -> None:
    await engine.load(smollm2, context=512)
    wild = Sampling(temperature=2, top_p=1, top_k=0, seed=3)
    first = await ask(engine, QUESTION, sampling=wild, max_tokens=60)
    assert "\ufffd" not in first.text
    more = (await ask(engine, QUESTION, sampling=RAMBLING, prefill=first.text, max_tokens=1)).done
    assert (more.prompt_tokens, more.evaluated_tokens) == (first.done.prompt_tokens + 60, 1)
