"""A scroll whose text holds still for the reader, whatever grows or goes around it."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.geometry import Region, Size
from textual.layout import DockArrangeResult
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar
from textual.widget import Widget


class SteadyScroll(VerticalScroll, can_focus=False):
    """Follows its end while the reader is there; otherwise what is at the top of the screen stays there."""

    virtual_size = Reactive(Size(0, 0))
    """Set by a layout; as other widgets have it, it would ask for another one."""

    def __init__(self) -> None:
        super().__init__()
        self.following = True
        """The reader is at the end, and stays there."""
        self.goal: Widget | None = None
        """What shall stand at the top until the reader scrolls."""
        self._regions: dict[Widget, Region] = {}

    def follow(self) -> None:
        """Go to the end, and stay there."""
        self.following, self.goal = True, None
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True, force=True)
        self.following = True
        self.refresh(layout=True)

    def hold(self, widget: Widget) -> None:
        """Go to what begins with this child, and stay there."""
        self.following, self.goal = False, widget
        self.refresh(layout=True)

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Scroll while the new places are known and not yet drawn, so that nothing is seen to jump."""
        arranged = super().arrange(size, optimal)
        regions = {each.widget: each.region for each in arranged.placements if not each.fixed}
        end = max(0, arranged.total_region.bottom - size.height)
        self._place(end if self.following else min(end, self._steady(regions)))
        self._regions = regions
        return arranged

    def _steady(self, regions: dict[Widget, Region]) -> int:
        """Where to scroll to, so that what is read stays where it is."""
        if self.goal in regions:
            return regions[self.goal].y
        y = round(self.scroll_y)
        for widget, before in self._regions.items():
            if before.bottom > y and widget in regions:
                return max(0, y + regions[widget].y - before.y)
        return y

    def _place(self, y: int) -> None:
        if y != round(self.scroll_y):
            self.set_reactive(VerticalScroll.scroll_y, y)
            self.set_reactive(VerticalScroll.scroll_target_y, y)
            self.vertical_scrollbar.set_reactive(ScrollBar.position, y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The reader has scrolled."""
        super().watch_scroll_y(old_value, new_value)
        self.goal = None
        self.following = self.at_end

    @property
    def at_end(self) -> bool:
        """Nothing comes below what is on the screen."""
        return self.scroll_y >= self.max_scroll_y
