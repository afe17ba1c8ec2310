"""Everything the student must decline, and the honest sentences with which it does."""

from __future__ import annotations

import re
from random import Random

from phrasing import fill_answer
from texts import choose, read_sections
from words import ALPHABET, make_word

REASONS = {
    "division": ("A division.", "divisions"),
    "more than four digits": ("A number with more than four digits.", "numbers with more than four digits"),
    "two long factors": ("Both factors have more than one digit.", "products of two long numbers"),
    "powers and roots": ("A power or a root.", "powers and roots"),
    "percentages": ("A percentage.", "percentages"),
    "longer sums": ("More than one step.", "sums of more than one step"),
    "sums with decimals": ("A sum with decimals or fractions.", "sums with decimals or fractions"),
}

PLACE = re.compile(r"\{([a-z]+)\}")

EMOJI = "😀😂🎉❤👍🔥🚀🐱🐶🌍🍓🍎🤔😢💡✨🙏🎵⚽☀🌙🌈🧮🤖"

THOUGHT = "Not a sum, decimals or letters of a word: beyond me."

QUESTION_STARTS = (
    "what",
    "who",
    "how",
    "why",
    "when",
    "where",
    "which",
    "is ",
    "are ",
    "do ",
    "can ",
    "could ",
    "should ",
    "will ",
)


def fill(random: Random, template: str) -> str:
    """Return a template with each of its places filled."""
    filled = PLACE.sub(lambda place: choose(random, "fills", place[1]), template)
    return filled.replace("{{", "{").replace("}}", "}")


def dress(random: Random, text: str) -> str:
    """Give an English prompt the capitals and marks of different writers."""
    is_question = text.startswith(QUESTION_STARTS)
    if random.random() < 0.6:
        text = text[:1].upper() + text[1:]
    elif random.random() < 0.06:
        text = text.upper()
    if random.random() < 0.6 and text[-1:].isalnum():
        text += "?" if is_question else random.choice((".", "!", "", "."))
    if random.random() < 0.08:
        text = choose(random, "frames", "polite off topic").format(text)
    return text + ("\n" if random.random() < 0.02 else "")


def scramble(random: Random) -> str:
    """Return words, letters, digits or signs without sense."""
    way = random.random()
    words = read_sections("words")["en" if random.random() < 0.8 else "accents"]
    if way < 0.3:
        text = " ".join(random.choice(words) for _ in range(random.randint(1, 8)))
    elif way < 0.4:
        text = " ".join(make_word(random) for _ in range(random.randint(1, 6)))
    elif way < 0.5:
        text = "".join(random.choice(ALPHABET + "    ") for _ in range(random.randint(3, 40))).strip() or "x"
    elif way < 0.62:
        text = "".join(chr(random.randint(33, 126)) for _ in range(random.randint(2, 24)))
    elif way < 0.72:
        text = " ".join(
            str(random.randint(0, 10 ** random.randint(1, 5))) for _ in range(random.randint(1, 5))
        )
    elif way < 0.82:
        text = "".join(random.choice(EMOJI) for _ in range(random.randint(1, 4)))
    elif way < 0.9:
        text = choose(random, "frames", "marks")
    else:
        text = " ".join(
            random.choice(words) if random.random() < 0.6 else str(random.randint(0, 999))
            for _ in range(random.randint(2, 9))
        ) + random.choice(("", ".", "?"))
    return text


def paste(random: Random) -> str:
    """Return a longer text, as one pastes it to have something done with it."""
    sentences = []
    for _ in range(random.randint(2, 7)):
        if random.random() < 0.5:
            sentence = fill(random, choose(random, "off_topic", "en"))
        else:
            sentence = " ".join(choose(random, "words", "en") for _ in range(random.randint(4, 11)))
        sentences.append(sentence[:1].upper() + sentence[1:] + ".")
    order = random.choice(
        ("", "", "Summarize this: ", "Translate: ", "What do you think of this text? ", "Rewrite: ")
    )
    return order + random.choice((" ", " ", "\n", "\n\n")).join(sentences)


def make_question(random: Random) -> str:
    """Return a question put together from common words, more varied than the templates."""
    frame = choose(random, "frames", "questions")
    return frame.format(*(choose(random, "words", "en").lower() for _ in range(3)))


def ask_anything(random: Random) -> tuple[str, str]:
    """Return a prompt beyond the student's skills and the language of the reply."""
    way = random.random()
    if way < 0.44:
        text = dress(random, fill(random, choose(random, "off_topic", "en")))
    elif way < 0.56:
        text = dress(random, make_question(random))
    elif way < 0.70:
        text = scramble(random)
    elif way < 0.76:
        text = fill(random, choose(random, "off_topic", "code"))
    elif way < 0.80:
        text = paste(random)
    elif way < 0.83:
        text = choose(random, "off_topic", "other languages")
    else:
        return ask_abroad(random)
    return text, "en"


def ask_abroad(random: Random) -> tuple[str, str]:
    """Return a prompt in German, French or Chinese, and its language."""
    language = random.choice(("de", "fr", "zh"))
    text = fill(random, choose(random, "off_topic", language))
    is_question = text.startswith(("W", "K", "M", "Q", "C", "P", "O", "A")) and language != "zh"
    mark = {"de": "?", "fr": " ?", "zh": "？"}[language] if is_question or language == "zh" else "."
    return text + (mark if random.random() < 0.6 else ""), language


def detect_language(text: str) -> str:
    """Return the language of an arithmetic template by its words."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return "zh"
    return "de" if text.startswith("was ") else "fr" if text.startswith("combien") else "en"


def draw_number(random: Random, fewest: int, most: int) -> str:
    """Return a number of so many digits."""
    return str(random.randint(10 ** (fewest - 1), 10 ** random.randint(fewest, most) - 1))


def ask_arithmetic(random: Random) -> tuple[str, str, str, str]:
    """Return arithmetic out of range: the prompt, its language, the thought and the answer."""
    kind = random.choice(list(REASONS))
    template = choose(random, "beyond", kind)
    language = detect_language(template)
    digits = {"a": (1, 4), "b": (1, 3), "c": (1, 3), "l": (5, 8), "m": (2, 4), "n": (2, 4)}
    fills = {name: draw_number(random, *span) for name, span in digits.items()}
    fills |= {name: str(random.randint(2, 9)) for name in "def"}
    fills |= {name: f"{random.randint(0, 99)}.{random.randint(1, 999)}" for name in "pq"}
    text = template.format(**fills)
    if template.count("{l}") == 2 and random.random() < 0.8:
        text = template.replace("{l}", draw_number(random, 5, 9), 1).format(**fills)
    if language == "en":
        text = dress(random, text)
    elif random.random() < 0.5:
        text = text[:1].upper() + text[1:] + {"de": "?", "fr": " ?", "zh": "？"}[language]
    thought, reason = REASONS[kind]
    return text, language, thought, fill_answer(language, "limit", reason=reason)
