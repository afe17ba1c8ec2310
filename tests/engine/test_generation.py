"""Replies of the real worker with real models."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Evaluated, Piece, Rendered
from localr1.engine.requests import Generate
from localr1.engine.worker.evaluation import chunk_size
from localr1.errors import ContextError, EngineError
from localr1.sampling import Sampling
from tests.engine.asking import RAMBLING, ask, assistant, user

QUESTION = user("What is 47 + 85?")


def wild(seed: int | None = None) -> Sampling:
    """Draws from everything: nano is too sure of its sums for less to differ."""
    return Sampling(temperature=5, top_p=1, top_k=0, seed=seed)


async def test_a_reasoning_model_thinks_and_then_answers(nano_engine: Engine) -> None:
    reply = await ask(nano_engine, QUESTION)
    thinking, _, answer = reply.text.partition("</think>")
    assert thinking.strip()
    assert answer.strip()
    assert reply.done.finish_reason == "stop"


async def test_a_model_of_another_family_answers_through_the_same_path(engine: Engine, smollm2: Path) -> None:
    info = await engine.load(smollm2, context=512)
    reply = await ask(engine, user("Hi, who are you?"), max_tokens=16)
    assert info.architecture == "llama"
    assert reply.text.startswith("Hello")


async def test_the_first_request_evaluates_its_whole_prompt(nano_engine: Engine) -> None:
    done = (await ask(nano_engine, QUESTION)).done
    assert done.evaluated_tokens == done.prompt_tokens


async def test_the_same_request_again_evaluates_one_token(nano_engine: Engine) -> None:
    first = await ask(nano_engine, QUESTION)
    second = await ask(nano_engine, QUESTION)
    assert second.done.evaluated_tokens == 1
    assert second.done.prompt_tokens == first.done.prompt_tokens
    assert second.text == first.text


async def test_a_history_without_its_thinking_is_evaluated_from_where_it_diverges(
    nano_engine: Engine,
) -> None:
    question = await ask(nano_engine, QUESTION)
    follow_up = await ask(nano_engine, QUESTION, assistant("132."), user("Now add 5."))
    # The thinking tag at the end of the first prompt is the first token that the history lacks.
    kept = follow_up.done.prompt_tokens - follow_up.done.evaluated_tokens
    assert 0 < question.done.prompt_tokens - kept <= 2


async def test_generated_tokens_are_those_that_the_text_consists_of(nano_engine: Engine) -> None:
    reply = await ask(nano_engine, QUESTION, max_tokens=7)
    assert reply.done.generated_tokens == 7
    assert len(reply.text.encode()) == 7  # a plain byte is one token of nano


async def test_a_piece_counts_the_tokens_so_far(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), Sampling(temperature=0), max_tokens=20))
    counts = [report.tokens async for report in reply if isinstance(report, Piece)]
    assert counts == sorted(set(counts))
    assert counts[-1] == 20


async def test_a_prompt_is_counted_before_it_is_evaluated(nano_engine: Engine) -> None:
    reports = [report async for report in nano_engine.generate(Generate((QUESTION,), RAMBLING, max_tokens=1))]
    rendered, evaluated = reports[:2]
    assert isinstance(rendered, Rendered)
    assert isinstance(evaluated, Evaluated)
    assert rendered.cached_tokens == 0
    assert evaluated.done == evaluated.total == rendered.prompt_tokens


@pytest.mark.parametrize(
    ("wanted", "left", "size"), [(64, 65, 63), (64, 64, 64), (64, 66, 64), (512, 9, 512)]
)
def test_no_token_of_a_prompt_is_left_for_a_chunk_of_its_own(wanted: int, left: int, size: int) -> None:
    assert chunk_size(wanted, left) == size


async def test_seconds_are_measured_apart_for_prompt_and_reply(nano_engine: Engine) -> None:
    done = (await ask(nano_engine, QUESTION)).done
    assert done.prompt_seconds > 0
    assert done.generation_seconds > 0


async def test_temperature_0_repeats_itself_after_other_requests(nano_engine: Engine) -> None:
    first = await ask(nano_engine, QUESTION)
    await ask(nano_engine, user("Spell cat backwards."))
    assert (await ask(nano_engine, QUESTION)).text == first.text


async def test_equal_seeds_draw_equal_replies_and_others_need_not(nano_engine: Engine) -> None:
    drawn = [
        (await ask(nano_engine, QUESTION, sampling=wild(seed), max_tokens=60)).text for seed in (1, 1, 2, 3)
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1


async def test_without_a_seed_each_reply_is_drawn_anew(nano_engine: Engine) -> None:
    drawn = {(await ask(nano_engine, QUESTION, sampling=wild(), max_tokens=60)).text for _ in range(4)}
    assert len(drawn) > 1


async def test_max_tokens_end_a_reply_with_length(nano_engine: Engine) -> None:
    assert (await ask(nano_engine, QUESTION, max_tokens=5)).done.finish_reason == "length"


async def test_the_end_of_the_context_ends_a_reply_with_length(engine: Engine, smollm2: Path) -> None:
    info = await engine.load(smollm2, context=256)
    done = (await ask(engine, user("Tell me a story."), sampling=RAMBLING)).done
    assert done.finish_reason == "length"
    assert done.prompt_tokens + done.generated_tokens == info.context


async def test_a_prefill_goes_before_the_reply_and_may_hold_control_tokens(nano_engine: Engine) -> None:
    plain = await ask(nano_engine, QUESTION, max_tokens=1)
    skipped = await ask(nano_engine, QUESTION, prefill="\n</think>\n\n", max_tokens=40)
    assert skipped.done.prompt_tokens == plain.done.prompt_tokens + 4  # three line ends and one tag
    assert "</think>" not in skipped.text


async def test_a_prompt_that_does_not_fit_is_refused_before_anything_is_evaluated(
    engine: Engine, nano: Path
) -> None:
    await engine.load(nano, context=512)
    first = await ask(engine, QUESTION)
    with pytest.raises(ContextError, match="holds 256") as refused:
        await ask(engine, user("7" * 600))
    assert refused.value.exit_code == 5
    again = await ask(engine, QUESTION)
    assert again.done.evaluated_tokens == 1
    assert again.text == first.text


async def test_a_small_context_leaves_half_of_itself_to_the_reply(engine: Engine, nano: Path) -> None:
    await engine.load(nano, context=256)
    assert (await ask(engine, QUESTION, max_tokens=3)).done.generated_tokens == 3
    with pytest.raises(ContextError, match="holds 128"):
        await ask(engine, user("7" * 130))


async def test_a_request_larger_than_a_line_may_be_is_refused_by_the_app(nano_engine: Engine) -> None:
    with pytest.raises(ContextError, match="32 MiB"):
        await ask(nano_engine, user("x" * (33 * 1024 * 1024)))
    assert (await ask(nano_engine, QUESTION, max_tokens=1)).done.generated_tokens == 1


async def test_without_a_model_nothing_is_generated(engine: Engine) -> None:
    async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING))) as reply:
        with pytest.raises(EngineError, match="No model"):
            await anext(reply)
