"""The one command that makes nano: it trains, converts, checks, scores and writes the card."""

from __future__ import annotations

import argparse
import os
from datetime import datetime, timezone
from pathlib import Path

import card
import numpy as np
import torch
from convert import convert
from evaluate import answer_problems, evaluate
from llama_cpp import Llama
from model import Student
from speaker import GREEDY, Speaker
from train import train
from vocabulary import encode, render

HERE = Path(__file__).parent
TOLERANCE = 0.01
PROBE = "Wie viel ist 47 + 85? 😀\nx"


def measure_gap(student: Student, path: Path) -> float:
    """Return how far PyTorch's scores and llama.cpp's lie apart at most, as a share of the largest score."""
    text = render([{"role": "user", "content": PROBE}])
    tokens = encode(text)
    llama = Llama(str(path), n_ctx=256, logits_all=True, verbose=False)
    if llama.tokenize(text.encode(), add_bos=False, special=True) != tokens:
        raise ValueError("llama.cpp splits the prompt into other tokens than training did.")
    llama.eval(tokens)
    theirs = np.array(llama.scores[: len(tokens)])
    with torch.no_grad():
        ours = student.predict(student(torch.tensor([tokens])))[0].numpy()
    return float(np.abs(ours - theirs).max() / np.abs(ours).max())


def choose_quant(student: Student, build: Path, threads: int) -> tuple[str, dict[str, int]]:
    """Return Q8_0, or F16 where that solves more of the held-out problems, and what each solves."""
    solved = {}
    for quant in ("Q8_0", "F16"):
        path = build / f"nano-{quant}.gguf"
        convert(student, path, quant)
        kinds, _ = answer_problems(Speaker(path, threads), GREEDY)
        solved[quant] = kinds.right.total()
        print(
            f"{quant}: {solved[quant]} of {kinds.total.total()} problems, {path.stat().st_size} bytes",
            flush=True,
        )
    return ("F16" if solved["F16"] > solved["Q8_0"] else "Q8_0"), solved


def make(build: Path, target: Path, threads: int) -> None:
    """Make the model file at the target and its card beside this recipe."""
    build.mkdir(parents=True, exist_ok=True)
    student = train(build / "nano.pt", threads).eval()
    exact = build / "nano-F32.gguf"
    convert(student, exact, "F32")
    gap = measure_gap(student, exact)
    if gap > TOLERANCE:
        raise ValueError(f"llama.cpp's scores differ from PyTorch's by {gap:.1%} of the largest.")
    quant, solved = choose_quant(student, build, threads)
    chosen = build / f"nano-{quant}.gguf"
    with (build / "mistakes.txt").open("w", encoding="utf-8") as mistakes:
        tables = evaluate(chosen, threads, lambda text: print(text, file=mistakes))
    part = target.with_suffix(".part")
    part.write_bytes(chosen.read_bytes())
    part.replace(target)
    made = card.Made(target, quant, solved, gap, tables, datetime.now(tz=timezone.utc).date())
    (HERE / "MODEL_CARD.md").write_text(card.write(student, made), encoding="utf-8")
    print(tables)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--build",
        type=Path,
        default=HERE / "build",
        help="folder for checkpoints, which a later run goes on from",
    )
    parser.add_argument("--target", type=Path, default=HERE.parent.parent / "localr1" / "data" / "nano.gguf")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    make(options.build, options.target, options.threads)
