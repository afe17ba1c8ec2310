"""Workers that behave badly: tiny programs that speak the protocol, or do not."""

from __future__ import annotations

import sys
from textwrap import dedent

_VOCABULARY = """
import json, os, signal, sys, time

INFO = dict(
    name="fake", architecture="fake", description="", parameters=1, size=1, context_train=512, context=512,
    threads=1, gpu_layers=0, template="", generation_prompt="", load_seconds=0.0,
)

def say(type, **fields):
    print(json.dumps({"type": type, **fields}), flush=True)

def ready(version=1):
    say("ready", version=version, llama_cpp="0", system_info="", devices=[])

def hear():
    return json.loads(sys.stdin.readline() or os._exit(0))

def load():
    say("loaded", id=hear()["id"], model=INFO)

def hang():
    while True:
        time.sleep(60)
"""


def fake_worker(behaviour: str) -> list[str]:
    """The command line of a worker that does this; its verbs are say, ready, hear, load and hang."""
    return [sys.executable, "-I", "-c", _VOCABULARY + dedent(behaviour)]
