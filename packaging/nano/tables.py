"""Tables of scores: counted answer by answer, written in Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dialogues import Turn
from speaker import Reply


@dataclass
class Table:
    """Right answers and problems for each row, with the mistakes kept for reading."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def note(self, row: str, turn: Turn, reply: Reply, right: bool) -> None:
        """Count one answer."""
        self.total[row] += 1
        self.right[row] += right
        if not right:
            self.mistakes.append(
                f"[{row}] {turn.prompt!r}: {reply.thinking!r} -> {reply.answer!r}, not {turn.answer!r}"
            )

    @property
    def share(self) -> float:
        """Return the share of right answers over all rows."""
        return self.right.total() / max(1, self.total.total())


def write_table(title: str, columns: dict[str, Table]) -> str:
    """Return a table in Markdown with a row for each kind and a column for each way of sampling."""
    first = next(iter(columns.values()))
    lines = [f"| {title} | {' | '.join(columns)} |", "|---" * (1 + len(columns)) + "|"]
    for row in first.total:
        lines.append(
            f"| {row} | "
            + " | ".join(f"{table.right[row]}/{table.total[row]}" for table in columns.values())
            + " |"
        )
    if len(first.total) > 1:
        lines.append(
            "| **all** | "
            + " | ".join(
                f"**{table.right.total()}/{table.total.total()} ({100 * table.share:.1f} %)**"
                for table in columns.values()
            )
            + " |"
        )
    return "\n".join(lines)
