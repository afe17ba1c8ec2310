"""Small signs above, below and on other ones, as far as Unicode has them."""

from __future__ import annotations

import re
import unicodedata

_ABOVE = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ′∘*",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ′°*",
        strict=True,
    )
)
_BELOW = dict(
    zip(
        "0123456789+−-=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_MARKS = {"^": _ABOVE, "_": _BELOW}
_SMALL = "".join({*_ABOVE.values(), *_BELOW.values()} - {"*"})

ACCENTS = {
    "acute": "\u0301",
    "bar": "\u0304",
    "breve": "\u0306",
    "check": "\u030c",
    "ddot": "\u0308",
    "dot": "\u0307",
    "grave": "\u0300",
    "hat": "\u0302",
    "mathring": "\u030a",
    "overline": "\u0305",
    "overrightarrow": "\u20d7",
    "tilde": "\u0303",
    "underline": "\u0332",
    "vec": "\u20d7",
    "widehat": "\u0302",
    "widetilde": "\u0303",
}
"""Combining characters, by what LaTeX calls the accent."""

ALPHABETS = {
    "mathbb": "DOUBLE-STRUCK",
    "mathcal": "SCRIPT",
    "mathfrak": "BLACK-LETTER",
    "mathscr": "SCRIPT",
}
"""What Unicode calls the alphabets of LaTeX."""


def script(sign: str, text: str) -> str:
    """A text above (`^`) or below (`_`) what stands before it, small where Unicode can."""
    small = _MARKS[sign]
    if text and all(character in small for character in text):
        return "".join(small[character] for character in text)
    return f"{sign}{text}" if len(text) == 1 or text.isdecimal() else f"{sign}({text})"


def accented(text: str, mark: str) -> str:
    """A text with an accent on each of its characters."""
    return "".join(character if character.isspace() else character + mark for character in text)


def in_alphabet(text: str, alphabet: str) -> str:
    """Capital letters in another alphabet, where Unicode has a name for them."""
    return "".join(_letter(character, alphabet) for character in text)


def is_atom(text: str) -> bool:
    """A number, a letter with its accents and scripts, or something in brackets: what needs no others."""
    letters = "".join(character for character in text if not unicodedata.combining(character))
    letters = letters.lstrip("√∛∜").rstrip(_SMALL)
    return len(letters) <= 1 or letters.replace(".", "", 1).isdecimal() or _is_bracketed(letters)


def is_product(text: str) -> bool:
    """Nothing is added or divided outside brackets: what needs none above a fraction line."""
    while (rest := re.sub(r"\([^()]*\)", "", text)) != text:
        text = rest
    return not re.search(r"[\s+−/±∓]", text[1:] if text[:1] == "−" else text)


def _is_bracketed(text: str) -> bool:
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _letter(character: str, alphabet: str) -> str:
    for prefix in (alphabet, f"MATHEMATICAL {alphabet.replace('BLACK-LETTER', 'FRAKTUR')}"):
        try:
            return unicodedata.lookup(f"{prefix} CAPITAL {character}")
        except KeyError:
            continue
    return character
