"""A reply's text as it streams, split into thinking and answer.

Held back is only what may be the beginning of a tag, and white space that a tag would drop. So the totals
are the same however the text is cut, and the work grows with the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.chat.families import ThinkingTags
from localr1.chat.tag_pattern import closing_spellings, tag_pattern


class ThinkingState(str, Enum):
    """How far the thinking of a reply has come."""

    NONE = "none"
    """No thinking seen."""
    RUNNING = "running"
    """Inside the thinking; once the reply has ended, it was left unfinished."""
    CLOSED = "closed"
    SKIPPED = "skipped"
    """Closed with nothing in it."""


class _Phase(Enum):
    START = auto()
    """Nothing but white space came."""
    UNSETTLED = auto()
    """An answer, unless a closing tag comes before any opening one."""
    OPENED = auto()
    """The prompt opened the thinking; the model may repeat the tag."""
    THINKING = auto()
    CLOSED = auto()
    """The thinking has ended; the wrapper of the answer may follow."""
    ANSWER = auto()
    UNWRAPPED = auto()
    """The wrapper was closed: dropped if the reply ends here, part of the answer if it goes on."""


_WITHOUT_TAG = {
    _Phase.START: _Phase.UNSETTLED,
    _Phase.OPENED: _Phase.THINKING,
    _Phase.CLOSED: _Phase.ANSWER,
    _Phase.UNWRAPPED: _Phase.ANSWER,
}
"""Phases in which only a tag may come next, white space aside, and where anything else leads."""

_QUOTES = tuple("\"'`“‘«")


class ThinkingSplitter:
    """Splits one reply; without tags everything is answer.

    White space right after a tag is dropped. If the first tag is a closing one, all before it was thinking;
    but a closing tag right after a quotation mark or backtick, or in a code fence, is only mentioned there
    and stays text.
    """

    def __init__(self, tags: ThinkingTags | None, *, opened: bool = False) -> None:
        self._patterns = _patterns(tags or ThinkingTags("", ""))
        self._phase = _Phase.ANSWER if tags is None else _Phase.OPENED if opened else _Phase.START
        self._after_tag = False
        self._closed = False
        self._held = ""
        self._pending: list[str] = []
        self._thinking: list[str] = []
        self._answer: list[str] = []
        self._deltas: list[Delta] = []
        self._fences = 0
        self._parts_counted = 0

    @property
    def thinking(self) -> str:
        return "".join(self._thinking)

    @property
    def answer(self) -> str:
        return "".join(self._answer)

    @property
    def state(self) -> ThinkingState:
        if self._phase in (_Phase.OPENED, _Phase.THINKING):
            return ThinkingState.RUNNING
        if not self._closed:
            return ThinkingState.NONE
        return ThinkingState.CLOSED if self._thinking else ThinkingState.SKIPPED

    def feed(self, text: str) -> list[Delta]:
        """What more text of the reply adds."""
        text, self._held = self._held + text, ""
        position = 0
        while position < len(text):
            step = self._expect_tag if self._phase in _WITHOUT_TAG else self._search_tag
            position = step(text, position)
        return self._take_deltas()

    def finish(self) -> list[Delta]:
        """What was held back, when no more text comes."""
        if self._phase in (_Phase.START, _Phase.UNSETTLED):
            self._phase = _Phase.ANSWER
            self._release_pending()
        self._emit(self._held)
        self._held = ""
        return self._take_deltas()

    def _take_deltas(self) -> list[Delta]:
        deltas, self._deltas = self._deltas, []
        return deltas

    def _expect_tag(self, text: str, position: int) -> int:
        end = _end_of_white_space(text, position)
        if self._phase in (_Phase.START, _Phase.UNWRAPPED):
            self._pending.append(text[position:end])
        if end == len(text):
            return end
        if found := self._patterns[self._phase].match(text, end):
            return self._read(found)
        self._phase = _WITHOUT_TAG[self._phase]
        self._release_pending()
        return end

    def _search_tag(self, text: str, position: int) -> int:
        if self._after_tag:
            position = _end_of_white_space(text, position)
            self._after_tag = position == len(text)
        found = self._patterns[self._phase].search(text, position)
        self._emit(text[position : found.start() if found else len(text)])
        return self._read(found) if found else len(text)

    def _read(self, found: re.Match[str]) -> int:
        match found.lastgroup:
            case "held":
                self._held = found.group()
            case "open" if self._phase is _Phase.UNSETTLED:
                self._phase = _Phase.ANSWER
                self._emit(found.group())
            case "close" if self._phase is _Phase.UNSETTLED and self._is_mention():
                self._emit(found.group())
            case "open":
                self._enter(_Phase.THINKING)
            case "close":
                self._take_answer_back()
                self._closed = True
                self._enter(_Phase.CLOSED)
            case "answer_open":
                self._enter(_Phase.ANSWER)
            case "answer_close":
                self._phase = _Phase.UNWRAPPED
                self._pending = [found.group()]
        return found.end()

    def _enter(self, phase: _Phase) -> None:
        self._phase = phase
        self._after_tag = True
        self._pending.clear()

    def _is_mention(self) -> bool:
        """Whether the tag that follows the answer so far is quoted; counts each part of the answer once."""
        self._fences += "".join(self._answer[self._parts_counted :]).count("```")
        self._parts_counted = len(self._answer)
        return self._fences % 2 == 1 or self._answer[-1].endswith(_QUOTES)

    def _take_answer_back(self) -> None:
        if self._answer:
            self._deltas.append(AnswerWasThinking())
            self._thinking.extend(self._answer)
            self._answer.clear()

    def _release_pending(self) -> None:
        self._emit("".join(self._pending))
        self._pending.clear()

    def _emit(self, text: str) -> None:
        if not text:
            return
        if self._phase in (_Phase.OPENED, _Phase.THINKING):
            self._thinking.append(text)
            self._deltas.append(ThinkingDelta(text))
        else:
            self._answer.append(text)
            self._deltas.append(AnswerDelta(text, settled=self._phase is not _Phase.UNSETTLED))


def _end_of_white_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


@cache
def _patterns(tags: ThinkingTags) -> Mapping[_Phase, re.Pattern[str]]:
    """What can end each phase; a pattern's groups are the names that `ThinkingSplitter._read` knows."""
    opening, closing = [tags.open], closing_spellings(tags.close)
    wrapping = [tags.answer_open, tags.turn + tags.answer_open]
    opening_again = [tags.turn + tags.open] if tags.turn else []
    return {
        _Phase.START: tag_pattern(open=opening, close=closing, answer_open=wrapping),
        _Phase.UNSETTLED: tag_pattern(open=opening, close=closing),
        _Phase.OPENED: tag_pattern(open=opening),
        _Phase.THINKING: tag_pattern(close=closing),
        _Phase.CLOSED: tag_pattern(open=opening_again, answer_open=wrapping),
        _Phase.ANSWER: tag_pattern(answer_close=[tags.answer_close]),
        _Phase.UNWRAPPED: tag_pattern(),
    }
