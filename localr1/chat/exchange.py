"""A question and its replies on their way: what is asked of the engine, and what its reports come to."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.chat.answering import Answering
from localr1.chat.ballot import Ballot
from localr1.chat.budget import ROOM_SHARE
from localr1.chat.chosen import Chosen
from localr1.chat.events import Event
from localr1.chat.request import Request, Trimmed
from localr1.chat.saved_reply import SavedReply
from localr1.chat.steering import Steering, Wishes
from localr1.chat.task import Task
from localr1.chat.trace import answer_begin
from localr1.chat.turn import Turn
from localr1.chat.voting import Voting
from localr1.engine.client import Engine, Progress
from localr1.engine.requests import Generate, StateFile
from localr1.message import Message
from localr1.store.chats import Chats


class Exchange:
    """Draws one reply or several, of which the best is saved."""

    def __init__(self, task: Task, chosen: Chosen, wishes: Wishes, engine: Engine, chats: Chats) -> None:
        """Raises UsageError where the model can't go on with what the task is about."""
        self._task = task
        self._chosen = chosen
        family, poll = chosen.family, chosen.poll
        turns = [Turn(family, earlier=task.earlier(family, chosen.model)) for _ in range(poll.samples)]
        self._first, single = turns[0], len(turns) == 1
        ballot = Ballot(turns, poll)
        self._saved = SavedReply(chats, task, self._first if single else ballot, chosen.model)
        bounds = chosen.bounds(task, self._first.thinking_tokens)
        answerings = [
            Answering(
                engine, turn, Steering(family, turn, bounds, wishes), self._saved, wishes, sample=sample
            )
            for sample, turn in enumerate(turns)
        ]
        self._answering = answerings[0] if single else Voting(engine, answerings, ballot)

    def begin(self, history: Sequence[Message], state: StateFile | None) -> Request:
        """Put in what the replies begin with, and ask for them behind this history, the question its last."""
        stops = self._answering.begin(seen=self._task.cut is not None)
        chosen, form = self._chosen, self._chosen.form
        return Request(
            history=history,
            instructions=chosen.options.instructions,
            place=chosen.place,
            family=chosen.family,
            beginning=self._first.raw,
            terms=Generate(
                messages=(),
                sampling=chosen.sampling,
                max_tokens=chosen.config.max_tokens,
                pause_at=stops.pause_at,
                pause_share=ROOM_SHARE,
                pause_before=stops.pause_before,
                state=state,
                grammar=form.grammar if form else "",
                answer_begin=answer_begin(chosen.family, self._first.state),
                samples=chosen.poll.samples,
                speculate=chosen.speculation,
            ),
        )

    def take(self, report: Trimmed | Progress) -> list[Event]:
        """What a report means to a front end."""
        return self._answering.take(report)

    def save(self) -> Message | None:
        """Save as much as there is; None where no reply has begun."""
        return self._saved.save()
