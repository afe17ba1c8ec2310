"""A GPU that had less room than it said, as the chat tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from localr1.engine.protocol import VERSION
from localr1.engine.reports import Device, ModelInfo, Ready
from tests.fakes import ScriptedEngine
from tests.tui.chatting import opened, pieces, scripted_app, shows


class Crowded(ScriptedEngine):
    """Has put fewer layers on its GPU than were meant for it."""

    async def about(self) -> Ready:
        gpu = Device(name="CUDA0", description="", kind="gpu", free=0, total=0)
        return Ready(version=VERSION, llama_cpp="", system_info="", devices=(gpu,))

    async def load(self, path: Path, **wanted: Any) -> ModelInfo:
        return replace(await super().load(path, **wanted), gpu_layers=21, gpu_layers_left=8)


async def test_layers_that_stay_in_main_memory_are_told(home: Path) -> None:
    async with scripted_app(Crowded(*pieces()), home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "The GPU has less room than it said: 8 layers stay in main memory")
