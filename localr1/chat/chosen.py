"""All that was chosen for a turn before anything is asked, the same for each reply that is drawn (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.chat.budget import budget_of
from localr1.chat.choices import InstructionsPlace, choose_sampling, choose_speculation, instructions_place
from localr1.chat.families import Family
from localr1.chat.steering import Bounds
from localr1.chat.task import Task
from localr1.chat.votes import Poll, require_variety
from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.engine.reports import ModelInfo
from localr1.grammar.form import AnswerForm
from localr1.library.local_model import LocalModel
from localr1.sampling import Sampling, Speculate, with_seed


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which model answers, and how."""

    model: str
    family: Family
    place: InstructionsPlace
    options: ChatOptions
    sampling: Sampling
    speculation: Speculate
    poll: Poll
    form: AnswerForm | None
    config: Config

    def bounds(self, task: Task, spent: int) -> Bounds:
        """Of the thinking, with `spent` tokens so far; one that is doubted has its budget once more."""
        budget = budget_of(self.options.effort)
        if task.doubted:
            budget = budget + spent if budget else None
        config = self.config
        return Bounds(budget, config.min_thinking, config.loop_breaker, opens=self.form is not None)


def choose(
    model: LocalModel,
    family: Family,
    info: ModelInfo,
    options: ChatOptions,
    config: Config,
    *,
    poll: Poll,
    form: AnswerForm | None,
) -> Chosen:
    """What these come to; raises UsageError for a vote between replies that would be the same."""
    wanted = choose_sampling(options, config, model.name, model.sampling, family)
    sampling = with_seed(wanted)
    require_variety(sampling, poll)
    return Chosen(
        model=model.name,
        family=family,
        place=instructions_place(family, info),
        options=options,
        sampling=sampling,
        speculation=choose_speculation(config.speculation, wanted),
        poll=poll,
        form=form,
        config=config,
    )
