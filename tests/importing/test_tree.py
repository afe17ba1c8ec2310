"""Messages of other programs become a tree in which speakers take turns."""

from __future__ import annotations

import pytest

from localr1.errors import UsageError
from localr1.importing.content import Content
from localr1.importing.tree import Node, Tree, grow
from localr1.message import FinishReason, Role

ROLES = {"u": Role.USER, "a": Role.ASSISTANT, "-": None}


def tree(*nodes: str, leaf: str | None = None) -> Tree:
    """Of nodes written as "name parent role": the text is the name."""
    written = (node.split() for node in nodes)
    return grow(
        [Node(name, parent, ROLES[role], Content(name)) for name, parent, role in written], leaf, begun=7.0
    )


def lines(grown: Tree) -> list[str]:
    return [f"{each.parent} {each.role.value[0]} {each.text}" for each in grown.entries]


def test_several_messages_of_one_speaker_are_one() -> None:
    assert lines(tree("q . u", "x q a", "y x a", "z y a", "r z u")) == [
        "None u q",
        "1 a x\n\ny\n\nz",
        "2 u r",
    ]


def test_where_branches_part_in_a_reply_they_are_replies_beside_each_other() -> None:
    grown = tree("q . u", "x q a", "y x a", "z x a", "r x u")
    assert lines(grown) == ["None u q", "1 a x", "1 a y", "1 a z", "2 u r"]


def test_what_follows_no_message_follows_what_was_before() -> None:
    assert lines(tree("root . -", "q root u", "hidden q -", "x hidden a")) == ["None u q", "1 a x"]


def test_branches_below_what_is_no_message_are_not_mixed() -> None:
    grown = tree("q . u", "x q a", "h x -", "i x -", "y h a", "z i a")
    assert lines(grown) == ["None u q", "1 a x", "1 a y", "1 a z"]


def test_a_message_may_stand_before_the_one_it_follows() -> None:
    assert lines(tree("x q a", "q . u")) == ["None u q", "1 a x"]


def test_what_follows_something_unknown_begins_the_chat() -> None:
    assert lines(tree("q gone u", "x q a")) == ["None u q", "1 a x"]


def test_the_leaf_is_where_a_message_has_gone() -> None:
    assert tree("q . u", "x q a", "y x a", "r y u", leaf="x").leaf == 2
    assert tree("q . u", "x q a", leaf="unknown").leaf == 2
    assert tree().leaf is None


def test_a_message_without_a_time_has_that_of_the_one_before() -> None:
    nodes = [
        Node("q", None, Role.USER, Content("q"), 9.0),
        Node("a", "q", Role.ASSISTANT, Content("a"), finish_reason=FinishReason.LENGTH),
    ]
    assert [each.created_at for each in grow(nodes, None, 7.0).entries] == [9.0, 9.0]
    assert tree("q . u").entries[0].created_at == 7.0


@pytest.mark.parametrize("nodes", [["q q u"], ["q . u", "x y a", "y x a"]])
def test_messages_that_go_round_in_a_circle_are_refused(nodes: list[str]) -> None:
    with pytest.raises(UsageError, match="circle"):
        tree(*nodes)


def test_a_long_line_of_messages_takes_no_longer_than_it_is() -> None:
    deep = [f"m{number} m{number - 1} a" for number in range(1, 20_000)]
    [whole] = tree("m0 . a", *deep).entries
    assert whole.text.count("\n\n") == 19_999
