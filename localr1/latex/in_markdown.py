"""Formulas in Markdown: \\(…\\), \\[…\\], $…$, $$…$$ and a bare \\boxed{…}, as text that can be read."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from localr1.latex.formula import LENGTH_LIMIT, formula_text

_INLINE = re.compile(
    r"\\\((?P<round>.{1,4000}?)\\\)"
    r"|\\\[(?P<square>.{1,4000}?)\\\]"
    r"|\$\$(?P<double>.{1,4000}?)\$\$"
    r"|\$(?P<single>(?![\s$])[^$\n]*?[^\s$\\])\$(?!\d)"
    r"|(?P<environment>\\begin\{(?P<name>[a-zA-Z]+\*?)\}.{1,4000}?\\end\{(?P=name)\})",
    re.DOTALL,
)
"""Bounded as LENGTH_LIMIT is: a text full of openings must not be read to its end from each of them."""
_BOXED = re.compile(r"\\boxed\s*\{")
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+\*?)\}")
_OPENINGS = {"\\[": "\\]", "$$": "$$"}
_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]
LINES_LIMIT = 200
"""Lines of the longest formula."""


def read_formulas(parser: MarkdownIt) -> None:
    """Let a parser show formulas; what can't be shown as text stays as it was written."""
    parser.inline.ruler.before("escape", "formula", _inline)
    parser.block.ruler.before("code", "formula", _block, {"alt": _INTERRUPTED})


def opens_formula(line: str) -> str:
    """What will end the formula that begins this line and goes on in the next ones; "" where none does."""
    line = line.strip()
    closing = _closing(line)
    return "" if closing in line[2:] else closing


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "\\$":
        return False
    if match := _INLINE.match(state.src, state.pos, state.posMax):
        end = match.end()
        source = match[match.lastgroup or 0]
    elif match := _BOXED.match(state.src, state.pos, state.posMax):
        end = _closing_brace(state.src, match.end(), state.posMax)
        source = state.src[state.pos : end]
    else:
        return False
    text = formula_text(source)
    if not silent:
        _push(state, state.src[state.pos : end] if text is None else text)
    state.pos = end
    return True


def _push(state: StateInline, text: str) -> None:
    for place, line in enumerate(text.split("\n")):
        if place:
            state.push("hardbreak", "br", 0)
        state.push("text", "", 0).content = line


def _closing_brace(source: str, start: int, end: int) -> int:
    """The place after the brace that closes the one before `start`; `start` itself where none does."""
    depth = 1
    for match in re.finditer(r"\\.|[{}]", source[start : min(end, start + LENGTH_LIMIT)], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return start + match.end()
    return start


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Keep the lines of a formula together: some look like lists, headings or rules."""
    if state.is_code_block(first):
        return False
    closing = _closing(_line(state, first))
    if not closing:
        return False
    end = first
    while closing not in _line(state, end)[2 if end == first else 0 :]:
        end += 1
        if end >= min(last, first + LINES_LIMIT) or state.isEmpty(end):
            return False
    if silent:
        return True
    state.line = end + 1
    state.push("paragraph_open", "p", 1).map = [first, state.line]
    token = state.push("inline", "", 0)
    token.content = state.getLines(first, state.line, state.blkIndent, False).strip()
    token.map = [first, state.line]
    token.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _closing(line: str) -> str:
    """What ends the formula that begins a line; "" where none does."""
    if match := _BEGIN.match(line):
        return f"\\end{{{match[1]}}}"
    return _OPENINGS.get(line[:2], "")
