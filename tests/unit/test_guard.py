"""The judgement before a load, and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.config import Config
from localr1.engine.reports import Device
from localr1.errors import ModelFileError, OutOfMemoryError
from localr1.fit.guard import Guard
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.memory import Memory
from tests.gguf_files import Gguf, u32

GB = 10**9
MB = 10**6
GPU = Device(name="GPU0", description="", kind="gpu", free=8 * GB, total=8 * GB)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(load_catalog, tmp_path / "models")


LARGE = {
    "qwen2.block_count": u32(28),
    "qwen2.embedding_length": u32(3584),
    "qwen2.feed_forward_length": u32(18_944),
    "qwen2.attention.head_count": u32(28),
    "qwen2.attention.head_count_kv": u32(4),
    "qwen2.context_length": u32(131_072),
}


@pytest.fixture
def model(tmp_path: Path) -> LocalModel:
    """A model that states to be large; of its weights nothing is looked at."""
    gguf = Gguf()
    gguf.values |= LARGE
    path = gguf.write(tmp_path / "own-7b.gguf")
    return LocalModel("own-7b", path, 4_700 * MB, "Q4_K_M")


def guard(model: LocalModel, library: Library, free: float, **settings: object) -> Guard:
    """A guard on a machine with so much memory free."""
    config = Config(**settings)  # type: ignore[arg-type]
    header = read_header(model.path)
    return Guard(model, header, config, library, read=lambda held: Memory(16 * GB, round(free) + held))


def refusal(guard: Guard) -> ModelFileError:
    with pytest.raises(ModelFileError) as refused:
        guard.require_fit(())
    assert refused.value.exit_code == 3
    return refused.value


def test_what_fits_is_let_through_with_all_layers(model: LocalModel, library: Library) -> None:
    assert guard(model, library, 8 * GB).require_fit(()) == -1
    assert guard(model, library, 5.4 * GB).require_fit(()) == -1


def test_what_does_not_fit_is_refused_with_numbers_and_the_largest_that_does(
    model: LocalModel, library: Library
) -> None:
    error = refusal(guard(model, library, 2 * GB))
    assert error.message == "own-7b needs 5.36 GB, 2.00 GB are free."
    assert error.hint == "qwen-1.5b Q5_K_M needs 1.68 GB."


def test_what_a_draft_model_takes_is_not_free(model: LocalModel, library: Library) -> None:
    header = read_header(model.path)
    beside = Guard(
        model, header, Config(), library, beside=4 * GB, read=lambda held: Memory(16 * GB, 8 * GB + held)
    )
    assert refusal(beside).message == "own-7b needs 5.36 GB, 4.00 GB are free."


def test_a_model_that_is_here_is_named_before_a_larger_one_that_would_have_to_be_fetched(
    model: LocalModel, library: Library
) -> None:
    library.directory.mkdir()
    Gguf().write(library.directory / "own.gguf")
    assert refusal(guard(model, library, 2 * GB)).hint.startswith("own needs ")


def test_a_smaller_context_goes_before_a_smaller_model(model: LocalModel, library: Library) -> None:
    error = refusal(guard(model, library, 6.5 * GB, context=65_536))
    assert error.message == "own-7b needs 8.74 GB, 6.50 GB are free."
    assert error.hint == "With a context of 8,192 tokens it needs 5.36 GB."


def test_no_context_is_proposed_that_the_model_was_not_trained_for(nano: Path, library: Library) -> None:
    local = LocalModel("nano", nano, nano.stat().st_size, "Q8_0")
    error = refusal(guard(local, library, 4 * GB, context=10_000_000))
    assert error.hint.startswith("With a context of 4,096 tokens it needs 5")


def test_a_model_that_does_not_say_what_it_was_trained_for_is_refused_like_any_other(
    model: LocalModel, library: Library
) -> None:
    gguf = Gguf()
    gguf.values |= LARGE
    del gguf.values["qwen2.context_length"]
    gguf.write(model.path)
    assert refusal(guard(model, library, 2 * GB)).hint == "qwen-1.5b Q5_K_M needs 1.68 GB."
    roomy = guard(model, library, 6.5 * GB, context=65_536)
    assert refusal(roomy).hint == "With a context of 8,192 tokens it needs 5.36 GB."


def test_where_hardly_anything_is_free_nano_is_named(model: LocalModel, library: Library) -> None:
    assert refusal(guard(model, library, 100 * MB)).hint.startswith("nano needs 5")


def test_where_not_even_nano_fits_there_is_still_something_to_do(model: LocalModel, library: Library) -> None:
    assert refusal(guard(model, library, MB)).hint == "Close other programs, or choose a smaller model."


def test_a_model_that_is_named_by_its_path_is_called_by_its_file(model: LocalModel, library: Library) -> None:
    local = LocalModel(str(model.path), model.path, model.size, "")
    assert refusal(guard(local, library, GB)).message.startswith("own-7b.gguf needs ")


def test_the_check_can_be_turned_off(model: LocalModel, library: Library) -> None:
    assert guard(model, library, GB, memory_check=False).require_fit(()) == -1


def test_what_our_worker_holds_is_there_for_the_next_model(model: LocalModel, library: Library) -> None:
    strict = guard(model, library, 3 * GB)
    refusal(strict)
    assert strict.require_fit((), held=3 * GB) == -1


def test_a_gpu_takes_what_main_memory_has_no_room_for(model: LocalModel, library: Library) -> None:
    assert guard(model, library, GB).require_fit((GPU,)) == 29


def test_a_gpu_that_takes_a_part_gets_a_number_of_layers(model: LocalModel, library: Library) -> None:
    half = Device(name="GPU0", description="", kind="gpu", free=3 * GB, total=4 * GB)
    assert 5 < guard(model, library, 6 * GB).require_fit((half,)) < 28
    assert guard(model, library, 6 * GB, gpu_layers=3).require_fit((half,)) == 3


def test_a_model_of_unknown_shape_is_left_to_the_engine(tmp_path: Path, library: Library) -> None:
    gguf = Gguf()
    del gguf.values["qwen2.embedding_length"]
    path = gguf.write(tmp_path / "odd.gguf")
    odd = guard(LocalModel("odd", path, 10 * GB, ""), library, GB, gpu_layers=7)
    assert odd.require_fit(()) == 7
    error = OutOfMemoryError("The engine died.")
    assert odd.explained(error) is error


def test_an_engine_that_ran_out_of_memory_is_explained_with_numbers_and_a_smaller_choice(
    model: LocalModel, library: Library
) -> None:
    error = guard(model, library, 2 * GB).explained(OutOfMemoryError("The engine died (SIGKILL)."))
    assert error.exit_code == 4
    assert error.message == "The engine died (SIGKILL). The model needs about 5.36 GB, 2.00 GB are free."
    assert error.hint == "qwen-1.5b Q5_K_M needs 1.68 GB."


def test_where_there_is_plenty_nobody_is_sent_after_a_smaller_model(
    model: LocalModel, library: Library
) -> None:
    killed = OutOfMemoryError("The engine died (SIGKILL).", hint="Another program ended it.")
    error = guard(model, library, 64 * GB).explained(killed)
    assert error.message.endswith("64.0 GB are free.")
    assert error.hint == "Another program ended it."


def test_a_chat_that_is_kept_in_smaller_numbers_needs_less(model: LocalModel, library: Library) -> None:
    refusal(guard(model, library, 6.5 * GB, context=65_536))
    assert guard(model, library, 7 * GB, context=65_536, cache_type="q8_0").require_fit(()) == -1
    error = refusal(guard(model, library, 6.5 * GB, context=65_536, cache_type="q8_0"))
    assert error.message.startswith("own-7b needs 6.9")
