"""Replies of the real worker whose tokens are guessed."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import Done, Paused, Piece
from localr1.engine.requests import Generate, GoOn
from localr1.errors import ModelFileError
from localr1.sampling import Sampling
from tests.engine.asking import GREEDY, ask, user
from tests.engine.quants import quantize
from tests.engine.sessions import Opener, run
from tests.engine.test_pause import CLOSING, ask_with_pauses, go_on, say

QUESTION = user("What is 47 + 85?")
TO_COPY = user("Say this again: one, two, three. One, two, three, four. One, two, three, four, five.")
DRAWN = Sampling(temperature=0.8, seed=3)
WILD = Sampling(temperature=5, top_p=1, top_k=0, seed=7)


@pytest.fixture
async def drafted_engine(engine: Engine, nano: Path, tmp_path: Path) -> Engine:
    """nano, with a smaller quant of itself that guesses."""
    info = await engine.load(nano, draft=quantize(nano, tmp_path / "smaller.gguf"))
    assert info.draft_refused == ""
    return engine


@pytest.mark.parametrize("sampling", [GREEDY, DRAWN, WILD], ids=["greedy", "drawn", "wild"])
async def test_the_same_tokens_come_out_as_without_guesses(nano_engine: Engine, sampling: Sampling) -> None:
    plain = await ask(nano_engine, QUESTION, sampling=sampling, max_tokens=150)
    guessed = await ask(nano_engine, QUESTION, sampling=sampling, max_tokens=150, speculate="always")
    assert guessed.text == plain.text
    assert guessed.done.finish_reason == plain.done.finish_reason
    assert guessed.done.generated_tokens == plain.done.generated_tokens
    assert guessed.done.drafted_tokens > 0


@pytest.mark.parametrize("sampling", [GREEDY, DRAWN], ids=["greedy", "drawn"])
async def test_a_model_of_another_family_says_the_same_too(
    engine: Engine, smollm2: Path, sampling: Sampling
) -> None:
    """With one thread, with which llama.cpp computes several tokens exactly as it does one."""
    await engine.load(smollm2, context=256, threads=1)
    plain = await ask(engine, TO_COPY, sampling=sampling, max_tokens=32)
    guessed = await ask(engine, TO_COPY, sampling=sampling, max_tokens=32, speculate="always")
    assert guessed.text == plain.text
    assert 5 < guessed.done.accepted_tokens < guessed.done.generated_tokens


async def test_a_draft_model_guesses_and_changes_nothing(drafted_engine: Engine) -> None:
    for question in (QUESTION, user("Spell cat backwards.")):
        plain = await ask(drafted_engine, question, sampling=WILD, max_tokens=100)
        greedy = await ask(drafted_engine, question)
        assert plain.done.drafted_tokens == greedy.done.drafted_tokens == 0
        drawn = await ask(drafted_engine, question, sampling=WILD, max_tokens=100, speculate="always")
        guessed = await ask(drafted_engine, question, speculate="always")
        assert (drawn.text, guessed.text) == (plain.text, greedy.text)
        assert guessed.done.accepted_tokens > guessed.done.generated_tokens / 2


async def test_pauses_come_after_exactly_so_many_tokens(drafted_engine: Engine) -> None:
    whole = await ask(drafted_engine, QUESTION, max_tokens=60)
    seen: list[str] = []

    def every_seventh(paused: Paused, text: str) -> GoOn:
        seen.append(text)
        return GoOn(id=0, pause_at=paused.tokens + 7)

    paused, pauses = await ask_with_pauses(
        drafted_engine, every_seventh, max_tokens=60, pause_at=7, speculate="always"
    )
    assert [pause.tokens for pause in pauses] == list(range(7, 60, 7))
    assert seen == [whole.text[: pause.tokens] for pause in pauses]  # a plain byte is one token of nano
    assert paused.text == whole.text


@pytest.mark.parametrize("pause_at", [5, 20, 33])
async def test_what_is_put_in_goes_before_all_guesses(drafted_engine: Engine, pause_at: int) -> None:
    plain, _ = await ask_with_pauses(drafted_engine, say(CLOSING), pause_at=pause_at)
    guessed, _ = await ask_with_pauses(drafted_engine, say(CLOSING), pause_at=pause_at, speculate="always")
    assert guessed.text == plain.text


async def test_a_token_that_pauses_does_so_when_it_was_guessed(drafted_engine: Engine) -> None:
    whole = await ask(drafted_engine, QUESTION)
    taken, [pause] = await ask_with_pauses(drafted_engine, go_on, pause_before="</think>", speculate="always")
    assert pause.before
    assert taken.text == whole.text
    longer, _ = await ask_with_pauses(
        drafted_engine, say("Wait"), pause_before="</think>", speculate="always"
    )
    plain, _ = await ask_with_pauses(drafted_engine, say("Wait"), pause_before="</think>")
    assert longer.text == plain.text


@pytest.mark.parametrize("end", ["stop", "length"])
async def test_a_request_that_goes_on_from_a_guessed_reply_evaluates_nothing_again(
    drafted_engine: Engine, end: str
) -> None:
    limit = 0 if end == "stop" else 37
    reply = await ask(drafted_engine, QUESTION, max_tokens=limit, speculate="always")
    assert reply.done.finish_reason == end
    again = await ask(drafted_engine, QUESTION, prefill=reply.text, max_tokens=1)
    assert again.done.evaluated_tokens == 1


async def test_guesses_stay_within_the_context(engine: Engine, nano: Path, tmp_path: Path) -> None:
    info = await engine.load(nano, context=256, draft=quantize(nano, tmp_path / "smaller.gguf"))
    reply = engine.generate(Generate((QUESTION,), GREEDY, endless=True, speculate="always"))
    *_, done = [report async for report in reply]
    assert isinstance(done, Done)
    assert done.finish_reason == "length"
    assert done.prompt_tokens + done.generated_tokens == info.context
    assert done.accepted_tokens > 0


async def test_a_reply_that_is_guessed_can_be_cancelled(drafted_engine: Engine) -> None:
    reply = drafted_engine.generate(Generate((QUESTION,), WILD, speculate="always"))
    async with aclosing(reply):
        async for report in reply:
            if isinstance(report, Piece):
                await drafted_engine.cancel()
    assert isinstance(report, Done)
    assert report.finish_reason == "cancelled"
    after = await ask(drafted_engine, QUESTION, speculate="always")
    assert after.text == (await ask(drafted_engine, QUESTION)).text


async def test_a_draft_model_with_other_tokens_is_refused_and_the_model_answers(
    engine: Engine, smollm2: Path, nano: Path
) -> None:
    info = await engine.load(smollm2, context=256, draft=nano)
    assert "vocabulary" in info.draft_refused
    assert (await ask(engine, QUESTION, max_tokens=2, speculate="always")).done.generated_tokens == 2


async def test_a_draft_model_that_is_no_smaller_is_refused(engine: Engine, nano: Path) -> None:
    assert "not smaller" in (await engine.load(nano, draft=nano)).draft_refused


async def test_a_draft_model_that_is_damaged_is_refused(engine: Engine, nano: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(nano.read_bytes()[:100_000])
    info = await engine.load(nano, draft=damaged)
    assert info.draft_refused
    assert (await ask(engine, QUESTION, max_tokens=2, speculate="always")).done.generated_tokens == 2


async def test_a_chat_guesses_as_its_settings_say_and_counts_it(
    opener: Opener, nano: Path, tmp_path: Path
) -> None:
    smaller = quantize(nano, tmp_path / "smaller.gguf")
    config = Config(temperature=0, draft_model=str(smaller), speculation="always")
    session = opener(nano, config)
    guessed = await run(session.send(QUESTION.content))
    session.use_settings(Config(temperature=0, draft_model=str(smaller), speculation="off"))
    plain = await run(session.regenerate())
    assert guessed.raw == plain.raw
    assert guessed.stats and plain.stats
    assert guessed.stats.accepted_tokens > guessed.stats.generated_tokens / 2
    assert guessed.stats.drafted_tokens >= guessed.stats.accepted_tokens
    assert plain.stats.drafted_tokens == 0


async def test_a_draft_model_that_is_not_here_is_an_error(opener: Opener, nano: Path, tmp_path: Path) -> None:
    session = opener(nano, Config(draft_model=str(tmp_path / "gone.gguf")))
    with pytest.raises(ModelFileError, match="gone"):
        await session.load()
