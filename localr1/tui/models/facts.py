"""What there is to know about a model, in words."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.catalog_entry import CatalogEntry, Scores
from localr1.errors import LocalR1Error
from localr1.fit.machine import Machine
from localr1.fit.verdict import Fit, Verdict
from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import Download
from localr1.tui.downloads.progress import progress_words
from localr1.tui.models.shelf import Choice, Place, Row
from localr1.units import size_text, speed_text
from localr1.wording import plural


@dataclass(frozen=True, slots=True)
class Marked:
    """The model that the user looks at, and what is known around it."""

    row: Row
    index: int
    """Which of its quants."""
    download: Download | None = None
    machine: Machine | None = None
    """None until it has been measured."""
    reason: str = ""
    """Why it is recommended; empty when another is."""

    @property
    def choice(self) -> Choice:
        return self.row.choices[self.index]

    @property
    def unopened(self) -> bool:
        """A repository of the hub, whose models are not known yet."""
        return self.row.place is Place.HUB and not self.choice.name.lower().endswith(".gguf")

    @property
    def removable(self) -> bool:
        """It is here, and did not come with localr1."""
        local = self.choice.local
        return local is not None and not (local.entry and local.entry.bundled)

    @property
    def too_big(self) -> bool:
        """The machine is known not to hold it."""
        fit = self.choice.fit
        return fit is not None and fit.verdict is Verdict.TOO_BIG

    @property
    def error(self) -> LocalR1Error | None:
        """What stopped its download."""
        return self.download.error if self.download else None


def title(row: Row) -> str:
    """What its makers call it."""
    return safe_line(row.entry.title if row.entry else row.name)


def summary(row: Row) -> str:
    """What it is good for, in a sentence."""
    if row.entry:
        return safe_line(row.entry.summary)
    if row.found and row.found.problem:
        return safe_line(row.found.problem)
    if row.found:
        program = safe_line(row.found.program)
        return f"{program} has it already: used where it lies, nothing is copied."
    return safe_line(row.about) or "The catalog does not know it."


def facts(marked: Marked) -> list[tuple[str, str]]:
    """Labels and sentences, what matters most first."""
    entry, choice = marked.row.entry, marked.choice
    found = []
    if marked.download and not marked.error:
        found.append(("download", " · ".join(progress_words(marked.download))))
    if choice.fit:
        found += [("needs", needs(choice.fit, marked.machine)), ("", _parts(choice.fit))]
        found += [("runs", runs(choice.fit))]
    if entry:
        found += _facts_of(entry)
    place = choice.local.path if choice.local else marked.row.found.path if marked.row.found else None
    return [*found, ("file", safe_line(str(place)))] if place else found


def machine_words(machine: Machine | None) -> str:
    """What the models are measured against."""
    if machine is None:
        return "measuring this machine…"
    memory = f"{size_text(machine.memory_free)} of {size_text(machine.memory_total)} memory free"
    gpus = [f"{safe_line(gpu.description or gpu.name)}, {size_text(gpu.free)} free" for gpu in machine.gpus]
    return " · ".join([memory, plural(machine.cores, "core"), *gpus])


def needs(fit: Fit, machine: Machine | None) -> str:
    """How much memory it takes, against how much there is."""
    free = f", {size_text(machine.memory_free)} are free" if machine else ""
    return f"{size_text(fit.need.total)}{free}"


def runs(fit: Fit) -> str:
    """Whether it fits, and how fast it may be."""
    rate = fit.tokens_per_second
    return f"{fit.verdict.value}, about {speed_text(rate)}" if rate else fit.verdict.value


def _parts(fit: Fit) -> str:
    weights, cache, buffers = map(size_text, (fit.need.weights, fit.need.cache, fit.need.buffers))
    return f"weights {weights} + cache {cache} + buffers {buffers}"


def _facts_of(entry: CatalogEntry) -> list[tuple[str, str]]:
    licence = ". ".join(part for part in (entry.license, entry.license_note) if part)
    found = [
        *_scores(entry.scores or Scores()),
        ("context", f"{entry.context:,} tokens" if entry.context else ""),
        ("licence", safe_line(licence)),
        ("made from", safe_line(entry.base)),
    ]
    return [(label, words) for label, words in found if words]


def _scores(scores: Scores) -> list[tuple[str, str]]:
    """One a line; numbers that stand in a row can't be compared."""
    vote = f", {scores.aime24_cons64:g} by vote of 64" if scores.aime24_cons64 is not None else ""
    known = (
        ("MATH-500", scores.math500, ""),
        ("AIME 2024", scores.aime24, vote),
        ("GPQA", scores.gpqa_diamond, ""),
        ("LiveCode", scores.livecodebench, ""),
        ("Codeforces", scores.codeforces, ""),
    )
    return [(name, f"{value:g}{more}") for name, value, more in known if value is not None]
