"""Dialogues for training: turns of mixed kinds, as tokens of which only the last reply's are learned."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import identity
import offtopic
import phrasing
import problems
import stories
import words
from teacher import Backwards, Length, LetterCount, Sum, is_held_out
from texts import choose, read_sections
from vocabulary import ASSISTANT, BOS, END_THINK, EOS, THINK, USER

LANGUAGES = ("en", "de", "fr", "zh")
LANGUAGE_WEIGHTS = (76, 8, 8, 8)


@dataclass(frozen=True)
class Mix:
    """How often each kind comes, and the shares of replies with thinking skipped and cut short."""

    name: str
    kinds: dict[str, int]
    skipped: float
    cut: float


FULL = Mix("full", {
    "add": 13, "subtract": 15, "multiply": 11, "compare": 13, "count": 18, "backwards": 12, "length": 3,
    "story": 9, "identity": 6, "off-topic": 12, "arithmetic beyond": 6,
}, skipped=0.04, cut=0.05)  # fmt: skip
LAST = Mix("last", {
    "add": 14, "subtract": 15, "multiply": 12, "compare": 16, "count": 14, "backwards": 12, "length": 3,
    "story": 12, "identity": 7, "off-topic": 11, "arithmetic beyond": 9,
}, skipped=0.03, cut=0.05)  # fmt: skip
END = Mix("end", {
    "add": 14, "subtract": 14, "multiply": 11, "compare": 30, "count": 14, "backwards": 12, "length": 3,
    "story": 13, "identity": 7, "off-topic": 11, "arithmetic beyond": 9,
}, skipped=0.03, cut=0.05)  # fmt: skip
HONEST = Mix("honest", {
    "add": 12, "subtract": 13, "multiply": 11, "compare": 20, "count": 13, "backwards": 12, "length": 3,
    "story": 13, "identity": 18, "off-topic": 24, "arithmetic beyond": 22,
}, skipped=0.02, cut=0.04)  # fmt: skip
WORK = Mix("work", {
    "add": 14, "subtract": 16, "multiply": 14, "compare": 12, "count": 15, "backwards": 14, "length": 2,
    "story": 10, "identity": 5, "off-topic": 5, "arithmetic beyond": 4,
}, skipped=0.01, cut=0.03)  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """A prompt with its thinking and answer, the number that a follow-up can take, and what it is about."""

    kind: str
    language: str
    prompt: str
    thinking: str
    answer: str
    value: int | None = None
    content: object = None


def make_turn(  # noqa: PLR0911 - one return for each kind reads best
    random: Random, kind: str, language: str, boxed: bool
) -> Turn:
    """Return a turn of a kind that stands alone."""
    match kind:
        case "add" | "subtract" | "multiply":
            return make_sum(random, kind, language, boxed)
        case "compare":
            pair = problems.choose_comparison(random, language)
            prompt, wanted = phrasing.ask_comparison(random, pair, language)
            answer = phrasing.answer_comparison(pair, wanted, language, boxed)
            return Turn(kind, language, prompt, "\n".join(pair.think(wanted)), answer, None, pair)
        case "count" | "backwards" | "length":
            return make_word_turn(random, kind, language, boxed)
        case "story":
            text, reason, problem, thing = stories.tell(random, language)
            thinking = "\n".join([f"{reason}.", *problem.think()])
            answer = phrasing.answer_story(problem, thing, language, boxed)
            return Turn(kind, language, text, thinking, answer, problem.result, problem)
        case "identity":
            prompt, saying = identity.say(random)
            return Turn(kind, saying.language, prompt, saying.thought, saying.answer)
        case "off-topic":
            prompt, spoken = offtopic.ask_anything(random)
            answer = phrasing.fill_answer(spoken, "decline")
            return Turn(kind, spoken, prompt, offtopic.THOUGHT, answer, None, prompt)
        case "arithmetic beyond":
            prompt, spoken, thought, answer = offtopic.ask_arithmetic(random)
            return Turn(kind, spoken, prompt, thought, answer, None, prompt)
    raise ValueError(f"There is no kind {kind!r}.")


def make_sum(random: Random, kind: str, language: str, boxed: bool) -> Turn:
    """Return a turn about a sum, not calling a difference what is negative."""
    problem = problems.choose_sum(random, {"add": "+", "subtract": "-", "multiply": "×"}[kind])
    prompt = phrasing.ask_sum(random, problem, language)
    while problem.a < problem.b and "difference" in prompt:
        prompt = phrasing.ask_sum(random, problem, language)
    answer = phrasing.answer_sum(problem, boxed)
    return Turn(kind, language, prompt, "\n".join(problem.think()), answer, problem.result, problem)


def make_word_turn(random: Random, kind: str, language: str, boxed: bool) -> Turn:
    """Return a turn about the letters of a word."""
    word = words.choose_word(random, language)
    problem: LetterCount | Backwards | Length
    value = None
    if kind == "count":
        problem = LetterCount(words.choose_letter(random, word), word)
        value = problem.result
    elif kind == "backwards":
        problem = Backwards(word)
    else:
        problem = Length(word)
        value = len(word)
    prompt = phrasing.ask_word(random, problem, language)
    answer = phrasing.answer_word(problem, language, boxed)
    return Turn(kind, language, prompt, "\n".join(problem.think()), answer, value, problem)


def make_follow_up(random: Random, last: int | None, language: str) -> Turn:
    """Return a turn that takes up the last number, or says that there is none."""
    sign = random.choice("++--×")
    if sign == "×" or random.random() < 0.3:
        number = random.randint(2, 9)
    else:
        number = max(1, problems.choose_number(random) // random.choice((1, 10)))
    number = random.choice((2, 2, 3, number)) if sign == "×" else number
    prompt = phrasing.ask_follow_up(random, sign, number, language)
    if last is None:
        return Turn(
            "follow-up",
            language,
            prompt,
            "No number before this.",
            phrasing.fill_answer(language, "no number"),
        )
    if abs(last) > 9999:
        thought, reason = offtopic.REASONS["more than four digits"]
        return Turn(
            "follow-up", language, prompt, thought, phrasing.fill_answer(language, "limit", reason=reason)
        )
    problem = Sum(last, sign, number)
    thinking = "\n".join([f"The last answer is {last}.", *problem.think()])
    return Turn(
        "follow-up", language, prompt, thinking, phrasing.answer_sum(problem), problem.result, problem
    )


def instruct(random: Random, turn: Turn, boxed: bool) -> Turn:
    """Put an instruction before or after the prompt, the one for a box or another."""
    order = read_sections("frames")["boxed"][0] if boxed else choose(random, "frames", "steps")
    joint = random.choice(("\n", "\n", " ", "\n\n"))
    prompt = f"{order}{joint}{turn.prompt}" if random.random() < 0.6 else f"{turn.prompt}{joint}{order}"
    return Turn(turn.kind, turn.language, prompt, turn.thinking, turn.answer, turn.value, turn.content)


def make_dialogue(
    random: Random,
    turns: int,
    held_out: bool = False,
    kinds: dict[str, int] = FULL.kinds,
    follow_up_share: float = 0.4,
) -> list[Turn]:
    """Return turns of a chat, every one's problem held out from training or every one's not."""
    language = random.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0]
    dialogue: list[Turn] = []
    last: int | None = None
    open_end = False
    while len(dialogue) < turns:
        boxed = random.random() < 0.04
        if (dialogue and not open_end and random.random() < follow_up_share) or random.random() < 0.008:
            turn = make_follow_up(random, last, language)
            if abs(turn.value or 0) > 99999:
                continue
        else:
            kind = random.choices(list(kinds), list(kinds.values()))[0]
            turn = make_turn(random, kind, language, boxed)
            if boxed or random.random() < 0.02:
                turn = instruct(random, turn, boxed)
        if turn.content is not None and is_held_out(turn.content) != held_out:
            continue
        dialogue.append(turn)
        last = turn.value if turn.value is not None else last
        open_end = turn.kind == "compare" or (open_end and turn.value is None)
    return dialogue


@dataclass(frozen=True)
class Example:
    """Tokens, and for each whether it is to be learned."""

    tokens: list[int]
    learned: list[bool]


def encode_dialogue(random: Random, dialogue: list[Turn], mix: Mix = FULL) -> Example:
    """Return a dialogue as tokens, the last reply's thinking whole, skipped or cut short."""
    tokens = [BOS]
    lead = random.choice(("", "\n\n"))
    for turn in dialogue[:-1]:
        tokens += [USER, *turn.prompt.encode(), ASSISTANT, *(lead + turn.answer).encode(), EOS]
    last = dialogue[-1]
    tokens += [USER, *last.prompt.encode(), ASSISTANT, THINK, *b"\n"]
    way = random.random()
    answer = [*b"\n\n", *last.answer.encode(), EOS]
    if way < mix.skipped:
        given = [*b"\n", END_THINK, *b"\n\n"]
        reply = answer[2:]
    elif way < mix.skipped + mix.cut:
        whole = last.thinking.encode()
        kept = whole[: random.randint(0, len(whole))].decode(errors="ignore")
        closing = choose(random, "frames", "closings")
        given = [*f"{kept}\n\n{closing}\n".encode(), END_THINK, *b"\n\n"]
        reply = answer[2:]
    else:
        given = []
        reply = [*last.thinking.encode(), *b"\n", END_THINK, *answer]
    tokens += given
    return Example(tokens + reply, [False] * len(tokens) + [True] * len(reply))
