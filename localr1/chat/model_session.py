"""A session with a model: loaded when it is needed, and what is known of it since."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from localr1.chat.choices import InstructionsPlace, advised_sampling, instructions_place
from localr1.chat.draft import Draft, draft_for
from localr1.chat.families import Family, family_of
from localr1.chat_templates import template_named
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import ModelInfo
from localr1.errors import OutOfMemoryError
from localr1.fit.guard import Guard
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.memory import held_memory
from localr1.regular_file import FileMark, file_mark
from localr1.sampling import Sampling


class ModelSession:
    """Loads one model as the settings are, behind a guard of the memory and beside its draft model."""

    def __init__(self, engine: Engine, model: LocalModel, config: Config, library: Library) -> None:
        self._engine = engine
        self._library = library
        self._config = config
        self._guard: Guard | None = None
        self._guarded_file: FileMark = ()
        self._draft: Draft | None = None
        self._under_way: Awaitable[ModelInfo] | None = None
        self.model = model
        self.chat_template = _chat_template(config, model)
        """The name of the chat template to use in place of the model's own; empty for its own."""
        self.info: ModelInfo | None = None
        """None until the model is loaded."""

    @property
    def load_share(self) -> float | None:
        """How much of the model is loaded, 0 to 1; None while nothing is being loaded."""
        return self._engine.load_share

    @property
    def advised(self) -> Sampling | None:
        """The sampling that is advised for the model; None until it is loaded."""
        return advised_sampling(self.model.sampling, self.family) if self.family else None

    @property
    def family(self) -> Family | None:
        """How the model thinks; None until it is loaded."""
        return self._family_of(self.info) if self.info else None

    @property
    def thinks(self) -> bool | None:
        """Whether the model has a thinking to steer; None until it is loaded."""
        return self.family.thinks if self.family else None

    @property
    def instructions_place(self) -> InstructionsPlace | None:
        """Where the model reads the chat's instructions; None until it is loaded."""
        return instructions_place(self._family_of(self.info), self.info) if self.info else None

    def use_settings(self, config: Config) -> None:
        """Take other settings from the next turn on; it loads the model again where they ask for it."""
        if _chat_template(config, self.model) != _chat_template(self._config, self.model):
            self.chat_template = _chat_template(config, self.model)
        self._config, self._guard = config, None

    def await_load(self, under_way: Awaitable[ModelInfo]) -> None:
        """A load of its model has begun elsewhere, and takes the place of the first one of its own."""
        self._under_way = under_way

    async def load(self) -> ModelInfo:
        """Load the model ahead of the first turn; a model that is loaded stays."""
        if under_way := self._under_way:
            self._under_way = None
            self.info = await under_way
            return self.info
        config, guard = self._config, self._guarded()
        try:
            self.info = await self._engine.load(
                self.model.path,
                context=config.context,
                threads=config.threads,
                gpu_layers=config.gpu_layers,
                cache_type=config.cache_type,
                flash_attention=config.flash_attention,
                template=template_named(self.chat_template) if self.chat_template else "",
                draft=self._draft.path if self._draft else None,
                place=lambda devices: guard.require_fit(devices, held_memory(self._engine.pid)),
            )
        except OutOfMemoryError as error:
            raise guard.explained(error) from None
        return self.info

    def _guarded(self) -> Guard:
        """What judges the load of the model; raises ModelFileError for one that can't be loaded.

        A file that has changed since is another one, and looked up anew.
        """
        mark = file_mark(self.model.path)
        if self._guarded_file not in ((), mark):
            found = self._library.find(str(self.model.path))
            self.model, self._guard = replace(found, name=self.model.name), None
        self._guarded_file = mark
        if self._guard is None:
            header = read_header(self.model.path)
            check_header(header)
            self._draft = draft_for(self.model, header, self._config, self._library)
            beside = self._draft.memory if self._draft else 0
            self._guard = Guard(self.model, header, self._config, self._library, beside=beside)
        return self._guard

    def _family_of(self, info: ModelInfo) -> Family:
        return family_of(info.template, info.generation_prompt, info.architecture, self.model.family)


def _chat_template(config: Config, model: LocalModel) -> str:
    """The name of the template that the settings name for a model."""
    return config.chat_template or config.chat_templates.get(model.name, "")
