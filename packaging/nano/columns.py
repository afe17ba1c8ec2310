"""The teacher's arithmetic, worked column by column as on paper, with every digit written out."""

from __future__ import annotations

PLACES = ("Ones", "Tens", "Hundreds", "Thousands", "Ten thousands")


def take_digits(number: int, width: int) -> list[int]:
    """Return the digits of a number from the ones upwards, filled with zeros to the width."""
    return [int(digit) for digit in reversed(f"{number:0{width}d}")]


def add(a: int, b: int) -> list[str]:
    """Return the lines of working for a + b of two natural numbers."""
    width = max(len(str(a)), len(str(b)))
    lines, carry = [], 0
    for place, x, y in zip(PLACES, take_digits(a, width), take_digits(b, width), strict=False):
        total = x + y + carry
        terms = f"{x} + {y} + 1" if carry else f"{x} + {y}"
        carry, digit = divmod(total, 10)
        lines.append(f"{place}: {terms} = {total}, write {digit}{', carry 1' if carry else ''}.")
    return [*lines, f"Result: {a + b}."]


def subtract(a: int, b: int) -> list[str]:
    """Return the lines of working for a - b of two natural numbers of which b is not the larger."""
    width = max(len(str(a)), len(str(b)))
    lines, borrow, written = [], 0, ""
    for place, x, y in zip(PLACES, take_digits(a, width), take_digits(b, width), strict=False):
        terms = f"{y} - 1" if borrow else str(y)
        digit = x - y - borrow
        borrow = int(digit < 0)
        digit += 10 * borrow
        lines.append(
            f"{place}: {x} - {terms}, borrow: {x + 10} - {terms} = {digit}."
            if borrow
            else f"{place}: {x} - {terms} = {digit}."
        )
        written = f"{digit}{written}"
    result = str(a - b)
    return [*lines, f"Result: {result}." if written == result else f"Result: {written} = {result}."]


def multiply(a: int, digit: int) -> list[str]:
    """Return the lines of working for a natural number times one digit."""
    lines, carry = [], 0
    for place, x in zip(PLACES, take_digits(a, len(str(a))), strict=False):
        product = x * digit
        total = product + carry
        terms = f"{x} × {digit} = {product}" + (f", {product} + {carry} = {total}" if carry else "")
        carry, rest = divmod(total, 10)
        lines.append(f"{place}: {terms}, write {rest}{f', carry {carry}' if carry else ''}.")
    return [*lines, f"Result: {a * digit}."]


def order(left: str, right: str) -> str:
    """Return the comparison of two equally long numerals, digit by digit up to the first difference."""
    steps = []
    for x, y in zip(left, right, strict=True):
        if not x.isdigit():
            continue
        steps.append(f"{x} and {y} {'equal' if x == y else 'less' if x < y else 'more'}")
        if x != y:
            break
    return ", ".join(steps)


def work_out_sum(a: int, b: int) -> list[str]:
    """Return the lines for a + b of integers of either sign."""
    if a >= 0 and b >= 0:
        return [f"{a} + {b}.", *add(a, b)]
    if a < 0 and b < 0:
        return [f"{a} + {show(b)}: both negative, add {-a} + {-b}.", *add(-a, -b), f"With the sign: {a + b}."]
    if a < 0:
        return [f"{a} + {b} = {b} - {-a}.", *work_out_difference(b, -a)]
    return [f"{a} + {show(b)} = {a} - {-b}.", *work_out_difference(a, -b)]


def work_out_difference(a: int, b: int) -> list[str]:
    """Return the lines for a - b of integers of either sign."""
    if b < 0:
        return [f"{show(a)} - {show(b)} = {show(a)} + {-b}.", *work_out_sum(a, -b)]
    if a < 0:
        return [f"{a} - {b}: both negative, add {-a} + {b}.", *add(-a, b), f"With the sign: {a - b}."]
    width = max(len(str(a)), len(str(b)))
    compared = order(f"{a:0{width}d}", f"{b:0{width}d}")
    if a >= b:
        return [f"{a} - {b}: {compared}, not negative.", *subtract(a, b)]
    return [f"{a} - {b}: {compared}, so minus {b} - {a}.", *subtract(b, a), f"With the sign: {a - b}."]


def work_out_product(a: int, b: int) -> list[str]:
    """Return the lines for a × b, integers of either sign of which at least one has a single digit."""
    if a < 0 or b < 0:
        sign = "not negative" if (a < 0) == (b < 0) or 0 in (a, b) else "negative"
        return [f"{a} × {show(b)}: {sign}.", *work_out_product(abs(a), abs(b)), f"With the sign: {a * b}."]
    if b > 9:
        return [f"{a} × {b} = {b} × {a}.", *multiply(b, a)]
    return [f"{a} × {b}.", *multiply(a, b)]


def show(number: int) -> str:
    """Return a number as it stands after an operator, a negative one in brackets."""
    return f"({number})" if number < 0 else str(number)
