"""The rules of a grammar, as it is being written (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.grammar.gbnf import one_of


class Rules:
    """Rules of its own, and those for JSON that it uses."""

    def __init__(self) -> None:
        self.own: dict[str, str] = {}
        self.uses: set[str] = set()

    def json(self, name: str) -> str:
        """Use one of the rules for JSON; its name."""
        self.uses.add(name)
        return name

    def named(self, expression: str) -> str:
        """The name of a rule for an expression, so that it stands there once however often it is used."""
        if expression in self.own or expression in self.uses:
            return expression
        name = f"part{len(self.own)}"
        self.own[name] = expression
        return name

    def members_in_order(self, members: Sequence[tuple[str, bool]]) -> str:
        """Members in their order, commas between them; those that are not required may be left out."""
        first = rest = ""
        for text, required in reversed(members):
            member = self.named(text)
            following = f'ws "," ws {member} {rest}'.rstrip()
            alone = f"{member} {rest}".rstrip()
            first = self.named(alone if required or not first else one_of((alone, first)))
            rest = self.named(
                following if required else one_of((following, rest)) if rest else f"({following})?"
            )
        return first if any(required for _, required in members) else f"{first}?"
