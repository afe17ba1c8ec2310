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

    def room(self, width: int) -> int:
        """Cells that the text has beside its mark."""
        return max(1, width - self.mark.cell_length)


class Hanging(Visual):
    """Draws each line once, as long as neither width nor colours change and it is not marked."""

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

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return max((line.mark.cell_length + line.text.cell_length for line in self._lines), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(line.text.get_height(rules, line.room(width)) for line in self._lines)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        if self._drawn_for != (width, style):
            self._drawn, self._drawn_for = {}, (width, style)
        strips = [
            strip for y, line in enumerate(self._lines) for strip in self._strips(line, y, style, options)
        ]
        return strips[:height]

    def _strips(self, line: Line, y: int, style: Style, options: RenderOptions) -> list[Strip]:
        if _marked(options, y):
            return self._draw(line, y, style, options)
        if line not in self._drawn:
            self._drawn[line] = self._draw(line, y, style, options)
        return self._drawn[line]

    def _draw(self, line: Line, y: int, style: Style, options: RenderOptions) -> list[Strip]:
        assert self._drawn_for
        width, _ = self._drawn_for
        whole = line.whole
        if (span := _marked(options, y)) and options.selection_style:
            start, end = span
            whole = whole.stylize(options.selection_style, start, len(whole) if end < 0 else end)
        mark, text = whole.divide([len(line.mark)])
        plain = replace(options, selection=None)
        before = mark.render_strips(max(1, mark.cell_length), 1, style, plain)[0].apply_offsets(0, y)
        strips = []
        for strip in text.render_strips(line.room(width), None, style, plain):
            strips.append(Strip.join([before, _moved(strip, len(line.mark), y)]))
            before = Strip.blank(mark.cell_length, style.rich_style)
        return strips


def _marked(options: RenderOptions, y: int) -> tuple[int, int] | None:
    """From where to where a line is marked with the mouse."""
    return options.selection.get_span(y) if options.selection else None


def _moved(strip: Strip, x: int, y: int) -> Strip:
    """The same, so many letters behind the beginning of line `y`, for whoever marks it with the mouse."""
    for segment in strip:
        if segment.style and "offset" in segment.style.meta:
            return strip.apply_offsets(segment.style.meta["offset"][0] + x, y)
    return strip
