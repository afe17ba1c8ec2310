"""A reply that goes on, in the tokens in which it was drawn: one text can be written in many ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from localr1.engine.worker.prompt import common_length


def as_drawn(
    prompt: list[int], reply_at: int, drawn: Sequence[int], piece: Callable[[int], bytes]
) -> list[int]:
    """A prompt whose reply, at `reply_at`, has the tokens of `drawn` as far as the text is the same.

    What comes before it stays as it is: there a text may say the name of a control token, and not be it.
    """
    same = common_length(prompt, drawn)
    if same < reply_at:
        return prompt
    taken, left = _last_meeting(drawn, prompt, same, piece)
    return [*drawn[:taken], *prompt[left:]]


def _last_meeting(
    drawn: Sequence[int], prompt: Sequence[int], same: int, piece: Callable[[int], bytes]
) -> tuple[int, int]:
    """Where in both the same text ends for the last time, a token ending there in both; they begin alike."""
    at_drawn = at_prompt = same
    meeting = (same, same)
    ahead, behind = b"", b""
    while True:
        if not ahead:
            if at_drawn == len(drawn):
                return meeting
            ahead, at_drawn = piece(drawn[at_drawn]), at_drawn + 1
        if not behind:
            if at_prompt == len(prompt):
                return meeting
            behind, at_prompt = piece(prompt[at_prompt]), at_prompt + 1
        size = min(len(ahead), len(behind))
        if ahead[:size] != behind[:size]:
            return meeting
        ahead, behind = ahead[size:], behind[size:]
        if not ahead and not behind:
            meeting = (at_drawn, at_prompt)
