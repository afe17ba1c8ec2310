"""The evaluation: held-out problems put to the model file through llama.cpp, with the file's own template."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from dialogues import FULL, Turn, make_dialogue, make_follow_up, make_turn
from speaker import GREEDY, USUAL, Message, Reply, Sampling, Speaker
from tables import Table, write_table
from teacher import is_held_out
from texts import read_sections
from vocabulary import END_MARK

SEED = 500
FRESH_SEED = 777
COUNTS = {
    "add": 70,
    "subtract": 80,
    "multiply": 60,
    "compare": 60,
    "count": 70,
    "backwards": 50,
    "length": 15,
    "story": 50,
    "follow-up": 45,
}
SKILLS = {kind: share for kind, share in FULL.kinds.items() if kind in COUNTS}


def is_right(turn: Turn, reply: Reply) -> bool:
    """Say whether a reply ended by itself with the expected answer, word for word."""
    return reply.ended and reply.answer == turn.answer


def is_honest(turn: Turn, reply: Reply) -> bool:
    """Say whether a reply owns that nano can't do it and names the command that lists other models."""
    return reply.ended and "nano" in reply.answer and "`localr1 models`" in reply.answer


def to_messages(dialogue: list[Turn]) -> list[Message]:
    """Return a dialogue up to the last prompt as messages, answers without the white space before them."""
    messages: list[Message] = []
    for turn in dialogue:
        messages += [{"role": "user", "content": turn.prompt}, {"role": "assistant", "content": turn.answer}]
    return messages[:-1]


def draw(random: Random, kind: str) -> list[Turn]:
    """Return a held-out problem of a kind as a dialogue of one turn, or of two for a follow-up."""
    while True:
        if kind == "follow-up":
            first = make_dialogue(random, 1, held_out=True, kinds=SKILLS, follow_up_share=0)[0]
            if first.value is None:
                continue
            second = make_follow_up(random, first.value, first.language)
            if second.content is not None and is_held_out(second.content):
                return [first, second]
            continue
        turn = make_dialogue(random, 1, held_out=True, kinds={kind: 1}, follow_up_share=0)[0]
        if turn.kind == kind:
            return [turn]


def list_problems(seed: int) -> Iterator[list[Turn]]:
    """Yield 500 held-out problems, for a seed always the same."""
    random = Random(seed)
    for kind, count in COUNTS.items():
        for _ in range(count):
            yield draw(random, kind)


def answer_problems(speaker: Speaker, sampling: Sampling, seed: int = SEED) -> tuple[Table, Table]:
    """Return the scores on the held-out problems by kind and by language."""
    kinds, languages = Table(), Table()
    for dialogue in list_problems(seed):
        reply = speaker.reply(to_messages(dialogue), sampling)
        turn = dialogue[-1]
        kinds.note(turn.kind, turn, reply, is_right(turn, reply))
        languages.note(turn.language, turn, reply, is_right(turn, reply))
    return kinds, languages


def answer_shortened(speaker: Speaker, count: int = 150) -> Table:
    """Return the scores where thinking was skipped, or cut at a random place and closed by a message."""
    table, random = Table(), Random(SEED + 1)
    closing = read_sections("frames")["closings"][0]
    for _ in range(count):
        turn = draw(random, random.choice([kind for kind in COUNTS if kind != "follow-up"]))[-1]
        skipped = speaker.reply(to_messages([turn]), begun=f"\n{END_MARK}\n\n")
        table.note("thinking skipped", turn, skipped, is_right(turn, skipped))
        cut = turn.thinking[: random.randint(0, len(turn.thinking))]
        closed = speaker.reply(to_messages([turn]), begun=f"{cut}\n\n{closing}\n{END_MARK}\n\n")
        table.note("thinking cut short", turn, closed, is_right(turn, closed))
        table.note("of these, a clean sentence", turn, closed, closed.ended and 0 < len(closed.answer) < 200)
    return table


def draw_unlike(random: Random, kind: str, count: int) -> list[Turn]:
    """Return held-out prompts of a kind, no two alike."""
    turns: dict[str, Turn] = {}
    while len(turns) < count:
        turn = draw(random, kind)[-1]
        turns.setdefault(turn.prompt, turn)
    return list(turns.values())


def list_others() -> Iterator[tuple[str, Turn]]:
    """Yield prompts beyond the student's skills and questions about itself, each with its row."""
    random = Random(SEED + 2)
    for turn in draw_unlike(random, "off-topic", 300):
        yield "off-topic, held out", turn
    for turn in draw_unlike(random, "arithmetic beyond", 100):
        yield "arithmetic beyond, held out", turn
    for prompt in read_sections("unseen")["prompts"]:
        yield "off-topic, written apart", Turn("off-topic", "en", prompt, "", "an honest refusal")
    for _ in range(100):
        yield "who are you and the like", make_turn(random, "identity", "en", False)


def answer_others(speaker: Speaker, sampling: Sampling) -> Table:
    """Return how often the model owns that it can't, and how often it says rightly who it is."""
    table = Table()
    for row, turn in list_others():
        reply = speaker.reply(to_messages([turn]), sampling)
        table.note(row, turn, reply, (is_right if turn.kind == "identity" else is_honest)(turn, reply))
    return table


def chat_long(speaker: Speaker, sampling: Sampling, chats: int = 20, turns: int = 10) -> Table:
    """Return the scores in chats of many turns, in which the model's own answers are the history."""
    table, random = Table(), Random(SEED + 3)
    for _ in range(chats):
        messages: list[Message] = []
        for number, turn in enumerate(make_dialogue(random, turns, held_out=True), 1):
            messages.append({"role": "user", "content": turn.prompt})
            reply = speaker.reply(messages, sampling)
            table.note("turns 1 to 5" if number <= 5 else "turns 6 to 10", turn, reply, is_right(turn, reply))
            messages.append({"role": "assistant", "content": turn.answer})
    return table


def evaluate(path: Path, threads: int, log: Callable[[str], None] = print) -> str:
    """Return all tables in Markdown, the mistakes going to the log."""
    speaker = Speaker(path, threads)
    greedy, usual = "temperature 0", "temperature 0.6, top-p 0.95"
    problems = {greedy: answer_problems(speaker, GREEDY), usual: answer_problems(speaker, USUAL)}
    others = {greedy: answer_others(speaker, GREEDY), usual: answer_others(speaker, USUAL)}
    chats = {greedy: chat_long(speaker, GREEDY), usual: chat_long(speaker, USUAL)}
    shortened = {greedy: answer_shortened(speaker)}
    fresh = {greedy: answer_problems(speaker, GREEDY, FRESH_SEED)[0]}
    kinds = {name: tables[0] for name, tables in problems.items()}
    languages = {name: tables[1] for name, tables in problems.items()}
    for table in (
        kinds[greedy],
        others[greedy],
        chats[greedy],
        kinds[usual],
        others[usual],
        shortened[greedy],
    ):
        log("\n".join(table.mistakes))
    parts = (
        write_table("held-out problem", kinds),
        write_table(f"500 others, seed {FRESH_SEED}", fresh),
        write_table("language", languages),
        write_table("beyond its skills, and itself", others),
        write_table("chats of 10 turns", chats),
        write_table("shortened thinking", shortened),
    )
    return (
        "\n\n".join(parts)
        + f"\n\nIt wrote {speaker.written} tokens, {speaker.written / speaker.seconds:.0f} in a second."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, help="score 500 other held-out problems, and nothing else")
    options = parser.parse_args()
    if options.seed is None:
        print(evaluate(options.model, options.threads))
    else:
        kinds, _ = answer_problems(Speaker(options.model, options.threads), GREEDY, options.seed)
        print(write_table(f"held-out problem, seed {options.seed}", {"temperature 0": kinds}))
