"""Formulas as text: what a person would write on one line, or the source as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.latex.formula import LENGTH_LIMIT, formula_text
from localr1.latex.reader import DEPTH_LIMIT

READABLE = {
    r"\boxed{132}": "▕132▏",
    r"\boxed{\dfrac{3\sqrt{2}}{4}}": "▕3√2/4▏",
    r"x^2 + y_{10}": "x² + y₁₀",
    r"2^{10}=1024": "2¹⁰ = 1024",
    r"e^{-x^2}": "e^(−x²)",
    r"(x^2)^3": "(x²)³",
    r"\sqrt{2}": "√2",
    r"\sqrt{b^2-4ac}": "√(b²−4ac)",
    r"\sqrt[3]{x+1}": "∛(x+1)",
    r"\sqrt[n]{x}": "ⁿ√x",
    r"\frac{a+b}{2}": "(a+b)/2",
    r"\frac{n(n+1)}{2}": "n(n+1)/2",
    r"\frac{1}{2a}": "1/(2a)",
    r"\frac{1}{(a+b)}": "1/(a+b)",
    r"\frac{1}{(a)(b)}": "1/((a)(b))",
    r"\frac{a}{x_n}": "a/xₙ",
    r"\frac12": "1/2",
    r"\frac{-1}{2}": "−1/2",
    r"2\frac{1}{3}": "2 1/3",
    r"\frac{1}{2}(x+1)": "1/2 (x+1)",
    r"\frac{1}{2}\pi": "1/2 π",
    r"\sum_{i=1}^{n} i": "∑ᵢ₌₁ⁿ i",
    r"\lim_{h \to 0} h": "lim_(h→0) h",
    r"2\sin^2 x\cos(x)": "2 sin² x cos(x)",
    r"\operatorname{lcm}(4,6)=12": "lcm(4,6) = 12",
    r"\log_2 8 = 3": "log₂ 8 = 3",
    r"x\leq 5\implies y\neq 3": "x ≤ 5 ⟹ y ≠ 3",
    r"a\not=b": "a =\u0338 b",
    r"\text{if } x>0": "if x > 0",
    r"5 \, \text{km/h}": "5 km/h",
    r"\overline{AB} \cdot 90^\circ": "A\u0305B\u0305 · 90°",
    r"\mathbb{R} \to \mathbf{v}": "ℝ → v",
    r"\mathcal{O}(n\log n)": "𝒪(n log n)",
    r"\left\{x \mid x>0\right\}": "{x ∣ x > 0}",
    r"\left. x \right|": "x |",
    r"7 \equiv 2 \pmod{5}": "7 ≡ 2 (mod 5)",
    r"\binom{n}{k}": "C(n, k)",
    r"f'(x)": "f′(x)",
    r"50\% \$5": "50% $5",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": "(1, 2; 3, 4)",
    r"\begin{array}{cc}1&2\end{array}": "[1, 2]",
    r"\begin{cases} x, & x>0\\ -x, & x\le 0\end{cases}": "{ x, x > 0; −x, x ≤ 0",
    r"\begin{aligned} a &= b \\[2pt] c &= d \end{aligned}": "a = b\nc = d",
    "\n47 + 85\n= 132\n": "47 + 85 = 132",
    "": "",
}
UNREADABLE = (
    r"\unknown{x}",
    r"\frac{1",
    r"\frac{1}",
    "x}",
    r"\begin{tikzpicture}x\end{tikzpicture}",
    r"\begin{align}x\end{gather}",
    r"\begin{align}x",
    r"\text{$x$}",
    r"\lrm",
    "x^",
    "\\",
    "{" * (DEPTH_LIMIT + 1) + "}" * (DEPTH_LIMIT + 1),
    "\\frac1" * DEPTH_LIMIT * 2,
    "x" * (LENGTH_LIMIT + 1),
)


@pytest.mark.parametrize("source", READABLE)
def test_a_formula_reads_as_a_person_would_write_it(source: str) -> None:
    assert formula_text(source) == READABLE[source]


@pytest.mark.parametrize("source", UNREADABLE)
def test_what_is_not_understood_is_not_guessed(source: str) -> None:
    assert formula_text(source) is None


def test_the_deepest_formula_is_read() -> None:
    assert formula_text("{" * DEPTH_LIMIT + "x" + "}" * DEPTH_LIMIT) == "x"


@given(st.text(alphabet=r"\{}[]^_&'xfrac12 dboxedsqrtextbgin$%." + "\n"))
def test_no_source_breaks_the_reader(source: str) -> None:
    text = formula_text(source)
    assert text is None or not any(mark in text for mark in "\u2061\u2063\t")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_numbers_come_through_whole(above: int, below: int) -> None:
    assert formula_text(rf"\frac{{{above}}}{{{below}}} = \boxed{{{above}}}") == f"{above}/{below} = ▕{above}▏"
