"""A model that can be asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from localr1.engine.process import WorkerProcess
from localr1.engine.reports import Evaluated, ModelInfo, Report
from localr1.engine.requests import Count, Load, Measure, Prepare


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in the memory of a worker, and as what it was loaded."""

    process: WorkerProcess
    load: Load
    info: ModelInfo

    @property
    def path(self) -> Path:
        return path_of(self.load)

    async def ask(self, request: Count | Measure | Prepare) -> Report | None:
        """The report that ends a request; None when the worker has ended."""
        with self.process.reports(request.id) as reports:
            self.process.send(request)
            while isinstance(report := await reports.get(), Evaluated):
                pass
        return report


def path_of(load: Load) -> Path:
    """The file that is to be loaded."""
    return Path(os.fsdecode(load.path))
