from __future__ import annotations

import os
from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.errors import ModelFileError
from localr1.library.disk_use import disk_use
from localr1.library.imports import How, import_model
from localr1.library.library import Library
from localr1.library.part_files import lock, part_path
from localr1.library.partial_downloads import partial_downloads, remove_partial
from localr1.library.records import Record, recorded_file
from localr1.library.removal import Removal, plan_removal, remove
from localr1.saved_states import SavedStates
from tests.gguf_files import Gguf

QWEN = "DeepSeek-R1-Distill-Qwen-1.5B"
REPO = f"unsloth/{QWEN}-GGUF"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "models").mkdir()
    return Library(load_catalog, tmp_path / "models")


def put(library: Library, place: str, size: int = 10) -> Path:
    path = library.directory / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    return path


def pulled(library: Library, *places: str) -> list[Path]:
    paths = [put(library, place) for place in places]
    files = tuple(recorded_file(path, "") for path in paths)
    library.records.save(Record(path=str(paths[0]), files=files, how="pulled", repo=REPO, added=0))
    return paths


def begun(library: Library, place: str, sha256: str = "ab" * 32, size: int = 3) -> Path:
    """An unfinished download."""
    return put(library, str(part_path(Path(place), sha256)), size)


def removed(library: Library, name: str) -> Removal:
    plan = plan_removal(library, name)
    remove(library, plan)
    return plan


def left(library: Library) -> list[str]:
    """What lies in the models directory."""
    return sorted(str(path.relative_to(library.directory)) for path in library.directory.rglob("*"))


def refusal(library: Library, name: str) -> ModelFileError:
    before = left(library)
    with pytest.raises(ModelFileError) as error:
        remove(library, plan_removal(library, name))
    assert left(library) == before
    return error.value


def test_a_model_goes_with_its_record_its_folders_and_what_was_begun_of_it(library: Library) -> None:
    place = f"{REPO}/{QWEN}-Q4_K_M.gguf"
    (path,) = pulled(library, place)
    part = begun(library, place)
    plan = removed(library, "qwen-1.5b")
    assert (plan.name, plan.files, plan.freed) == ("qwen-1.5b", (path,), 13)
    assert [partial.path for partial in plan.partials] == [part]
    assert left(library) == ["records"]


def test_what_a_model_has_evaluated_of_chats_goes_with_it(tmp_path: Path) -> None:
    states = SavedStates(tmp_path / "states")
    library = Library(load_catalog, tmp_path / "models", states)
    pulled(library, f"{QWEN}-Q4_K_M.gguf")
    model = library.look_up(f"{QWEN}-Q4_K_M.gguf")
    mine, other = states.place(1, model.identity), states.place(1, "another")
    mine.parent.mkdir()
    mine.touch()
    other.touch()
    removed(library, model.name)
    assert (mine.exists(), other.exists()) == (False, True)


def test_planning_removes_nothing(library: Library) -> None:
    put(library, "tune.gguf")
    begun(library, "tune.gguf")
    before = left(library)
    assert plan_removal(library, "tune").freed == 13
    assert left(library) == before


def test_what_else_lies_beside_a_model_stays(library: Library) -> None:
    pulled(library, f"{REPO}/{QWEN}-Q4_K_M.gguf")
    put(library, f"{REPO}/{QWEN}-Q8_0.gguf")
    begun(library, f"{REPO}/{QWEN}-Q8_0.gguf")
    put(library, f"{REPO}/notes.txt")
    put(library, "tune.gguf")
    removed(library, "qwen-1.5b")
    kept = [name.removeprefix(f"{REPO}/") for name in left(library) if (library.directory / name).is_file()]
    assert sorted(kept) == [
        f"{QWEN}-Q8_0.gguf",
        f"{QWEN}-Q8_0.gguf.abababababababab.part",
        "notes.txt",
        "tune.gguf",
    ]


def test_all_parts_of_a_split_model_go(library: Library) -> None:
    paths = pulled(library, *(f"a/b/Big-0000{number}-of-00002.gguf" for number in (1, 2)))
    begun(library, "a/b/Big-00002-of-00002.gguf")
    assert removed(library, "Big").files == tuple(paths)
    assert left(library) == ["records"]


def test_a_split_model_that_is_incomplete_can_be_removed(library: Library) -> None:
    path = put(library, "a/b/Big-00002-of-00003.gguf")
    begun(library, "a/b/Big-00003-of-00003.gguf")
    plan = removed(library, "Big")
    assert (plan.files, plan.freed) == ((path,), 13)
    assert left(library) == []


def test_a_model_that_has_changed_can_be_removed(library: Library) -> None:
    (path,) = pulled(library, "a/b/tune.gguf")
    path.write_bytes(b"other")
    removed(library, "tune")
    assert not path.exists()


def test_a_referenced_file_stays_and_is_only_forgotten(library: Library, tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "theirs.gguf")
    list(import_model(library, path, "reference"))
    plan = removed(library, "theirs")
    assert (plan.only_forgotten, plan.files, plan.freed) == (True, (), 0)
    assert path.exists()
    assert [model.name for model in library.models()] == ["nano"]


def test_a_reference_whose_file_is_gone_can_be_forgotten(library: Library, tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "theirs.gguf")
    list(import_model(library, path, "reference"))
    path.unlink()
    removed(library, "theirs")
    assert len(library.models()) == 1


def test_the_bundled_model_stays(library: Library, nano: Path) -> None:
    assert refusal(library, "nano").message == "nano comes with localr1 and stays."
    assert nano.exists()


def test_a_file_outside_the_models_directory_stays(library: Library, tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "tune.gguf")
    assert "is not in the models directory" in refusal(library, str(path)).message
    (tmp_path / "models-of-mine").mkdir()
    other = Gguf().write(tmp_path / "models-of-mine" / "tune.gguf")
    assert "is not in the models directory" in refusal(library, str(other)).message
    (library.directory / "owner").symlink_to(tmp_path)
    for detour in ("..", "owner"):
        message = refusal(library, str(library.directory / detour / "tune.gguf")).message
        assert "is not in the models directory" in message
    assert path.exists()


@pytest.mark.parametrize("how", ["symlink", "link"])
def test_of_a_link_only_the_name_goes_and_nothing_is_freed(
    library: Library, tmp_path: Path, how: str
) -> None:
    path = Gguf().write(tmp_path / "theirs.gguf")
    if how == "link":
        os.link(path, library.directory / "tune.gguf")
    else:
        (library.directory / "tune.gguf").symlink_to(path)
    assert removed(library, "tune").freed == 0
    assert path.exists()
    assert left(library) == []


def test_an_unknown_model_is_refused_as_everywhere(library: Library) -> None:
    assert refusal(library, "tune").message == "There is no model named tune."


def test_a_model_that_is_being_downloaded_is_refused(library: Library) -> None:
    put(library, "tune.gguf")
    part = begun(library, "tune.gguf")
    with part.open("rb") as download:
        assert lock(download.fileno(), part)
        with pytest.raises(ModelFileError, match="tune is being downloaded at this moment"):
            plan_removal(library, "tune")
        for partial in partial_downloads(library):
            with pytest.raises(ModelFileError, match="is being downloaded"):
                remove_partial(partial)
    removed(library, "tune")
    assert left(library) == []


@pytest.mark.parametrize(
    "name",
    ["qwen-1.5b", "Qwen-1.5B:q4_k_m", f"{QWEN}-Q4_K_M.gguf", f"{QWEN}-Q4_K_M.gguf.abababababababab.part"],
)
def test_an_unfinished_download_can_be_removed_by_its_name(library: Library, name: str) -> None:
    part = begun(library, f"{REPO}/{QWEN}-Q4_K_M.gguf")
    plan = removed(library, name)
    assert (plan.name, plan.model, plan.files, plan.freed) == ("qwen-1.5b", None, (), 3)
    assert not part.exists()
    assert left(library) == []


def test_a_name_finds_only_its_own_unfinished_downloads(library: Library) -> None:
    for quant in ("Q4_K_M", "Q8_0"):
        begun(library, f"{REPO}/{QWEN}-{quant}.gguf")
    put(library, "notes.part")
    assert [partial.name for partial in partial_downloads(library)] == ["qwen-1.5b", "qwen-1.5b:Q8_0"]
    (partial,) = partial_downloads(library, "qwen-1.5b:Q8_0")
    assert (partial.file.name, partial.size) == (f"{QWEN}-Q8_0.gguf", 3)


def test_the_room_that_models_take_is_counted_without_what_is_others(
    library: Library, tmp_path: Path
) -> None:
    put(library, "tune.gguf", size=20)
    put(library, "Big-00001-of-00002.gguf", size=40)
    put(library, "Big-00002-of-00002.gguf", size=5)
    ways: dict[str, How] = {"referenced": "reference", "linked": "link"}
    for name, how in ways.items():
        list(import_model(library, Gguf().write(tmp_path / f"{name}.gguf"), how))
    begun(library, "a/b/new.gguf")
    use = disk_use(library)
    nano = library.look_up("nano").size
    assert {model.name: size for model, size in use.models} == {
        "nano": nano,
        "Big": 45,
        "tune": 20,
        "referenced": 0,
        "linked": 0,
    }
    assert [model.name for model, _ in use.models][:3] == ["nano", "Big", "tune"]
    assert (len(use.partials), use.total) == (1, nano + 45 + 20 + 3)
