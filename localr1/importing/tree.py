"""The messages of another program, made into the tree of a conversation (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from itertools import count

from localr1.conversation import Entry
from localr1.errors import UsageError
from localr1.importing.content import Content, joined
from localr1.message import FinishReason, Role


@dataclass(frozen=True, slots=True)
class Node:
    """A message as another program keeps it."""

    id: str
    parent: str | None
    role: Role | None
    """None for what is no message; what comes after it comes after its parent."""
    content: Content = field(default_factory=Content)
    created_at: float | None = None
    model: str = ""
    finish_reason: FinishReason = FinishReason.STOP
    """Of a reply."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Messages, each behind its parent."""

    entries: tuple[Entry, ...]
    leaf: int | None
    left_out: int


def grow(nodes: Sequence[Node], leaf: str | None, begun: float) -> Tree:
    """The tree of these messages, by their times; one without has that of the one before, or of the chat.

    What one speaker says in several messages is one message, if no branches part there. Raises UsageError
    where the messages go round in a circle.
    """
    known = {node.id: node for node in nodes}
    children: dict[str | None, list[Node]] = {}
    for node in known.values():
        parent = node.parent if node.parent in known else None
        children.setdefault(parent, []).append(node)
    growing = _Growing(begun)
    order = count()
    waiting = [
        (each.created_at or begun, next(order), _Step(each, None, False)) for each in children.get(None, [])
    ]
    heapify(waiting)
    while waiting:
        moment, _, step = heappop(waiting)
        following = children.get(step.node.id, [])
        number, taken = growing.take(step)
        alone = len(following) == 1 and (taken or step.alone)
        for each in following:
            heappush(waiting, (each.created_at or moment, next(order), _Step(each, number, alone)))
    if len(growing.numbers) < len(known):
        raise UsageError("Its messages go round in a circle.")
    return Tree(growing.entries(), growing.leaf(leaf), growing.left_out)


@dataclass(frozen=True, slots=True)
class _Step:
    """A message that is to be put in."""

    node: Node
    behind: int | None
    """The entry that its parent went into."""
    alone: bool
    """Nothing else follows there."""


class _Growing:
    """The tree so far."""

    def __init__(self, begun: float) -> None:
        self.numbers: dict[str, int | None] = {}
        """In which entry each message has gone."""
        self.left_out = 0
        self._entries: list[Entry] = []
        self._said: list[list[Content]] = []
        """What has gone into each entry."""
        self._begun = begun

    def take(self, step: _Step) -> tuple[int | None, bool]:
        """Put a message behind its parent, or into it; where it is, and whether there was anything to put."""
        node, number = step.node, step.behind
        self.left_out += node.content.left_out
        before = self._entries[number - 1] if number else None
        taken = node.role is not None and bool(node.content)
        if taken and before and before.role is node.role and step.alone:
            self._go_on(before, node)
        elif taken:
            is_beside = before is not None and before.role is node.role
            number = self._add(node, before.parent if before and is_beside else number)
        self.numbers[node.id] = number
        return number, taken

    def entries(self) -> tuple[Entry, ...]:
        """All of them, whole."""
        whole = map(joined, self._said)
        return tuple(
            replace(entry, text=said.text, thinking=said.thinking, raw=_raw(entry.role, said))
            for entry, said in zip(self._entries, whole, strict=True)
        )

    def leaf(self, name: str | None) -> int | None:
        """The entry of this message; of none, the newest."""
        return self.numbers.get(name or "") or len(self._entries) or None

    def _add(self, node: Node, parent: int | None) -> int:
        before = self._entries[parent - 1].created_at if parent else self._begun
        is_reply = node.role is Role.ASSISTANT
        self._entries.append(
            Entry(
                id=len(self._entries) + 1,
                parent=parent,
                role=node.role or Role.USER,
                text="",
                created_at=before if node.created_at is None else node.created_at,
                model=node.model if is_reply else "",
                finish_reason=node.finish_reason if is_reply else None,
            )
        )
        self._said.append([node.content])
        return len(self._entries)

    def _go_on(self, before: Entry, node: Node) -> None:
        self._said[before.id - 1].append(node.content)
        self._entries[before.id - 1] = replace(
            before,
            model=before.model or (node.model if before.role is Role.ASSISTANT else ""),
            finish_reason=before.finish_reason and node.finish_reason,
        )


def _raw(role: Role, said: Content) -> str:
    """What a reply was as the model wrote it, where there was no thinking; else nobody has kept that."""
    return said.text if role is Role.ASSISTANT and not said.thinking else ""
