"""One reply on its way: what the engine reports becomes events, and the engine is told how to go on."""

from __future__ import annotations

from localr1.chat.events import Event, HistoryTrimmed, PromptProgress, ThinkingTrimmed
from localr1.chat.request import Trimmed
from localr1.chat.saved_reply import SavedReply
from localr1.chat.steering import Steering, Stops, Wishes
from localr1.chat.turn import Turn
from localr1.engine.client import Engine, Progress
from localr1.engine.reports import Done, Evaluated, Paused, Piece, Rendered
from localr1.message import FinishReason


class Answering:
    """Takes the reports of one turn, in their order."""

    def __init__(
        self,
        engine: Engine,
        turn: Turn,
        steering: Steering,
        saved: SavedReply,
        wishes: Wishes,
        *,
        sample: int = 0,
    ) -> None:
        """`sample` is the number of the reply, where it is one of several."""
        self._engine = engine
        self._turn = turn
        self._steering = steering
        self._saved = saved
        self._wishes = wishes
        self._sample = sample
        self._looped = False
        self._opening: list[Event] = []

    def begin(self, *, seen: bool) -> Stops:
        """Put in what the reply begins with, and tell where the engine has to pause first.

        As soon as the model speaks, all of the beginning is shown that nobody has `seen`.
        """
        step = self._steering.begin()
        self._opening += [] if seen else self._turn.beginning
        self._opening += [step.event] if step.event else []
        self._opening += self._turn.put_in(step.insert)
        return step.stops

    def take(self, report: Trimmed | Progress) -> list[Event]:
        """What a report means to a front end."""
        match report:
            case HistoryTrimmed() | ThinkingTrimmed():
                return [report]
            case Rendered():
                return self._begin_prompt(report)
            case Evaluated(done=done, total=total):
                return [PromptProgress(done, total)]
        events = self._opening if self._saved.begin() else []
        match report:
            case Piece():
                events = [*events, *self._feed(report)]
            case Paused():
                events = [*events, *self._go_on(report)]
            case Done():
                reason = FinishReason.REPETITION if self._looped else None
                events = [*events, *self._turn.finish(report, reason)]
        self._saved.save_now_and_then()
        return events

    def _begin_prompt(self, rendered: Rendered) -> list[Event]:
        if self._wishes.answer_now:
            self._engine.pause(self._sample)
        promised = self._steering.promise(rendered.pause_at)
        progress = PromptProgress(rendered.cached_tokens, rendered.prompt_tokens)
        return [promised, progress] if promised else [progress]

    def _feed(self, piece: Piece) -> list[Event]:
        deltas = self._turn.feed(piece)
        if self._steering.watch(deltas):
            self._engine.pause(self._sample)
        return [*deltas]

    def _go_on(self, paused: Paused) -> list[Event]:
        step = self._steering.at_pause(paused)
        if step.ends:
            self._looped = True
            self._engine.drop(self._sample)
        else:
            self._engine.go_on(
                step.insert,
                pause_at=step.stops.pause_at,
                pause_before=step.stops.pause_before,
                sample=self._sample,
            )
        return [step.event] if step.event else []
