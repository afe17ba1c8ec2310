"""Words that the teacher spells, counts in and talks about, common ones and made-up ones."""

from __future__ import annotations

from random import Random

from texts import choose

VOWELS = "aeiou"
CONSONANTS = "bcdfghjklmnprstvwz"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
LIKE = {"é": "e", "è": "e", "ü": "u", "ö": "o", "ä": "a", "ß": "s", "ñ": "n"}
ACCENTS = "äöüßéèêàâçñôîïœåø"


def make_syllable(random: Random) -> str:
    """Return a consonant, a vowel and now and then another consonant."""
    return (
        random.choice(CONSONANTS) + random.choice(VOWELS) + random.choice(["", "", random.choice("lmnrst")])
    )


def make_word(random: Random) -> str:
    """Return a word that nobody knows: syllables, doubled letters or letters at random."""
    way = random.random()
    if way < 0.45:
        word = "".join(make_syllable(random) for _ in range(random.randint(1, 5)))
    elif way < 0.75:
        few = random.sample(ALPHABET, random.randint(2, 6))
        word = "".join(random.choice(few) for _ in range(random.randint(3, 14)))
    else:
        word = "".join(random.choice(ALPHABET) for _ in range(random.randint(2, 13)))
    if random.random() < 0.08:
        place = random.randrange(len(word))
        word = word[:place] + random.choice(ACCENTS) + word[place:]
    return word[:16]


def choose_word(random: Random, language: str = "en") -> str:
    """Return a word to spell, most often a common one of the language, now and then in another case."""
    way = random.random()
    if way < 0.4:
        word = make_word(random)
    elif way < 0.52:
        word = choose(random, "words", "accents")
    else:
        word = choose(random, "words", language if language in ("de", "fr") else "en")
    way = random.random()
    return word.capitalize() if way < 0.08 else word.upper() if way < 0.12 and "ß" not in word else word


def choose_letter(random: Random, word: str) -> str:
    """Return a letter to count, most often one of the word's, now and then one that is not there."""
    way = random.random()
    if way < 0.45:
        letters = [letter for letter in word if word.lower().count(letter.lower()) > 1] or list(word)
        letter = random.choice(letters)
    elif way < 0.85:
        letter = random.choice(word)
    elif way < 0.93:
        letter = random.choice(LIKE.get(word[-1], "eas"))
    else:
        letter = random.choice(ALPHABET + ACCENTS)
    return letter.lower() if random.random() < 0.93 else letter.upper().replace("SS", "ß")
