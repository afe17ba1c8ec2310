from __future__ import annotations

import os
from pathlib import Path

import pytest

from localr1.catalog import Catalog, load_catalog
from localr1.errors import ConfigError, ModelFileError
from localr1.library.library import Library
from localr1.library.records import How, Record, recorded_file
from localr1.paths import find_paths
from tests.gguf_files import Gguf

QWEN = "DeepSeek-R1-Distill-Qwen-1.5B"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "models"
    path.mkdir()
    return path


@pytest.fixture
def library(directory: Path) -> Library:
    return Library(load_catalog, directory)


def put(directory: Path, *names: str, size: int = 10) -> None:
    for name in names:
        (directory / name).write_bytes(bytes(size))


def remember(library: Library, path: Path, *, how: How = "pulled", repo: str = "", name: str = "") -> None:
    """As a pull or an import does in the end."""
    record = Record(path=str(path), files=(recorded_file(path, ""),), how=how, repo=repo, name=name, added=0)
    library.records.save(record)


def refusal(library: Library, name: str) -> ModelFileError:
    with pytest.raises(ModelFileError) as error:
        library.find(name)
    assert error.value.exit_code == 3
    return error.value


def test_the_bundled_model_is_always_here(library: Library, nano: Path) -> None:
    (model,) = library.models()
    assert (model.name, model.path, model.size) == ("nano", nano, nano.stat().st_size)
    assert model.sampling == library.catalog.find("nano")[0].sampling
    assert library.find("nano") == library.find(f"nano:{model.quant.lower()}") == model


def test_a_models_directory_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert len(Library(load_catalog, tmp_path / "absent").models()) == 1


def test_a_models_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    put(tmp_path, "models")
    with pytest.raises(ModelFileError, match="models can't be read: Not a directory"):
        Library(load_catalog, tmp_path / "models").models()


def test_known_files_have_the_names_of_the_catalog(library: Library, directory: Path) -> None:
    put(directory, f"{QWEN}-Q4_K_M.gguf", f"{QWEN}-Q8_0.gguf")
    models = library.models()[1:]
    assert [(model.name, model.quant) for model in models] == [
        ("qwen-1.5b", "Q4_K_M"),
        ("qwen-1.5b:Q8_0", "Q8_0"),
    ]
    assert all(model.entry is library.catalog.find("qwen-1.5b")[0] for model in models)
    assert [library.find(model.name) for model in models] == models


def test_other_files_have_their_own_names_and_the_quant_in_them(library: Library, directory: Path) -> None:
    put(directory, "My Tune.iq3_xxs.gguf", "plain.GGUF", "Q8_0-q4_k_m-x.gguf", "FAQ4_0s.gguf", "readme.txt")
    names = {model.name: model.quant for model in library.models()[1:]}
    assert names == {"FAQ4_0s": "", "My Tune.iq3_xxs": "IQ3_XXS", "Q8_0-q4_k_m-x": "Q4_K_M", "plain": ""}
    assert all(library.find(name).entry is None and library.find(name).sampling is None for name in names)


def test_what_only_looks_like_a_model_is_left_out(library: Library, directory: Path) -> None:
    (directory / "folder.gguf").mkdir()
    (directory / "dangling.gguf").symlink_to(directory / "absent")
    (directory / "loop.gguf").symlink_to(directory / "loop.gguf")
    os.mkfifo(directory / "pipe.gguf")
    assert len(library.models()) == 1


def test_a_linked_model_is_a_model(library: Library, directory: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere.gguf")
    (directory / "tune.gguf").symlink_to(tmp_path / "elsewhere.gguf")
    assert library.find("tune").size == 10


def test_a_file_whose_name_is_taken_goes_by_its_path(library: Library, directory: Path) -> None:
    put(directory, "nano.gguf")
    other = library.models()[1]
    assert other.name == str(directory / "nano.gguf")
    assert other.entry is None
    assert library.find(other.name) == other
    assert library.find("nano") != other


def test_a_name_without_a_quant_finds_the_default_one_even_beside_a_larger(
    library: Library, directory: Path
) -> None:
    put(directory, f"{QWEN}-Q4_K_M.gguf")
    put(directory, f"{QWEN}-Q8_0.gguf", size=20)
    assert library.find("Qwen-1.5B").quant == "Q4_K_M"


def test_a_name_without_a_quant_finds_the_largest_that_is_here(library: Library, directory: Path) -> None:
    put(directory, f"{QWEN}-Q2_K.gguf", f"{QWEN}-Q3_K_M.gguf")
    put(directory, f"{QWEN}-Q6_K.gguf", size=20)
    put(directory, "DeepSeek-R1-Distill-Llama-8B-Q4_K_M.gguf", size=30)
    assert library.find("qwen-1.5b").quant == "Q6_K"
    assert library.find("qwen-1.5b:q3_k_m").quant == "Q3_K_M"


def test_a_model_that_is_not_here_is_answered_with_where_to_get_it(library: Library, directory: Path) -> None:
    put(directory, f"{QWEN}-Q8_0.gguf")
    error = refusal(library, "qwen-1.5b:Q4_K_M")
    assert error.message == "qwen-1.5b (Q4_K_M, 1.12 GB) is not on this machine."
    assert error.hint == "`localr1 pull qwen-1.5b:Q4_K_M` downloads it."


def test_an_unknown_name_is_answered_with_close_ones_from_disk_too(library: Library, directory: Path) -> None:
    put(directory, "my-fine-tune.gguf")
    assert refusal(library, "my-fine-tone").hint == "Did you mean my-fine-tune?"
    assert refusal(library, "MY-").hint == "Did you mean my-fine-tune?"


def test_a_missing_bundled_model_is_a_broken_installation(directory: Path) -> None:
    (directory / "models.toml").write_text(
        '[[model]]\nname = "lost"\ntitle = ""\nsummary = ""\nparameters = ""\nlicense = ""\nbundled = true\n'
        'default = "F16"\nfiles = { F16 = { file = "lost.gguf" } }\n'
    )
    library = Library(lambda: load_catalog(directory / "models.toml"), directory)
    assert library.models() == []
    assert refusal(library, "lost").message == "lost is missing from this installation."


def test_a_path_finds_any_file_and_is_its_name(library: Library, tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "a b.Q5_K_M.gguf")
    model = library.find(str(path))
    assert (model.name, model.path, model.size) == (str(path), path, path.stat().st_size)
    assert model.quant == "Q5_K_M"
    assert library.find(model.name) == model


def test_a_path_to_a_known_file_brings_what_the_catalog_knows(library: Library, tmp_path: Path) -> None:
    put(tmp_path, f"{QWEN}-Q4_K_M.gguf")
    model = library.find(str(tmp_path / f"{QWEN}-Q4_K_M.gguf"))
    assert model.name == str(tmp_path / f"{QWEN}-Q4_K_M.gguf")
    assert model.entry
    assert model.entry.name == "qwen-1.5b"


def test_a_path_into_the_models_directory_finds_the_model_by_its_name(
    library: Library, directory: Path, nano: Path
) -> None:
    put(directory, f"{QWEN}-Q4_K_M.gguf")
    assert library.find(str(directory / f"{QWEN}-Q4_K_M.gguf")).name == "qwen-1.5b"
    assert library.find(str(nano)).name == "nano"


def test_a_path_may_be_relative_and_may_begin_with_a_tilde(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "x.gguf")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert library.find("x.gguf").path == library.find("./x.gguf").path == library.find("~/x.gguf").path
    assert library.find("x.gguf").path == tmp_path / "x.gguf"


def test_the_name_of_a_file_in_the_models_directory_is_enough(library: Library, directory: Path) -> None:
    put(directory, "tune.gguf")
    assert library.find("tune.gguf") == library.find("tune")


def test_a_path_that_is_not_there_says_so(library: Library, tmp_path: Path) -> None:
    assert refusal(library, f"{tmp_path}/x.gguf").message == f"There is no file {tmp_path}/x.gguf."


@pytest.mark.parametrize(
    "name",
    [
        "../../../../../../no/such/thing",
        "../models",
        "a\0b",
        "/a\0b.gguf",
        "\x1b]52;c;aGk=\x07",
        "x" * 5000,
        "x" * 5000 + ".gguf",
        "qwen-1.5b:" + "x" * 5000,
        "\ud800",
        "/\ud800",
        "\udcff.gguf",
        "~no-such-user/x",
        "/dev/zero",
        "",
        ":",
        ".",
        "/",
    ],
)
def test_a_name_made_to_do_harm_is_refused_in_few_words(library: Library, name: str) -> None:
    error = refusal(library, name)
    assert len(error.message) < 300
    assert len(error.hint) < 300


def test_a_split_model_is_one_model_named_without_its_numbers(library: Library, directory: Path) -> None:
    put(directory, *(f"Big-Q6_K-0000{number}-of-00003.gguf" for number in (1, 2, 3)))
    (model,) = library.models()[1:]
    assert (model.name, model.quant, model.size) == ("Big-Q6_K", "Q6_K", 30)
    assert model.path == directory / "Big-Q6_K-00001-of-00003.gguf"
    assert library.find("Big-Q6_K") == model
    assert library.find(str(directory / "Big-Q6_K-00002-of-00003.gguf")) == model


def test_missing_parts_of_a_split_model_are_named(library: Library, directory: Path) -> None:
    put(directory, "Big-00002-of-00003.gguf")
    assert [model.name for model in library.models()] == ["nano", "Big"]
    for name in ("Big", str(directory / "Big-00002-of-00003.gguf")):
        assert refusal(library, name).message == (
            "Big is incomplete: of its 3 parts, there is no Big-00001-of-00003.gguf, Big-00003-of-00003.gguf."
        )


def test_of_many_missing_parts_a_few_are_named(library: Library, directory: Path) -> None:
    put(directory, "Big-00001-of-00900.gguf")
    assert refusal(library, "Big").message.endswith(
        "Big-00002-of-00900.gguf, Big-00003-of-00900.gguf, Big-00004-of-00900.gguf and 896 more."
    )


@pytest.mark.parametrize("name", ["x-00000-of-00002", "x-00003-of-00002", "x-00001-of-00000", "x-1-of-2"])
def test_a_name_that_only_looks_split_is_a_whole_model(library: Library, directory: Path, name: str) -> None:
    put(directory, f"{name}.gguf")
    assert library.find(name).path == directory / f"{name}.gguf"


def test_the_catalog_is_read_once_and_not_before_it_is_needed(directory: Path) -> None:
    loads: list[Catalog] = []

    def load() -> Catalog:
        loads.append(load_catalog())
        return loads[-1]

    library = Library(load, directory)
    assert loads == []
    library.find("nano")
    library.models()
    assert len(loads) == 1


def test_a_broken_catalog_is_a_mistake_in_the_configuration(directory: Path) -> None:
    put(directory, "models.toml")
    with pytest.raises(ConfigError):
        Library(lambda: load_catalog(directory / "models.toml"), directory).models()


def test_the_users_own_models_have_their_names_too(tmp_path: Path) -> None:
    paths = find_paths({"LOCALR1_HOME": str(tmp_path)})
    paths.models.mkdir(parents=True)
    paths.config.mkdir()
    paths.catalog_file.write_text(
        '[[model]]\nname = "mine"\ntitle = ""\nsummary = ""\nparameters = ""\nlicense = ""\nrepo = "a/b"\n'
        'default = "F16"\nfiles = { F16 = { file = "tune.gguf", gb = 1 } }\n'
    )
    put(paths.models, "tune.gguf")
    assert Library.open(paths).find("mine").path == paths.models / "tune.gguf"


def test_models_in_the_folders_of_their_owner_and_repo_are_found(library: Library, directory: Path) -> None:
    (directory / "owner/repo/deeper").mkdir(parents=True)
    put(directory, "owner/one.gguf", "owner/repo/two.gguf", "owner/repo/deeper/three.gguf", "zero.gguf")
    put(directory, "owner/repo/big-00001-of-00002.gguf", "owner/repo/big-00002-of-00002.gguf")
    assert {model.name for model in library.models()[1:]} == {"zero", "one", "two", "big"}
    assert library.find("big").size == 20


def test_a_folder_that_is_a_link_is_not_entered(library: Library, directory: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere/repo").mkdir(parents=True)
    put(tmp_path, "elsewhere/repo/x.gguf")
    (directory / "owner").symlink_to(tmp_path / "elsewhere")
    (directory / "real").mkdir()
    (directory / "real/repo").symlink_to(tmp_path / "elsewhere/repo")
    (directory / "real/loop").symlink_to(directory)
    assert len(library.models()) == 1


def test_what_is_unfinished_or_a_note_of_the_system_is_no_model(library: Library, directory: Path) -> None:
    put(directory, "x.gguf.0123456789abcdef.part", "._x.gguf", ".hidden.gguf")
    assert len(library.models()) == 1


def test_the_repo_of_a_pulled_file_decides_which_model_it_is(library: Library, directory: Path) -> None:
    for owner in ("unsloth", "stranger"):
        (directory / owner).mkdir()
        put(directory, f"{owner}/{QWEN}-Q4_K_M.gguf")
        path = directory / owner / f"{QWEN}-Q4_K_M.gguf"
        remember(library, path, repo=f"{owner}/{QWEN}-GGUF")
    owners = {model.name: model.path.parent.name for model in library.models()[1:]}
    assert owners == {"qwen-1.5b": "unsloth", f"{QWEN}-Q4_K_M": "stranger"}


def test_a_checked_model_goes_before_one_of_its_name_that_was_put_there(
    library: Library, directory: Path
) -> None:
    (directory / "unsloth").mkdir()
    put(directory, f"{QWEN}-Q4_K_M.gguf", f"unsloth/{QWEN}-Q4_K_M.gguf")
    remember(library, directory / f"unsloth/{QWEN}-Q4_K_M.gguf", repo=f"unsloth/{QWEN}-GGUF")
    assert library.find("qwen-1.5b").path.parent.name == "unsloth"
    other = library.find(str(directory / f"{QWEN}-Q4_K_M.gguf"))
    assert (other.name, other.record) == (str(directory / f"{QWEN}-Q4_K_M.gguf"), None)


def test_a_referenced_model_goes_by_the_name_that_its_program_gave_it(
    library: Library, tmp_path: Path
) -> None:
    put(tmp_path, "sha256-0a", "sha256-0b")
    remember(library, tmp_path / "sha256-0a", how="referenced", name="deepseek-r1:7b")
    remember(library, tmp_path / "sha256-0b", how="referenced", name="hf.co/someone/Tune-GGUF:Q4_K_M")
    for name, file in (("deepseek-r1:7b", "sha256-0a"), ("hf.co/someone/Tune-GGUF:Q4_K_M", "sha256-0b")):
        model = library.find(name)
        assert (model.name, model.path, model.size) == (name, tmp_path / file, 10)


def test_a_reference_whose_file_is_gone_is_listed_as_missing_and_refused(
    library: Library, tmp_path: Path
) -> None:
    put(tmp_path, "tune.gguf")
    remember(library, tmp_path / "tune.gguf", how="referenced")
    (tmp_path / "tune.gguf").unlink()
    (model,) = library.models()[1:]
    assert (model.name, model.missing, model.size) == ("tune", True, 0)
    error = refusal(library, "tune")
    assert error.message == f"tune is gone: there is no {tmp_path}/tune.gguf any more."
    assert error.hint == "`localr1 models remove tune` forgets it."


@pytest.mark.parametrize("how", ["pulled", "imported"])
@pytest.mark.parametrize("change", ["size", "date"])
def test_a_model_that_has_changed_since_it_was_checked_is_refused(
    library: Library, directory: Path, how: How, change: str
) -> None:
    put(directory, "tune.gguf")
    path = directory / "tune.gguf"
    remember(library, path, how=how)
    assert library.find("tune").record
    before = path.stat().st_mtime_ns
    if change == "size":
        put(directory, "tune.gguf", size=11)
        os.utime(path, ns=(0, before))
    else:
        os.utime(path, ns=(0, before + 1))
    (directory / "folder").mkdir()
    for name in ("tune", str(path), str(directory / "folder/../tune.gguf")):
        error = refusal(library, name)
        assert error.message == "tune has changed since it was checked."
        assert error.hint == "localr1 models verify tune"
    assert library.look_up("tune").path == path


def test_a_changed_part_of_a_split_model_is_noticed(library: Library, directory: Path) -> None:
    names = [f"Big-0000{number}-of-00002.gguf" for number in (1, 2)]
    put(directory, *names)
    files = tuple(recorded_file(directory / name, "") for name in names)
    library.records.save(Record(path=names[0], files=files, how="pulled", added=0))
    assert library.find("Big")
    put(directory, names[1], size=9)
    assert refusal(library, "Big").message == "Big has changed since it was checked."


def test_what_another_program_keeps_may_change(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "tune.gguf")
    remember(library, tmp_path / "tune.gguf", how="referenced")
    put(tmp_path, "tune.gguf", size=11)
    assert library.find("tune").size == 11


def test_the_record_of_a_file_that_was_removed_by_hand_is_no_model(library: Library, directory: Path) -> None:
    put(directory, "tune.gguf")
    remember(library, directory / "tune.gguf")
    (directory / "tune.gguf").unlink()
    assert len(library.models()) == 1


def test_a_model_whose_name_is_no_text_is_refused_as_no_chat_could_keep_it(
    library: Library, directory: Path
) -> None:
    put(directory, os.fsdecode(b"tune\xff.gguf"))
    for name in (os.fsdecode(b"tune\xff"), str(directory / os.fsdecode(b"tune\xff.gguf"))):
        error = refusal(library, name)
        assert error.message.endswith("is not valid text.")
        assert error.hint == "Rename the file."


def test_of_two_names_of_one_file_each_finds_its_own(library: Library, directory: Path) -> None:
    put(directory, "a.gguf")
    (directory / "b.gguf").hardlink_to(directory / "a.gguf")
    for name in ("a", "b"):
        assert library.find(str(directory / f"{name}.gguf")).name == name
