"""How a vote stands while it runs, and how it ended, in words (pure)."""

from __future__ import annotations

from localr1.chat.events import AnswerDelta, Event, OfSample, ThinkingDelta, VoteProgress
from localr1.message import FinishReason, Message, Vote
from localr1.safe_text import safe_line
from localr1.wording import plural

LENGTH = 40
"""Characters of an answer that is named in a line."""
NAMED = 3
"""Answers whose votes are told."""
_STOPPED = (FinishReason.CANCELLED, FinishReason.INTERRUPTED)


class Tally:
    """Follows the events of a vote."""

    def __init__(self) -> None:
        self._standing = VoteProgress(0, 0)
        self._sampled: dict[int, int] = {}

    @property
    def tokens(self) -> int:
        """Of all replies so far."""
        return sum(self._sampled.values())

    def see(self, event: Event) -> None:
        """Take note of what has happened."""
        match event:
            case OfSample(sample, ThinkingDelta(tokens=tokens) | AnswerDelta(tokens=tokens)):
                self._sampled[sample] = tokens
            case VoteProgress():
                self._standing = event

    def forms(self) -> tuple[str, str, str]:
        """How it stands, in ever fewer words."""
        standing = self._standing
        share = f"{standing.ended} of {standing.samples}"
        if standing.leader:
            rest = f"{quoted(standing.leader)} leads with {standing.votes}"
        else:
            rest = plural(self.tokens, "token")
        return f"{share} answered · {rest}", f"{share} answered", share


def quoted(answer: str) -> str:
    """An answer in a few characters of one line, in quotation marks where it is more than a word."""
    line = safe_line(" ".join(answer.split()))
    line = line if len(line) <= LENGTH else f"{line[: LENGTH - 1]}…"
    return f"“{line}”" if " " in line else line


def vote_text(vote: Vote, *, stopped: bool = False) -> str:
    """How a vote ended, in one line; those that were missing in the end were `stopped`, or not needed."""
    running = vote.samples - vote.ended
    needed = "stopped" if stopped else "not needed"
    missing = [f"{running} more {'was' if running == 1 else 'were'} {needed}"] if running else []
    if not vote.votes:
        return "; ".join([f"none of {vote.ended} replies came to an answer", *missing])
    first, *others = vote.votes
    parts = [f"{first.count} of {vote.ended} {_say(first.count)} {quoted(first.answer)} ({vote.share:.0%})"]
    parts += [f"{each.count} {_say(each.count)} {quoted(each.answer)}" for each in others[: NAMED - 1]]
    if rest := sum(each.count for each in others[NAMED - 1 :]):
        parts.append(f"{rest} {_say(rest)} something else")
    if silent := vote.ended - sum(each.count for each in vote.votes):
        parts.append(f"{silent} came to no answer")
    return "; ".join([*parts, *missing])


def voted_text(message: Message) -> str:
    """How the vote on a message ended; empty for one that was not voted on."""
    return vote_text(message.vote, stopped=message.finish_reason in _STOPPED) if message.vote else ""


def _say(voices: int) -> str:
    return "says" if voices == 1 else "say"
