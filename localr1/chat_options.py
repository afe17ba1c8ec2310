"""What a chat has of its own beside its messages: instructions, how long to think, how to draw tokens."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, get_args

import msgspec

from localr1.errors import UsageError
from localr1.sampling import Count, Share, Temperature

EffortLevel: TypeAlias = Literal["off", "low", "medium", "high"]
Effort: TypeAlias = EffortLevel | Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
"""A level, or the tokens that the thinking may take; 0 is off."""


def read_effort(text: str) -> Effort:
    """An effort as a user writes it; raises UsageError."""
    try:
        effort: Effort = msgspec.convert(int(text) if text.isdecimal() else text, Effort)
    except msgspec.ValidationError:
        levels = ", ".join(get_args(EffortLevel))
        hint = f"It is {levels}, or a number of tokens."
        raise UsageError(f"There is no effort {text!r}.", hint=hint) from None
    return effort


class ChatOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one chat; None leaves the choice to the settings, and they leave it to the model."""

    instructions: str = ""
    """What the model is told before anything is said: the system prompt."""
    effort: Effort | None = None
    """How long to think; None sets no bound."""
    temperature: Temperature | None = None
    top_p: Share | None = None
    top_k: Count | None = None
    min_p: Share | None = None

    def over(self, other: ChatOptions) -> ChatOptions:
        """These where they are set, and the other ones where they are not."""
        chosen = {
            name: value for name, value in msgspec.structs.asdict(self).items() if value not in (None, "")
        }
        return msgspec.structs.replace(other, **chosen)


NO_OPTIONS = ChatOptions()
