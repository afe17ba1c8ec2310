"""A hub with one model, and a directory to pull it into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.pulling import CONTENT, NAME, REPO, SPLIT
from tests.hub.server import HubServer


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def final(models: Path) -> Path:
    """Where the file belongs."""
    return models / REPO / NAME


@pytest.fixture
def server(hub_server: HubServer) -> HubServer:
    """A hub with one model."""
    hub_server.add(REPO, {NAME: CONTENT})
    return hub_server


@pytest.fixture
def split_server(hub_server: HubServer) -> HubServer:
    """The same with a model in three parts."""
    hub_server.add(REPO, SPLIT)
    return hub_server
