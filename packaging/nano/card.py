"""The model card, written from what was trained and measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import evaluate
import train
from model import Student
from teacher import HELD_OUT_SHARE

TEMPLATE = Path(__file__).with_name("card_template.md")


@dataclass(frozen=True)
class Made:
    """What the recipe made: the file, its quant, the problems solved in each quant, and the tables."""

    path: Path
    quant: str
    solved: dict[str, int]
    gap: float
    tables: str
    day: date


def write(student: Student, made: Made) -> str:
    """Return the model card."""
    shape, data = student.shape, made.path.read_bytes()
    return TEMPLATE.read_text(encoding="utf-8").format(
        day=made.day.isoformat(),
        size=len(data),
        quant=made.quant,
        digest=sha256(data).hexdigest(),
        shape=shape,
        parameters=sum(weight.numel() for weight in student.parameters()),
        steps=train.count_steps(),
        tokens=count_tokens(),
        seed=train.SEED,
        evaluation_seed=evaluate.SEED,
        phases=describe_phases(),
        held_out=HELD_OUT_SHARE,
        tables=made.tables,
        q8=made.solved["Q8_0"],
        f16=made.solved["F16"],
        gap=made.gap,
    )


def describe_phases() -> str:
    """Return the rows of the table of phases."""
    rows = []
    for number, phase in enumerate(train.PHASES, 1):
        layouts = {layout: phase.layouts.count(layout) for layout in phase.layouts}
        batches = ", ".join(
            f"{count} × ({layout.rows} × {layout.length})" for layout, count in layouts.items()
        )
        rows.append(
            f"| {number} | {phase.steps} | {batches} | {phase.start} to {phase.end} | {phase.mix.name} |"
        )
    return "\n".join(rows)


def count_tokens() -> int:
    """Return how many tokens all phases read."""
    total = 0
    for step in range(train.count_steps()):
        layout = train.choose_layout(step)
        total += layout.rows * layout.length
    return total
