"""The branches of a chat's tree: which there are beside the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.store.database import Database
from localr1.store.messages import WITH_BRANCH

_SELECT_SIBLINGS = """
    select shown.id, sibling.id
    from branch join message as shown on shown.id = member_id
    join message as sibling on sibling.chat_id = shown.chat_id and sibling.parent_id is shown.parent_id
    order by shown.id, sibling.id"""


@dataclass(frozen=True, slots=True)
class Siblings:
    """A message that is shown and those that could stand in its place, by their ids, oldest first."""

    shown: int
    ids: tuple[int, ...]

    @property
    def position(self) -> int:
        """1 for the first of them."""
        return self.ids.index(self.shown) + 1

    @property
    def previous(self) -> int | None:
        """None at the first."""
        return self.ids[self.position - 2] if self.position > 1 else None

    @property
    def next(self) -> int | None:
        """None at the last."""
        return self.ids[self.position] if self.position < len(self.ids) else None


def siblings(database: Database, chat_id: int) -> list[Siblings]:
    """Those of each message of the branch that is shown which has any, oldest first."""
    rows = database.execute(f"{WITH_BRANCH} {_SELECT_SIBLINGS}", chat_id)
    ids: dict[int, list[int]] = {}
    for shown, sibling in rows:
        ids.setdefault(shown, []).append(sibling)
    return [Siblings(shown, tuple(group)) for shown, group in ids.items() if len(group) > 1]


def below(database: Database, chat_id: int, message_id: int) -> list[int]:
    """The ids of a message and of all below it, oldest first."""
    rows = database.execute(
        """
        with recursive below (member_id) as (
            values (?)
            union
            select id from message join below on chat_id = ? and parent_id = member_id
        )
        select member_id from below order by member_id""",
        message_id,
        chat_id,
    )
    return [int(member_id) for (member_id,) in rows]


def newest_leaf(database: Database, chat_id: int, message_id: int) -> int:
    """The newest message below this one, or this one itself: what is newest has nothing below it."""
    return below(database, chat_id, message_id)[-1]
