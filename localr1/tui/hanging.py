"""Lines of text of which each hangs below its own beginning where it is too long for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A text behind a mark, a bullet perhaps, which is not repeated where the text goes on below."""

    mark: Content
    text: Content

    @property
    def whole(self) -> Content:
        """Both, as they are copied."""
        return self.mark + self.text

    def stylize(self, style: Style | str, start: int, end: int | None) -> Line:
        """The same with a style on some of its letters."""
        mark, text = self.whole.stylize(style, start, end).divide([len(self.mark)])
        return Line(mark, text)

    def room(self, width: int) -> int:
        """Cells that the text has beside its mark."""
        return max(1, width - self.mark.cell_length)


class Hanging(Visual):
    """Draws each line once, as long as neither width nor colours change and nothing is marked."""

    def __init__(self) -> None:
        self._lines: Sequence[Line] = ()
        self._drawn: dict[Line, list[Strip]] = {}
        self._drawn_for: tuple[int, Style] | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """All of them; those that stay keep their place when others come behind them."""
        return self._lines

    @lines.setter
    def lines(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._drawn = {line: self._drawn[line] for line in lines if line in self._drawn}

    def forget(self) -> None:
        """Colours have changed."""
        self._drawn_for = None

    def row_of(self, y: int, place: int, width: int) -> int:
        """In which row a letter of line `y` stands."""
        above = sum(len(line.text.wrap(line.room(width))) for line in self._lines[:y])
        line = self._lines[y]
        upto = line.text[: max(0, place - len(line.mark)) + 1]
        return above + len(upto.wrap(line.room(width))) - 1

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return max((line.mark.cell_length + line.text.cell_length for line in self._lines), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(line.text.get_height(rules, line.room(width)) for line in self._lines)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        if self._drawn_for != (width, style):
            self._drawn, self._drawn_for = {}, (width, style)
        for y, line in enumerate(self._lines):
            if line not in self._drawn or options.selection:
                self._drawn[line] = _draw(line, y, width, style, options)
        if options.selection:
            self._drawn_for = None
        return [strip for line in self._lines for strip in self._drawn[line]][:height]


def _draw(line: Line, y: int, width: int, style: Style, options: RenderOptions) -> list[Strip]:
    """Line `y` as it falls at this width, the part of it that is marked with the mouse in its own style."""
    line = _marked(line, y, options)
    plain = replace(options, selection=None)
    indent = line.mark.cell_length
    before = line.mark.render_strips(max(1, indent), 1, style, plain)[0].apply_offsets(0, y)
    strips = []
    for strip in line.text.render_strips(line.room(width), None, style, plain):
        strips.append(Strip.join([before, _moved(strip, len(line.mark), y)]))
        before = Strip.blank(indent, style.rich_style)
    return strips


def _marked(line: Line, y: int, options: RenderOptions) -> Line:
    span = options.selection.get_span(y) if options.selection else None
    if span is None or options.selection_style is None:
        return line
    start, end = span
    return line.stylize(options.selection_style, start, None if end < 0 else end)


def _moved(strip: Strip, x: int, y: int) -> Strip:
    """The same, so many letters behind the beginning of line `y`, for whoever marks it with the mouse."""
    for segment in strip:
        if segment.style and "offset" in segment.style.meta:
            return strip.apply_offsets(segment.style.meta["offset"][0] + x, y)
    return strip
