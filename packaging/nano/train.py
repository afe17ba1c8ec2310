"""Training: batches of dialogues from the teacher, phase by phase, with checkpoints."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from dialogues import END, FULL, HONEST, LAST, WORK, Example, Mix, encode_dialogue, make_dialogue
from model import Shape, Student
from torch import Tensor
from torch.nn import functional
from vocabulary import EOS

SEED = 20261122
WARM_UP = 150
LOAD = Path("/proc/loadavg")
MATRIX_RATE = 0.02
OTHER_RATE = 2e-3


@dataclass(frozen=True)
class Layout:
    """The shape of a batch, how many turns its dialogues may have, and whether to compile for it."""

    rows: int
    length: int
    turns: tuple[int, ...]
    compiled: bool = True


@dataclass(frozen=True)
class Phase:
    """A stretch of training: its steps, the layouts in turn, and the course of the learning rate's share."""

    steps: int
    layouts: tuple[Layout, ...]
    start: float
    end: float
    mix: Mix = FULL


TURNS = (1, 1, 1, 1, 2)
SOME_TURNS = (1, 2, 3, 4, 5, 6)
MANY_TURNS = (1, 1, 1, 1, 2, 3, 4, 6, 8, 10, 12)

WIDE = Layout(25, 320, TURNS)
WIDE_MIDDLE = Layout(11, 768, SOME_TURNS)
SHORT = Layout(12, 320, TURNS)
MIDDLE = Layout(5, 768, SOME_TURNS)
LONG = Layout(3, 1536, MANY_TURNS, compiled=False)

PHASES = (
    Phase(400, (WIDE,) * 11 + (WIDE_MIDDLE,), 1.0, 1.0),
    Phase(300, (SHORT,) * 11 + (MIDDLE,), 1.0, 1.0),
    Phase(600, (SHORT,) * 11 + (MIDDLE,), 0.6, 0.513),
    Phase(500, (SHORT,) * 15 + (MIDDLE,), 0.5, 0.4, WORK),
    Phase(400, (SHORT,) * 15 + (MIDDLE,), 0.4, 0.34, WORK),
    Phase(900, (SHORT,) * 15 + (MIDDLE,), 0.3, 0.165, WORK),
    Phase(700, (SHORT,) * 11 + (MIDDLE,), 0.165, 0.098, LAST),
    Phase(400, (SHORT,) * 11 + (MIDDLE,), 0.098, 0.056, LAST),
    Phase(100, (SHORT, SHORT, LONG, SHORT, MIDDLE), 0.056, 0.043, LAST),
    Phase(500, (SHORT,) * 5 + (LONG, SHORT, SHORT, MIDDLE), 0.08, 0.004, END),
    Phase(400, (SHORT,) * 5 + (LONG, SHORT, SHORT, MIDDLE), 0.07, 0.01, END),
    Phase(800, (SHORT,) * 5 + (LONG, SHORT, SHORT, MIDDLE), 0.12, 0.003, HONEST),
)


def fill_rows(random: Random, layout: Layout, mix: Mix) -> tuple[Tensor, Tensor]:
    """Return tokens of (rows, length + 1) and which of them are learned, packed with whole dialogues."""
    size = layout.length + 1
    rows: list[Example] = [Example([], []) for _ in range(layout.rows)]
    misses = 0
    while misses < 40:
        dialogue = make_dialogue(random, random.choice(layout.turns), kinds=mix.kinds)
        example = encode_dialogue(random, dialogue, mix)
        room = [row for row in rows if len(row.tokens) + len(example.tokens) <= size]
        if not room:
            misses += 1
            continue
        misses = 0
        row = min(room, key=lambda row: size - len(row.tokens))
        row.tokens.extend(example.tokens)
        row.learned.extend(example.learned)
    for row in rows:
        missing = size - len(row.tokens)
        row.tokens.extend([EOS] * missing)
        row.learned.extend([False] * missing)
    return torch.tensor([row.tokens for row in rows]), torch.tensor([row.learned for row in rows])


def measure_loss(features: Tensor, student: Student, tokens: Tensor, learned: Tensor) -> Tensor:
    """Return the mean loss over the learned tokens."""
    wanted = learned[:, 1:]
    scores = student.predict(features[wanted])
    return functional.cross_entropy(scores.float(), tokens[:, 1:][wanted])


def make_optimizers(student: Student) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices inside the blocks and AdamW for everything else."""
    matrices = [weight for weight in student.blocks.parameters() if weight.dim() == 2]
    others = [student.embedding.weight, *(weight for weight in student.parameters() if weight.dim() < 2)]
    return [
        torch.optim.Muon(matrices, lr=MATRIX_RATE, momentum=0.95, weight_decay=0.02),
        torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def count_steps() -> int:
    """Return how many steps all phases have."""
    return sum(phase.steps for phase in PHASES)


def find_phase(step: int) -> tuple[Phase, float]:
    """Return the phase that a step belongs to and the share of the learning rate there."""
    for phase in PHASES:
        if step < phase.steps:
            return phase, phase.start + (phase.end - phase.start) * step / phase.steps
        step -= phase.steps
    raise ValueError(f"Training ends {step} steps before this one.")


def choose_layout(step: int) -> Layout:
    """Return the layout of a step's batch."""
    layouts = find_phase(step)[0].layouts
    return layouts[step % len(layouts)]


class Crew:
    """The threads that training may use: all of them, or one fewer while other programs are busy."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.others = 0.0
        torch.set_num_threads(threads)

    def describe(self) -> str:
        """Say how many threads are at work."""
        return f"{torch.get_num_threads()} threads"

    def set_threads(self) -> None:
        """Look who else wants to run, smoothed over some ten steps, and set the number of threads."""
        if not LOAD.exists():
            return
        running = int(LOAD.read_text().split()[3].partition("/")[0]) - 1
        self.others = 0.9 * self.others + 0.1 * min(running, 1)
        busy = self.others > (0.5 if torch.get_num_threads() == self.threads else 0.3)
        wanted = max(1, self.threads - 1) if busy else self.threads
        if wanted != torch.get_num_threads():
            torch.set_num_threads(wanted)


class Course:
    """A student on its way through the phases, with its optimizers and the number of the next step."""

    def __init__(self, checkpoint: Path) -> None:
        torch.manual_seed(SEED)
        torch._dynamo.config.recompile_limit = 16
        self.checkpoint = checkpoint
        self.student = Student(Shape())
        self.optimizers = make_optimizers(self.student)
        self.step = 0
        self.loss = 0.0
        if checkpoint.exists():
            state = torch.load(checkpoint)
            self.student.load_state_dict(state["student"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.step = state["step"]
        self.forward = torch.compile(self.student, dynamic=False)

    def save(self) -> None:
        """Write a checkpoint so that a reader never sees half of one."""
        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        part = self.checkpoint.with_suffix(".part")
        torch.save({"student": self.student.state_dict(), "optimizers": optimizers, "step": self.step}, part)
        part.replace(self.checkpoint)

    def take_step(self) -> None:
        """Learn from one batch."""
        share = find_phase(self.step)[1] * min(1.0, (self.step + 1) / WARM_UP)
        for optimizer, full in zip(self.optimizers, (MATRIX_RATE, OTHER_RATE), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = full * share
        layout, mix = choose_layout(self.step), find_phase(self.step)[0].mix
        forward = self.forward if layout.compiled else self.student
        tokens, learned = fill_rows(Random(f"{SEED}/{self.step}"), layout, mix)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = measure_loss(forward(tokens[:, :-1]), self.student, tokens, learned)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.loss = loss.item() if not self.loss else 0.95 * self.loss + 0.05 * loss.item()
        self.step += 1


def train(checkpoint: Path, threads: int) -> Student:
    """Train through all phases, going on from the checkpoint if there is one, and return the student."""
    crew, course = Crew(threads), Course(checkpoint)
    started = time.monotonic()
    while course.step < count_steps():
        crew.set_threads()
        course.take_step()
        if course.step % 25 == 0:
            seconds = time.monotonic() - started
            print(
                f"step {course.step}: loss {course.loss:.4f}, {seconds:.0f} s, {crew.describe()}", flush=True
            )
        if course.step % 100 == 0 or course.step == count_steps():
            course.save()
    return course.student


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path("build/nano.pt"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    train(options.checkpoint, options.threads)
