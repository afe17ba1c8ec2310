"""A model measured on this machine: some runs, and their medians."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import msgspec

from localr1.bench.run import Run, measure_run, question_of
from localr1.chat.session import ChatSession
from localr1.engine.client import Engine
from localr1.engine.reports import Device, ModelInfo
from localr1.errors import UsageError
from localr1.library.local_model import LocalModel
from localr1.memory import resident_memory

TEMPLATE_TOKENS = 64
"""Room for what a template writes around a question."""


class Limit(msgspec.Struct, frozen=True):
    """What llama.cpp itself reaches, without anything around it; tokens a second."""

    prompt_speed: float
    speed: float


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """Speeds in tokens a second, times in seconds, memory in bytes; medians of the runs."""

    model: str
    sha256: str
    quant: str
    size: int
    device: str
    threads: int
    gpu_layers: int
    context: int
    llama_cpp: str
    load_seconds: float
    prompt_speed: float
    first_token_seconds: float
    speed: float
    engine_memory: int
    app_memory: int
    limit: Limit | None
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be measured."""

    prompt_tokens: int = 512
    tokens: int = 128
    """Of the reply."""
    repeat: int = 3
    compare: bool = False
    """Follow each run by one of the bare loop, so that a busy moment meets both."""


async def measure_model(
    session: ChatSession, engine: Engine, trial: Trial, on_run: Callable[[int], None]
) -> Bench:
    """Load the model of a session and ask it; a first run that warms it up does not count.

    `on_run` is told which run begins. Raises LocalR1Error.
    """
    info = await session.load()
    _require_room(info, trial)
    runs: list[Run] = []
    limits: list[Limit] = []
    for number in range(trial.repeat + 1):
        on_run(number)
        question = await question_of(engine, trial.prompt_tokens, number)
        run = await measure_run(engine, question, trial.tokens)
        limit = await _measure_limit(engine, run) if trial.compare else None
        if number:
            runs.append(run)
            limits += [limit] if limit else []
    return await _bench(session.model, engine, info, runs, limits)


async def _bench(
    model: LocalModel, engine: Engine, info: ModelInfo, runs: Sequence[Run], limits: Sequence[Limit]
) -> Bench:
    about = await engine.about()
    return Bench(
        model=model.name,
        sha256=model.sha256,
        quant=model.quant,
        size=info.size,
        device=_device(info, about.devices),
        threads=info.threads,
        gpu_layers=info.gpu_layers,
        context=info.context,
        llama_cpp=about.llama_cpp,
        load_seconds=info.load_seconds,
        prompt_speed=median(run.prompt_speed for run in runs),
        first_token_seconds=median(run.first_token_seconds for run in runs),
        speed=median(run.speed for run in runs),
        engine_memory=resident_memory(engine.pid),
        app_memory=resident_memory(os.getpid()),
        limit=_median(limits),
        runs=tuple(runs),
    )


def _require_room(info: ModelInfo, trial: Trial) -> None:
    wanted = trial.prompt_tokens + trial.tokens + TEMPLATE_TOKENS
    if wanted > info.context:
        raise UsageError(
            f"A prompt of {trial.prompt_tokens:,} tokens and a reply of {trial.tokens:,} do not fit "
            f"a context of {info.context:,}.",
            hint=f"Ask for less, or for more room with --context {wanted}.",
        )


async def _measure_limit(engine: Engine, run: Run) -> Limit | None:
    measured = await engine.measure(run.prompt_tokens, run.tokens)
    if measured is None:
        return None
    return Limit(run.prompt_tokens / measured.prompt_seconds, run.tokens / measured.generation_seconds)


def _median(limits: Sequence[Limit]) -> Limit | None:
    if not limits:
        return None
    return Limit(median(limit.prompt_speed for limit in limits), median(limit.speed for limit in limits))


def _device(info: ModelInfo, devices: Sequence[Device]) -> str:
    """What computes it."""
    others = [device.description for device in devices if device.kind != "cpu"]
    return ", ".join(others) if info.gpu_layers and others else "CPU"
