"""What the keys do for the model that is marked."""

from __future__ import annotations

from localr1.tui.downloads.downloads import RESTING, Download, Phase
from localr1.tui.models.facts import Marked
from localr1.tui.widgets.hints import Hint


def hints_for(marked: Marked | None) -> list[Hint]:
    """The keys that do something now, the most useful first."""
    always: list[Hint] = [("/", "filter", "screen.filter"), ("Esc", "back", "screen.back")]
    if marked is None:
        return always
    hints: list[Hint] = []
    if verb := _verb(marked):
        hints.append(("Enter", verb, "screen.take"))
    match marked.download:
        case Download(phase=phase) if phase not in RESTING:
            hints += [("p", "pause", "screen.pause"), ("x", "cancel", "screen.remove")]
        case Download():
            hints.append(("x", "give up", "screen.remove"))
        case _ if marked.removable:
            hints += [("x", "remove", "screen.remove"), ("v", "check", "screen.check")]
    if len(marked.row.choices) > 1:
        hints.append(("←→", "quant", "screen.quant(1)"))
    return [*hints, *always]


def _verb(marked: Marked) -> str:
    """What Enter does with it; nothing while it is on its way."""
    match marked.download:
        case Download(phase=Phase.FAILED):
            return "try again"
        case Download(phase=Phase.PAUSED):
            return "go on"
        case Download():
            return ""
    if found := marked.row.found:
        return "" if found.problem else "use it"
    if marked.unopened:
        return "see its models"
    return "use it" if marked.choice.local else "fetch it"
