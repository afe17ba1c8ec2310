"""How people ask for each kind of problem, and the sentence that answers it, in four languages."""

from __future__ import annotations

from random import Random

from teacher import Backwards, Comparison, Length, LetterCount, Sum
from texts import choose, read_sections

QUESTION_STARTS = (
    "what",
    "how",
    "which",
    "is ",
    "can",
    "could",
    "wie",
    "was",
    "welche",
    "ist",
    "combien",
    "quel",
    "lequel",
    "que ",
    "peux",
    "in the",
    "i need",
)
QUESTION_ENDS = ("多少", "几个", "几次", "什么", "大", "小", "母")
QUESTION_MARKS = {"zh": "？", "fr": " ?"}
QUOTE_MARKS = "\"'“`„«"


def asks(text: str) -> bool:
    """Say whether a phrase is a question rather than an order."""
    return text.lower().startswith(QUESTION_STARTS) or text.endswith(QUESTION_ENDS)


def finish(random: Random, text: str, language: str, is_question: bool = True) -> str:
    """Give a bare question its capital, its mark and now and then a polite word, as people do."""
    if language == "en" and random.random() < 0.08:
        text = choose(random, "frames", "polite").format(text)
    way = random.random()
    if way < 0.62 and not text[:1].isdigit():
        text = text[:1].upper() + text[1:]
    elif way > 0.975 and text.isascii() and not set(QUOTE_MARKS) & set(text):
        text = text.upper() if any(letter.isdigit() for letter in text) else text
    mark = QUESTION_MARKS.get(language, "?") if is_question else "。" if language == "zh" else "."
    if text[-1] not in "?=.？" and random.random() < 0.62:
        text += mark if random.random() < 0.92 else random.choice("!.?")
    return text + ("\n" if random.random() < 0.03 else " " if random.random() < 0.02 else "")


def ask_sum(random: Random, problem: Sum, language: str) -> str:
    """Return a question for a sum, in words or in signs."""
    a, b = str(problem.a), str(problem.b)
    if random.random() < 0.06:
        a, b = (f"{int(x):,}" if len(x) == 4 and language == "en" else x for x in (a, b))
    if random.random() < 0.4:
        text = choose(random, "sums", f"words {language} {problem.sign}").format(a=a, b=b)
    else:
        signs = {"+": "+", "-": random.choice("---−"), "×": random.choice("**×x")}
        space = random.choice(("", " ", " ", " "))
        written = f"({b})" if problem.b < 0 and random.random() < 0.7 else b
        equation = f"{a}{space}{signs[problem.sign]}{space}{written}"
        text = choose(random, "sums", f"signs {language}").format(e=equation)
    return finish(random, text, language, asks(text))


def answer_sum(problem: Sum, boxed: bool = False) -> str:
    """Return the equation that answers a sum."""
    return f"{problem.text} = {box(problem.result, boxed)}."


def box(result: object, boxed: bool) -> str:
    """Return a result, in TeX's box where that was asked for."""
    return f"\\boxed{{{result}}}" if boxed else str(result)


def ask_comparison(random: Random, problem: Comparison, language: str) -> tuple[str, str]:
    """Return a question on two decimals and what it asks: greater, smaller, or yes or no."""
    wanted = "smaller" if random.random() < 0.35 else "greater"
    word = choose(random, "comparisons", f"{language} word {wanted}")
    way = random.random()
    form = "greater"
    if way < 0.06 and language == "en":
        form, wanted = "plain", "greater"
    elif way < 0.26 and language in ("en", "de"):
        form, wanted = "asked", f"{wanted}?"
    if form == "asked" and word == "more":
        word = "greater"
    text = choose(random, "comparisons", f"{language} {form}").format(x=problem.left, y=problem.right, c=word)
    if language == "en" and random.random() < 0.5 and "which is" in text and word not in ("more", "less"):
        text = text.replace(f"is {word}", f"is the {word} number")
    return finish(random, text, language, form != "plain"), wanted


def answer_comparison(problem: Comparison, wanted: str, language: str, boxed: bool = False) -> str:
    """Return the sentence on which number is greater or smaller, after yes or no where that was asked."""
    first, relation, second = problem.relate(wanted)
    if wanted.endswith("?"):
        yes, no = read_sections("answers")[f"{language} yes no"]
        return (
            f"{yes if relation == wanted[:-1] else no} {fill_answer(language, relation, x=first, y=second)}"
        )
    return fill_answer(language, relation, x=box(first, boxed and relation != "equal"), y=second)


def ask_word(random: Random, problem: LetterCount | Backwards | Length, language: str) -> str:
    """Return a question about the letters of a word, with one of several kinds of quotes or none."""
    word = choose(random, "frames", f"{language} quotes").format(w=problem.word)
    match problem:
        case LetterCount():
            quoted = random.random() < 0.3
            single = not quoted and random.random() < 0.08
            letter = f'"{problem.letter}"' if quoted else f"'{problem.letter}'" if single else problem.letter
            text = choose(random, "letters", f"{language} count").format(l=letter, w=word)
        case Backwards():
            text = choose(random, "letters", f"{language} backwards").format(w=word)
        case Length():
            text = choose(random, "letters", f"{language} length").format(w=word)
    bare = word == problem.word and text.startswith(word)
    return text if bare else finish(random, text, language, asks(text))


def answer_word(problem: LetterCount | Backwards | Length, language: str, boxed: bool = False) -> str:
    """Return the sentence that answers a question about the letters of a word."""
    word = problem.word
    match problem:
        case LetterCount(letter):
            number, plural = box(problem.result, boxed), "" if problem.result == 1 else "s"
            return fill_answer(language, "count", l=letter, w=word, n=number, s=plural)
        case Backwards():
            return fill_answer(language, "backwards", w=word, r=problem.result)
        case Length():
            number, plural = box(len(word), boxed), "" if len(word) == 1 else "s"
            return fill_answer(language, "length", w=word, n=number, s=plural)


def answer_story(problem: Sum, thing: str, language: str, boxed: bool = False) -> str:
    """Return the sentence that answers a word problem."""
    if problem.result == 1 and language == "en":
        thing = "candy" if thing == "candies" else thing.removesuffix("s")
    return fill_answer(language, "story", n=box(problem.result, boxed), t=thing)


def fill_answer(language: str, section: str, **fills: object) -> str:
    """Return an answer's one sentence with its places filled."""
    return read_sections("answers")[f"{language} {section}"][0].format(**fills)


def ask_follow_up(random: Random, sign: str, b: int, language: str) -> str:
    """Return an order that takes up the last answer."""
    special = sign == "×" and b in (2, 3) and random.random() < 0.8
    text = choose(random, "follow_ups", f"{language} {b if special else sign}").format(b=b)
    return finish(random, text, language, asks(text))
