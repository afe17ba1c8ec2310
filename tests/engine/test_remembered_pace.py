"""What a worker reports of the pace of its model, the next worker is told."""

from __future__ import annotations

import json
from pathlib import Path

from localr1.engine.client import Engine
from tests.engine.asking import ask, user
from tests.engine.fake_worker import fake_worker


async def test_the_next_worker_is_told_what_the_one_before_reported(tmp_path: Path, nano: Path) -> None:
    heard = tmp_path / "heard"
    command = fake_worker(f"""
        ready()
        load()
        request = hear()
        open({str(heard)!r}, "w").write(json.dumps(request))
        say("done", id=request["id"], finish_reason="stop", pace={{"1": 1.5, "2": 1.0}})
        hang()
    """)
    told = []
    for _ in range(2):
        async with Engine.start(tmp_path / "log", command=command, paces=tmp_path / "paces.json") as engine:
            await engine.load(nano)
            await ask(engine, user("Hi"))
            told.append(json.loads(heard.read_text()).get("pace"))
    assert told == [None, {"1": 1.5, "2": 1.0}]
