"""Which of several branches is shown, and the way to the others."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from localr1.store.branches import Siblings


def branch_mark(siblings: Siblings) -> Content:
    """◀ 2/3 ▶, the arrows to be clicked where they lead somewhere."""
    return Content.assemble(
        _arrow("◀", siblings.previous),
        f" {siblings.position}/{len(siblings.ids)} ",
        _arrow("▶", siblings.next),
    )


def _arrow(sign: str, message_id: int | None) -> Content:
    if message_id is None:
        return Content.styled(sign, "$text-muted")
    return Content.styled(sign, Style.from_meta({"@click": f"screen.show_branch({message_id})"}))
