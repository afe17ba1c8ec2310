"""Which draft model guesses for the model of a chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.chat.draft import Draft, draft_for
from localr1.config import Config
from localr1.errors import ModelFileError
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel


def chosen(model: Path, home: Path, config: Config) -> Draft | None:
    library = Library(load_catalog, home / "models")
    return draft_for(LocalModel(model.stem, model, 1, ""), read_header(model), config, library)


def test_the_one_of_the_settings_is_taken_with_the_memory_that_it_needs(
    nano: Path, smollm2: Path, tmp_path: Path
) -> None:
    small, large = (
        chosen(nano, tmp_path, Config(draft_model=str(smollm2), context=context)) for context in (1024, 8192)
    )
    assert small and large
    assert small.path == smollm2
    assert smollm2.stat().st_size < small.memory < large.memory


@pytest.mark.parametrize("config", [Config(), Config(speculation="off", draft_model="nowhere")])
def test_nothing_is_looked_for_where_nothing_guesses(nano: Path, tmp_path: Path, config: Config) -> None:
    assert chosen(nano, tmp_path, config) is None


def test_a_model_does_not_guess_for_itself(nano: Path, tmp_path: Path) -> None:
    assert chosen(nano, tmp_path, Config(draft_model=str(nano))) is None


def test_a_file_that_llama_cpp_would_die_of_is_refused(nano: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(nano.read_bytes()[:1000])
    with pytest.raises(ModelFileError):
        chosen(nano, tmp_path, Config(draft_model=str(damaged)))
