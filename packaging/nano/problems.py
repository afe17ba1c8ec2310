"""The numbers that the teacher draws for its problems."""

from __future__ import annotations

from random import Random

from teacher import Comparison, Sum


def choose_number(random: Random) -> int:
    """Return a natural number of one to four digits, shorter ones as often as longer."""
    digits = random.choices((1, 2, 3, 4), (20, 32, 26, 22))[0]
    number = random.randint(10 ** (digits - 1) if digits > 1 else 0, 10**digits - 1)
    if random.random() < 0.06:
        number = number // 10 * 10 if random.random() < 0.5 else 10 ** (digits - 1)
    return number


def choose_sum(random: Random, sign: str) -> Sum:
    """Return a sum within the student's range."""
    a, b = choose_number(random), choose_number(random)
    if sign == "×":
        b = random.randint(0, 9) if random.random() < 0.2 else random.randint(2, 9)
        return Sum(a, sign, b) if random.random() < 0.6 else Sum(b, sign, a)
    if sign == "-" and a < b and random.random() < 0.6:
        a, b = b, a
    if sign == "-" and random.random() < 0.12:
        b = max(0, a + random.randint(-12, 12))
    if random.random() < 0.05:
        a = -a if random.random() < 0.7 else a
        b = -b if a >= 0 or random.random() < 0.3 else b
    return Sum(a, sign, b)


def choose_comparison(random: Random, language: str) -> Comparison:
    """Return two decimals, often alike in their first digits and unlike in their length."""
    mark = "," if language in ("de", "fr") and random.random() < 0.7 else "."
    whole = random.randint(0, 10 ** random.choice((1, 1, 1, 2, 2, 3)) - 1)

    def part() -> str:
        places = random.choices((0, 1, 2, 3, 4), (8, 38, 34, 14, 6))[0]
        return "".join(random.choice("0123456789") for _ in range(places))

    left_part, right_part = part(), part()
    if random.random() < 0.3:
        shared = part()[:2]
        left_part, right_part = (shared + left_part)[:4], (shared + right_part)[:4]
    if random.random() < 0.06:
        right_part = left_part + "0" * random.randint(0, 2)
    other = whole if random.random() < 0.72 else random.randint(0, 10 ** random.choice((1, 2, 3)) - 1)
    return Comparison(write_decimal(whole, mark, left_part), write_decimal(other, mark, right_part))


def write_decimal(whole: int, mark: str, part: str) -> str:
    """Return a decimal, without the mark if nothing follows it."""
    return f"{whole}{mark}{part}" if part else str(whole)
