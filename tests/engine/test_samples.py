"""Several replies of the real worker to one prompt, drawn together."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import aclosing, closing
from pathlib import Path

import msgspec
import pytest

from localr1.engine.client import Engine, Progress
from localr1.engine.limits import FIRST_CONTEXT, SEQUENCES
from localr1.engine.reports import Done, Evaluated, Paused, Piece, Report
from localr1.engine.requests import Cancel, Generate, GoOn, Load
from localr1.engine.worker.bindings import AbortFlag, start_backend
from localr1.engine.worker.generation import Generator
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.sampling import Sampling
from tests.engine.asking import GREEDY, RAMBLING, Asked, ask, user
from tests.engine.recurrent_model import write_mamba

QUESTION = user("What is 47 + 85?")
CLOSING = "\n\nI have thought long enough; now I give my answer.\n</think>\n\n"
WILD = Sampling(temperature=5, top_p=1, top_k=0, seed=7)


async def draw(
    engine: Engine,
    samples: int,
    *,
    sampling: Sampling = GREEDY,
    max_tokens: int = 0,
    pause_at: int = 0,
    watch: Callable[[Progress], None] = lambda report: None,
) -> list[Asked]:
    """All replies, in the order of their numbers; `watch` sees every report."""
    pieces: list[list[str]] = [[] for _ in range(samples)]
    ends: dict[int, Done] = {}
    reply = engine.generate(
        Generate((QUESTION,), sampling, max_tokens=max_tokens, pause_at=pause_at, samples=samples)
    )
    async with aclosing(reply):
        async for report in reply:
            match report:
                case Piece():
                    assert report.sample not in ends
                    pieces[report.sample].append(report.text)
                case Done():
                    ends[report.sample] = report
                    assert report.last is (len(ends) == samples)
            watch(report)
    return [Asked(pieces[sample], ends[sample]) for sample in range(samples)]


async def test_a_prompt_is_evaluated_once_for_all_samples_and_stays_for_the_next_request(
    nano_engine: Engine,
) -> None:
    evaluated: list[int] = []

    def watch(report: Progress) -> None:
        if isinstance(report, Evaluated):
            evaluated.append(report.done)

    first = await draw(nano_engine, 5, max_tokens=8, watch=watch)
    again = await draw(nano_engine, 5, max_tokens=8, watch=watch)
    prompt = first[0].done.prompt_tokens
    assert evaluated == [prompt, prompt]
    assert [asked.done.evaluated_tokens for asked in first + again] == [prompt] * 5 + [1] * 5
    assert (await ask(nano_engine, QUESTION, max_tokens=1)).done.evaluated_tokens == 1


async def test_each_sample_is_a_whole_reply_with_its_own_count(nano_engine: Engine) -> None:
    single = await ask(nano_engine, QUESTION)
    for asked in await draw(nano_engine, 4):
        assert asked.text == single.text
        assert asked.done.finish_reason == "stop"
        assert asked.done.generated_tokens == single.done.generated_tokens


async def test_samples_differ_and_the_same_seed_draws_the_same_ones(nano_engine: Engine) -> None:
    first, again = [await draw(nano_engine, 6, sampling=WILD, max_tokens=60) for _ in range(2)]
    assert [asked.text for asked in first] == [asked.text for asked in again]
    assert len({asked.text for asked in first}) == 6


async def test_each_sample_is_the_reply_that_its_own_seed_draws(nano_engine: Engine) -> None:
    """Of the first token at least: those after it come from sums in another order."""
    drawn = await draw(nano_engine, 4, sampling=WILD, max_tokens=1)
    alone = [
        await ask(
            nano_engine, QUESTION, sampling=msgspec.structs.replace(WILD, seed=7 + sample), max_tokens=1
        )
        for sample in range(4)
    ]
    assert [asked.text for asked in drawn] == [asked.text for asked in alone]


async def test_a_sample_that_is_dropped_ends_and_the_others_go_on(nano_engine: Engine) -> None:
    def watch(report: Progress) -> None:
        match report:
            case Paused(sample=1 | 3 as sample):
                nano_engine.drop(sample)
            case Paused(sample=sample):
                nano_engine.go_on(sample=sample)

    drawn = await draw(nano_engine, 4, pause_at=7, watch=watch)
    assert [asked.done.finish_reason for asked in drawn] == ["stop", "cancelled", "stop", "cancelled"]
    assert [asked.done.generated_tokens for asked in drawn[1::2]] == [7, 7]


async def test_a_cancel_ends_all_samples_and_the_worker_lives_on(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), RAMBLING, samples=SEQUENCES + 3))
    ends: list[Done] = []
    async with aclosing(reply):
        async for report in reply:
            match report:
                case Piece():
                    await nano_engine.cancel()
                case Done():
                    ends.append(report)
    assert [done.finish_reason for done in ends] == ["cancelled"] * (SEQUENCES + 3)
    assert (await ask(nano_engine, QUESTION)).done.finish_reason == "stop"


async def test_samples_that_nobody_waits_for_make_way_for_the_next_request(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), RAMBLING, samples=4))
    async with aclosing(reply):
        async for report in reply:
            if isinstance(report, Piece):
                break
    assert (await ask(nano_engine, QUESTION)).done.finish_reason == "stop"


async def test_a_paused_sample_waits_while_the_others_end_and_goes_on_as_it_would_have(
    nano_engine: Engine,
) -> None:
    ended: list[int] = []

    def watch(report: Progress) -> None:
        match report:
            case Paused(sample=0):
                pass
            case Paused(sample=sample):
                nano_engine.go_on(sample=sample)
            case Done(sample=sample):
                ended.append(sample)
                if len(ended) == 2:
                    nano_engine.go_on(sample=0)

    whole = await ask(nano_engine, QUESTION)
    drawn = await draw(nano_engine, 3, pause_at=7, watch=watch)
    assert [asked.text for asked in drawn] == [whole.text] * 3
    assert ended[-1] == 0


@pytest.mark.parametrize("before", ["", "again " * 200], ids=["short", "long"])
async def test_what_is_put_into_one_sample_is_in_no_other(nano_engine: Engine, before: str) -> None:
    def watch(report: Progress) -> None:
        if isinstance(report, Paused):
            nano_engine.go_on(before + CLOSING if report.sample == 1 else "", sample=report.sample)

    whole = await ask(nano_engine, QUESTION)
    drawn = await draw(nano_engine, 3, pause_at=7, watch=watch)
    assert drawn[0].text == drawn[2].text == whole.text
    assert drawn[1].text.startswith(whole.text[:7] + before + CLOSING)
    assert drawn[1].done.finish_reason == "stop"


async def test_samples_that_outgrow_the_context_wait_for_each_other_and_become_as_long_as_one_alone(
    engine: Engine, nano: Path
) -> None:
    def watch(report: Progress) -> None:
        if isinstance(report, Paused):
            engine.go_on("on and on ", pause_at=report.tokens + 12, sample=report.sample)

    info = await engine.load(nano, context=512)
    for asked in await draw(engine, 3, pause_at=7, watch=watch):
        assert asked.done.finish_reason == "length"
        assert asked.done.prompt_tokens + asked.done.generated_tokens == info.context


async def test_more_samples_than_run_at_a_time_come_one_after_the_other(engine: Engine, nano: Path) -> None:
    """In a context that has no room for the sixteen that may run."""
    await engine.load(nano, context=512)
    whole = await ask(engine, QUESTION)
    drawn = await draw(engine, SEQUENCES + 3)
    assert {asked.text for asked in drawn} == {whole.text}


def replies(
    model: Model,
    orders: Orders,
    insert: str = "",
    *,
    samples: int = 3,
    evaluated: list[int] | None = None,
) -> dict[int, tuple[str, Done]]:
    """What some samples say, by their numbers, with something put into each where it pauses.

    `evaluated` takes how far the prompt was evaluated, again and again.
    """
    pieces: dict[int, str] = dict.fromkeys(range(samples), "")
    ends: dict[int, Done] = {}

    def hear(report: Report) -> None:
        match report:
            case Piece(sample=sample, text=text):
                pieces[sample] += text
            case Paused(sample=sample):
                orders.hear(GoOn(id=2, insert=insert, sample=sample))
            case Done(sample=sample):
                ends[sample] = report
            case Evaluated(done=done) if evaluated is not None:
                evaluated.append(done)

    orders.begin(2)
    pause_at = 7 if insert else 0
    request = Generate(id=2, messages=(QUESTION,), sampling=GREEDY, samples=samples, pause_at=pause_at)
    Generator(model, orders, hear).answer(request)
    return {sample: (pieces[sample], ends[sample]) for sample in ends}


class Cramped(Model):
    """A model for whose context there is no more memory than it began with."""

    def _free(self) -> int:
        return 0


@pytest.mark.parametrize(("kind", "size"), [(Model, 4096), (Cramped, FIRST_CONTEXT)])
def test_the_context_grows_with_its_samples_as_far_as_there_is_memory(
    kind: type[Model], size: int, nano: Path
) -> None:
    flag, before = AbortFlag(), "on and on " * 100
    start_backend()
    with closing(kind(Load(id=1, path=os.fsencode(nano)), flag, lambda share: None)) as model:
        [(alone, _)] = replies(model, Orders(flag), before + CLOSING, samples=1).values()
        assert model.growing.size == FIRST_CONTEXT
        for text, done in replies(model, Orders(flag), before + CLOSING).values():
            assert text == alone
            assert done.finish_reason == "stop"
        assert model.growing.size == size


@pytest.mark.parametrize("recurrent", [True, False], ids=["a state", "a window"])
def test_a_model_that_can_share_nothing_answers_one_after_the_other_what_is_still_wanted(
    recurrent: bool, nano: Path, tmp_path: Path
) -> None:
    start_backend()
    flag = AbortFlag()
    orders = Orders(flag)
    path = write_mamba(tmp_path / "mamba.gguf", nano) if recurrent else nano
    load = Load(id=1, path=os.fsencode(path), context=512)
    with closing((Model if recurrent else Unshared)(load, flag, lambda share: None)) as model:
        orders.hear(Cancel(id=2, sample=1))
        evaluated: list[int] = []
        drawn = replies(model, orders, evaluated=evaluated)
    assert drawn[0][0] == drawn[2][0] != drawn[1][0] == ""
    prompt = drawn[0][1].prompt_tokens
    assert evaluated == ([prompt - 1, prompt, prompt] if recurrent else [prompt, prompt])
    assert [done.finish_reason == "cancelled" for _, done in drawn.values()] == [False, True, False]


class Unshared(Model):
    """A model whose memory can't be shared, as those with a sliding window have it."""

    sequences = 1
