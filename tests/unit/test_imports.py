"""Taking a file of this machine into the library: every way, every refusal, and nothing lost in any."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from localr1.catalog import load_catalog
from localr1.errors import ModelFileError
from localr1.library.hashing import BLOCK, Hashed
from localr1.library.imports import How, Imported, Origin, import_model
from localr1.library.library import Library
from localr1.library.part_files import is_locked
from tests.gguf_files import Gguf, Tensor, model_values, string, u32

WAYS: tuple[How, ...] = ("reference", "link", "copy", "move")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def library(directory: Path) -> Library:
    return Library(load_catalog, directory)


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    (tmp_path / "downloads").mkdir()
    return Gguf().write(tmp_path / "downloads" / "tune.gguf")


def outcome(steps: Iterator[Hashed | Imported]) -> Imported:
    *_, last = steps
    assert isinstance(last, Imported)
    return last


def refusal(library: Library, path: Path, how: How = "copy") -> ModelFileError:
    """A refused import leaves everything as it was."""
    before = contents(path.parent), contents(library.directory)
    with pytest.raises(ModelFileError) as error:
        list(import_model(library, path, how))
    assert (contents(path.parent), contents(library.directory)) == before
    return error.value


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def split(directory: Path, count: int = 2) -> list[Path]:
    """A split model whose parts differ."""
    parts = []
    for number in range(1, count + 1):
        values = {**model_values(), "split.count": u32(count), "split.no": u32(number - 1)}
        path = directory / f"Big-Q6_K-{number:05}-of-{count:05}.gguf"
        parts.append(Gguf(values=values).write(path))
    return parts


@pytest.mark.parametrize("how", WAYS)
def test_a_model_can_be_used_after_its_import(library: Library, tune: Path, how: How) -> None:
    data = tune.read_bytes()
    imported = outcome(import_model(library, tune, how))
    assert imported.new
    model = library.find("tune")
    assert model == imported.model
    assert model.path.read_bytes() == data
    assert model.quant == "Q4_K_M"
    assert model.record
    assert model.record.how == ("referenced" if how == "reference" else "imported")


@pytest.mark.parametrize("how", WAYS)
def test_only_a_copy_takes_room_again_and_only_a_move_leaves_nothing_behind(
    library: Library, directory: Path, tune: Path, how: How
) -> None:
    inode = tune.stat().st_ino
    outcome(import_model(library, tune, how))
    here = directory / "tune.gguf"
    assert here.exists() == (how != "reference")
    assert tune.exists() == (how != "move")
    assert not here.exists() or (here.stat().st_ino == inode) == (how != "copy")


@pytest.mark.parametrize("how", ["link", "copy", "move"])
def test_the_hash_is_computed_on_the_way_and_told_as_it_goes(library: Library, tune: Path, how: How) -> None:
    data = tune.read_bytes()
    *progress, last = import_model(library, tune, how)
    assert progress == [Hashed("tune.gguf", len(data), len(data))]
    assert isinstance(last, Imported)
    assert last.model.record
    (file,) = last.model.record.files
    assert (file.name, file.sha256) == ("tune.gguf", hashlib.sha256(data).hexdigest())


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than the models directory."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system only")
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def write_large(path: Path) -> Path:
    """A model of three blocks, each with other bytes."""
    Gguf(tensors=[Tensor(shape=(1024, 2500))]).write(path)
    with path.open("r+b") as file:
        for place in (BLOCK - 2, 2 * BLOCK + 7, path.stat().st_size - 5):
            file.seek(place)
            file.write(b"12345")
    return path


def test_a_copy_of_several_blocks_is_whole(library: Library, directory: Path, tmp_path: Path) -> None:
    path = write_large(tmp_path / "large.gguf")
    assert len(list(import_model(library, path, "copy"))) == 4
    assert (directory / "large.gguf").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("how", ["copy", "move"])
def test_a_file_of_another_disk_comes_whole(
    library: Library, directory: Path, other_disk: Path, how: How
) -> None:
    path = write_large(other_disk / "large.gguf")
    data = path.read_bytes()
    outcome(import_model(library, path, how))
    assert (directory / "large.gguf").read_bytes() == data
    assert path.exists() == (how == "copy")


def test_no_link_leads_to_another_disk(library: Library, directory: Path, other_disk: Path) -> None:
    directory.mkdir()
    error = refusal(library, Gguf().write(other_disk / "tune.gguf"), "link")
    assert error.message == f"tune.gguf is on another disk than {directory}, where no link leads."


@pytest.mark.parametrize("how", ["copy", "move"])
def test_what_is_ours_is_private(library: Library, directory: Path, tune: Path, how: How) -> None:
    tune.chmod(0o644)
    outcome(import_model(library, tune, how))
    assert stat.S_IMODE((directory / "tune.gguf").stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_link_leaves_the_rights_of_the_file_alone(library: Library, tune: Path) -> None:
    tune.chmod(0o644)
    outcome(import_model(library, tune, "link"))
    assert stat.S_IMODE(tune.stat().st_mode) == 0o644


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("part", [0, 1])
def test_a_split_model_comes_whole_by_any_of_its_parts(
    library: Library, tmp_path: Path, how: How, part: int
) -> None:
    parts = split(tmp_path)
    data = [path.read_bytes() for path in parts]
    model = outcome(import_model(library, parts[part], how)).model
    assert (model.name, model.path.name, model.size) == ("Big-Q6_K", parts[0].name, sum(map(len, data)))
    assert [model.path.with_name(path.name).read_bytes() for path in parts] == data
    assert library.find("Big-Q6_K") == model


@pytest.mark.parametrize("how", WAYS)
def test_a_split_model_that_is_incomplete_is_refused(library: Library, tmp_path: Path, how: How) -> None:
    parts = split(tmp_path, 3)
    parts[1].unlink()
    assert "there is no Big-Q6_K-00002-of-00003.gguf" in refusal(library, parts[0], how).message


def test_a_part_under_another_name_is_told_what_it_is(library: Library, tmp_path: Path) -> None:
    path = split(tmp_path)[1].rename(tmp_path / "renamed.gguf")
    assert refusal(library, path).message == "renamed.gguf is part 2 of 2 of a split model."


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", ["link", "copy", "move"])
def test_the_same_content_twice_is_here_already(
    library: Library, tune: Path, first: How, second: How
) -> None:
    data = tune.read_bytes()
    model = outcome(import_model(library, tune, first)).model
    tune.write_bytes(data) if first == "move" else None
    before = contents(library.directory)
    assert outcome(import_model(library, tune, second)) == Imported(model, new=False)
    assert contents(library.directory) == before
    assert tune.read_bytes() == data


@pytest.mark.parametrize("first", ["reference", "link"])
def test_a_reference_to_what_is_here_already_adds_nothing(library: Library, tune: Path, first: How) -> None:
    model = outcome(import_model(library, tune, first)).model
    assert outcome(import_model(library, tune, "reference")) == Imported(model, new=False)


@pytest.mark.parametrize("same_size", [True, False])
@pytest.mark.parametrize("how", ["link", "copy", "move"])
def test_a_name_that_is_taken_is_refused_and_the_old_file_kept(
    library: Library, directory: Path, tune: Path, how: How, same_size: bool
) -> None:
    directory.mkdir()
    older = bytes(tune.stat().st_size) if same_size else b"older"
    (directory / "tune.gguf").write_bytes(older)
    error = refusal(library, tune, how)
    assert error.message == f"There is another file named tune.gguf in {directory}, and it stays."


@pytest.mark.parametrize("how", ["link", "copy", "move"])
def test_a_taken_part_keeps_the_whole_split_model_out(
    library: Library, directory: Path, tmp_path: Path, how: How
) -> None:
    (tmp_path / "downloads").mkdir()
    parts = split(tmp_path / "downloads")
    directory.mkdir()
    (directory / parts[1].name).write_bytes(bytes(parts[1].stat().st_size))
    modes = [path.stat().st_mode for path in parts]
    refusal(library, parts[0], how)
    assert [path.stat().st_mode for path in parts] == modes


NO_CHAT = {
    "picture": ({"general.architecture": string("clip")}, "is the part of a model that sees pictures"),
    "projector": ({"general.type": string("mmproj")}, "is the part of a model that sees pictures"),
    "adapter": ({"general.type": string("adapter")}, "is a LoRA adapter"),
    "imatrix": ({"general.type": string("imatrix")}, "is a table that quantising uses"),
    "embedding": ({"general.architecture": string("nomic-bert")}, "is an embedding model"),
    "no template": ({"tokenizer.chat_template": string("")}, "has no chat template"),
}


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("kind", NO_CHAT)
def test_what_cannot_chat_is_refused_by_what_it_is(
    library: Library, tmp_path: Path, kind: str, how: How
) -> None:
    changed, words = NO_CHAT[kind]
    path = Gguf(values={**model_values(), **changed}).write(tmp_path / "m.gguf")
    assert refusal(library, path, how).message.startswith(f"m.gguf is no chat model: it {words}")


def test_a_vocabulary_alone_and_weights_alone_are_no_models(library: Library, tmp_path: Path) -> None:
    path = Gguf(tensors=[]).write(tmp_path / "vocabulary.gguf")
    assert "it holds no weights" in refusal(library, path).message
    values = {key: value for key, value in model_values().items() if key != "tokenizer.ggml.tokens"}
    path = Gguf(values=values).write(tmp_path / "weights.gguf")
    assert "it has no vocabulary" in refusal(library, path).message


def test_a_damaged_file_is_refused_with_what_is_wrong_with_it(library: Library, tune: Path) -> None:
    os.truncate(tune, tune.stat().st_size - 1)
    assert "tune.gguf is cut short" in refusal(library, tune).message
    tune.write_bytes(b"PK\x03\x04")
    assert refusal(library, tune).message == "tune.gguf is a zip archive, not a GGUF model."
    assert "is a directory, not a file" in refusal(library, tune.parent).message


def test_a_header_that_would_end_the_engine_is_refused(library: Library, tmp_path: Path) -> None:
    path = Gguf(values={**model_values(), "qwen2.block_count": u32(0)}).write(tmp_path / "m.gguf")
    assert refusal(library, path).message.startswith("m.gguf can't be loaded: it states 0 layers")


def test_a_copy_that_does_not_fit_is_refused_before_it_begins(
    library: Library, directory: Path, tmp_path: Path
) -> None:
    large = Gguf(tensors=[Tensor(shape=(1000, 2_500_000_000))])
    path = tmp_path / "large.gguf"
    path.write_bytes(large.header())
    os.truncate(path, 10_000_100_000_000)
    steps = import_model(library, path, "copy")
    with pytest.raises(ModelFileError, match=r"A copy needs 10\.0 TB") as error:
        next(steps)
    assert error.value.hint.startswith("Move, link or reference")
    assert list(directory.iterdir()) == []


def test_an_import_that_is_given_up_leaves_nothing(library: Library, directory: Path, tmp_path: Path) -> None:
    parts = split(tmp_path)
    steps = import_model(library, parts[0], "copy")
    next(steps)
    next(steps)
    assert [is_locked(part) for part in sorted(directory.glob("*.part"))] == [False, True]
    steps.close()
    assert list(directory.iterdir()) == []
    assert all(path.exists() for path in parts)


def test_a_file_that_is_still_being_written_is_refused(library: Library, directory: Path, tune: Path) -> None:
    steps = import_model(library, tune, "copy")
    next(steps)
    with tune.open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelFileError, match="changed while it was read"):
        list(steps)
    assert list(directory.iterdir()) == []


def test_a_blob_without_a_name_of_its_own_takes_that_of_its_program(library: Library, tmp_path: Path) -> None:
    blob = Gguf().write(tmp_path / f"sha256-{'0' * 64}")
    model = outcome(import_model(library, blob, "copy", Origin("Ollama", "deepseek-r1:7b"))).model
    assert (model.name, model.path.name) == ("deepseek-r1:7b", "deepseek-r1-7b.gguf")


def test_what_another_program_knows_of_a_file_is_remembered(library: Library, tmp_path: Path) -> None:
    blob = Gguf().write(tmp_path / "blob")
    origin = Origin("Ollama", "deepseek-r1:7b", "ab" * 32, "owner/repo", "c" * 40)
    record = outcome(import_model(library, blob, "reference", origin)).model.record
    assert record
    assert (record.program, record.name, record.repo, record.commit) == (
        "Ollama",
        "deepseek-r1:7b",
        "owner/repo",
        "c" * 40,
    )
    assert record.files[0].sha256 == "ab" * 32


@pytest.mark.parametrize("how", ["reference", "copy"])
def test_a_path_with_two_dots_is_remembered_without_them(
    library: Library, tune: Path, monkeypatch: pytest.MonkeyPatch, how: How
) -> None:
    (tune.parent / "folder").mkdir()
    monkeypatch.chdir(tune.parent / "folder")
    assert outcome(import_model(library, Path("../tune.gguf"), how)).model == library.find("tune")


def test_a_linked_file_can_be_linked_and_copied_but_not_moved(library: Library, tune: Path) -> None:
    link = tune.with_name("link.gguf")
    link.symlink_to(tune)
    assert refusal(library, link, "move").message == "link.gguf is a link."
    assert outcome(import_model(library, link, "link")).model.path.samefile(tune)


@pytest.mark.parametrize("name", [".hidden.gguf", "a\nb.gguf", "a\x1b[31m.gguf"])
def test_a_name_that_is_no_good_is_refused(library: Library, tmp_path: Path, name: str) -> None:
    path = Gguf().write(tmp_path / name)
    assert "is no good name for a model" in refusal(library, path).message
