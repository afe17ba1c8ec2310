"""The real worker, and models inside this process where token ids matter."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.attention import FlashAttention
from localr1.engine.client import Engine
from localr1.engine.requests import Load
from localr1.engine.worker.bindings import AbortFlag, start_backend
from localr1.engine.worker.model import Model
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.engine.asking import engine_of
from tests.engine.sessions import Opener

NEVER_SET = AbortFlag()
"""Contexts read their flag for as long as they live."""


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine without a model."""
    async with engine_of(tmp_path) as engine:
        yield engine


@pytest.fixture
async def nano_engine(engine: Engine, nano: Path) -> Engine:
    """An engine with the bundled model."""
    await engine.load(nano)
    return engine


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    """The chats of a database of their own."""
    with closing(Database.open(tmp_path / "chats.db")) as database:
        yield Chats(database)


@pytest.fixture
def opener(chats: Chats, engine: Engine, tmp_path: Path) -> Opener:
    """Opens sessions over these chats and this engine."""
    return Opener(chats, engine, tmp_path)


@pytest.fixture(scope="module")
def nano_model(nano: Path) -> Iterator[Model]:
    """The bundled model in this process."""
    model = open_model(nano)
    yield model
    model.close()


@pytest.fixture(scope="module")
def smollm2_model(smollm2: Path) -> Iterator[Model]:
    """SmolLM2 in this process."""
    model = open_model(smollm2)
    yield model
    model.close()


def open_model(path: Path, *, flash_attention: FlashAttention = "auto", context: int = 512) -> Model:
    """A model with a small context, its loading not followed."""
    start_backend()
    request = Load(id=1, path=os.fsencode(path), context=context, flash_attention=flash_attention)
    return Model(request, NEVER_SET, lambda share: None)
