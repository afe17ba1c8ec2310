"""The model of a question, loaded while the question is still being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localr1.runtime import runtime_over

if TYPE_CHECKING:
    from localr1.engine.client import Engine
    from localr1.engine.reports import ModelInfo
    from localr1.library.library import Library
    from localr1.paths import Paths
    from localr1.settings import Settings


async def load_ahead(
    engine: Engine, settings: Settings, paths: Paths, library: Library, model: str
) -> ModelInfo:
    """Load a model, or else the one of the settings; raises as `ChatSession.load`. No chat is touched."""
    with runtime_over(engine, settings, paths, temporary=True, library=library) as runtime:
        return await runtime.session(model=model).load()
