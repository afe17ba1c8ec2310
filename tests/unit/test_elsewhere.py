"""What other programs keep, in trees laid out exactly as they do it; and trees that nobody should trust."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.foreign_directories import ForeignDirectories, foreign_directories
from localr1.library.elsewhere.find import FoundModel, find_elsewhere
from localr1.library.imports import import_model
from localr1.library.library import Library
from tests.foreign_trees import (
    OllamaTree,
    hugging_face_file,
    llama_cpp_model,
    lm_studio_model,
    sha256,
)
from tests.gguf_files import Gguf, model_values, string, u32

COMMIT = "0123456789abcdef0123456789abcdef01234567"
R1 = "registry.ollama.ai/library/deepseek-r1/7b"


def model(title: str = "Tiny") -> bytes:
    """A model that differs from others by its title."""
    return Gguf(values={**model_values(), "general.name": string(title)}).whole()


def projector() -> bytes:
    return Gguf(values={"general.architecture": string("clip"), "general.type": string("mmproj")}).whole()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ollama(home: Path) -> OllamaTree:
    return OllamaTree(home / ".ollama/models")


def directories(home: Path, environ: Mapping[str, str] | None = None) -> ForeignDirectories:
    return foreign_directories({"HOME": str(home), **(environ or {})})


def found(home: Path, **environ: str) -> list[FoundModel]:
    """What is found, without what this very machine may have beside the home."""
    models = find_elsewhere(directories(home, environ))
    return [model for model in models if model.path.is_relative_to(home.parent)]


def names(models: list[FoundModel]) -> list[str]:
    return [model.name for model in models]


def test_where_nothing_is_nothing_is_found(home: Path) -> None:
    assert found(home) == []
    assert not home.exists()


def test_a_model_of_ollama_is_found_with_its_name_and_hash(home: Path, ollama: OllamaTree) -> None:
    data = model()
    blob = ollama.pull(R1, data)
    (there,) = found(home)
    assert (there.program, there.name, there.path) == ("Ollama", "deepseek-r1:7b", blob)
    assert (there.size, there.quant, there.architecture) == (len(data), "Q4_K_M", "qwen2")
    assert (there.origin.sha256, there.problem) == (sha256(data), "")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("registry.ollama.ai/library/deepseek-r1/latest", "deepseek-r1:latest"),
        ("registry.ollama.ai/someone/tune/1b", "someone/tune:1b"),
        ("hf.co/bartowski/Tune-GGUF/Q4_K_M", "hf.co/bartowski/Tune-GGUF:Q4_K_M"),
        ("example.org:5000/a/b/c", "example.org:5000/a/b:c"),
    ],
)
def test_the_names_are_those_that_ollama_shows(home: Path, ollama: OllamaTree, place: str, name: str) -> None:
    ollama.pull(place, model())
    assert names(found(home)) == [name]


def test_a_list_of_manifests_gives_the_original_of_the_model(home: Path, ollama: OllamaTree) -> None:
    original = model()
    place = "ollama.com/library/deepseek-r1/7b"
    ollama.pull_as_since_0_40(place, mlx=b"no GGUF", llamacpp=original + bytes(32), ggml=original)
    ollama.pull(R1, original)
    (there,) = found(home)
    assert (there.name, there.origin.sha256) == ("deepseek-r1:7b", sha256(original))


def test_a_model_for_another_runner_only_is_passed_over(home: Path, ollama: OllamaTree) -> None:
    ollama.pull_as_since_0_40("ollama.com/library/deepseek-r1/7b", mlx=b"no GGUF")
    assert found(home) == []


def test_a_registry_with_a_port_has_its_name(home: Path, ollama: OllamaTree) -> None:
    ollama.pull_as_since_0_40("my.host%3A5000/me/tune/1b", ggml=model())
    assert names(found(home)) == ["my.host:5000/me/tune:1b"]


def test_a_blob_with_two_tags_is_one_model(home: Path, ollama: OllamaTree) -> None:
    ollama.pull(R1, model())
    ollama.pull("registry.ollama.ai/library/deepseek-r1/latest", model())
    assert names(found(home)) == ["deepseek-r1:7b"]


def test_of_a_model_that_sees_only_the_part_that_chats_is_found(home: Path, ollama: OllamaTree) -> None:
    ollama.pull(R1, model(), ollama.layer("application/vnd.ollama.image.projector", projector()))
    assert names(found(home)) == ["deepseek-r1:7b"]


def test_a_model_with_an_adapter_and_an_embedding_model_are_left_out(home: Path, ollama: OllamaTree) -> None:
    ollama.pull(R1, model(), ollama.layer("application/vnd.ollama.image.adapter", b"lora"))
    ollama.pull(
        "registry.ollama.ai/library/nomic-embed-text/latest",
        Gguf(values={**model_values(), "general.architecture": string("nomic-bert")}).whole(),
    )
    assert found(home) == []


def test_ollama_is_looked_for_where_its_variable_says(home: Path, tmp_path: Path) -> None:
    OllamaTree(tmp_path / "large disk").pull(R1, model())
    assert names(found(home, OLLAMA_MODELS=str(tmp_path / "large disk"))) == ["deepseek-r1:7b"]
    assert found(home) == []


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:../../../../../../etc/passwd",
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 63,
        "sha256:" + "a" * 64 + "\n",
        "md5:" + "a" * 64,
        "",
        "sha256:" + "a" * 64,
    ],
)
def test_a_manifest_with_another_digest_leads_nowhere(home: Path, ollama: OllamaTree, digest: str) -> None:
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": digest, "size": 1}
    ollama.write(R1, json.dumps({"layers": [layer]}).encode())
    (ollama.root / "blobs" / "passwd").write_bytes(model())
    assert found(home) == []


NO_MANIFESTS = {
    "empty": b"",
    "cut": b"{",
    "a list": b"[]",
    "layers no list": b'{"layers": 3}',
    "layers no tables": b'{"layers": [3]}',
    "a kind no text": b'{"layers": [{"mediaType": 1}]}',
    "deep": b'{"layers": [], "x": ' + b"[" * 200_000,
    "no text": b'{"layers": "\xff"}',
    "large": b" " * 2_000_000 + b"{}",
}


@pytest.mark.parametrize("manifest", NO_MANIFESTS.values(), ids=NO_MANIFESTS)
def test_a_manifest_that_is_none_is_passed_over(home: Path, ollama: OllamaTree, manifest: bytes) -> None:
    ollama.write(R1, manifest)
    ollama.pull("registry.ollama.ai/library/tune/1b", model())
    assert names(found(home)) == ["tune:1b"]


@pytest.mark.parametrize("tag", ["a\x1b[31m", "a\nb", "x" * 210])
def test_a_name_that_could_not_be_shown_is_passed_over(home: Path, ollama: OllamaTree, tag: str) -> None:
    ollama.pull(f"registry.ollama.ai/library/tune/{tag}", model())
    assert found(home) == []


def test_manifests_that_are_no_files_and_folders_that_loop_are_passed_over(
    home: Path, ollama: OllamaTree
) -> None:
    ollama.pull(R1, model())
    (ollama.root / "manifests/loop").symlink_to(ollama.root / "manifests")
    folder = ollama.root / "manifests/registry.ollama.ai/library/deepseek-r1"
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "dangling").symlink_to("absent")
    assert names(found(home)) == ["deepseek-r1:7b"]


def test_a_model_of_lm_studio_is_found_with_its_repo(home: Path) -> None:
    path = lm_studio_model(home / ".lmstudio", "someone/Tune-GGUF/Tune-Q8_0.gguf", model())
    lm_studio_model(home / ".lmstudio", "someone/Tune-GGUF/mmproj-Tune-f16.gguf", projector())
    (there,) = found(home)
    assert (there.program, there.name, there.path) == ("LM Studio", "Tune-Q8_0", path)
    assert there.origin.repo == "someone/Tune-GGUF"


def test_the_older_home_of_lm_studio_and_the_one_it_points_to_are_looked_into(
    home: Path, tmp_path: Path
) -> None:
    lm_studio_model(home / ".cache/lm-studio", "a/b/old.gguf", model("old"))
    lm_studio_model(tmp_path / "moved", "a/b/new.gguf", model("new"))
    (home / ".lmstudio-home-pointer").write_text(f"{tmp_path}/moved\n")
    assert names(found(home)) == ["new", "old"]


@pytest.mark.parametrize("pointer", [b"", b"relative", b"/a\0b", b"\xff", b"/" + b"x" * 10_000, b"/dev/null"])
def test_a_pointer_of_lm_studio_that_leads_nowhere_is_passed_over(home: Path, pointer: bytes) -> None:
    home.mkdir()
    (home / ".lmstudio-home-pointer").write_bytes(pointer)
    assert found(home) == []


def test_a_model_that_llama_cpp_fetched_has_the_name_of_its_file_on_the_hub(home: Path) -> None:
    path = llama_cpp_model(home / ".cache/llama.cpp", "some_one/Tune_x-GGUF", "Tune_x-Q4_K_M.gguf", model())
    (there,) = found(home)
    assert (there.program, there.name, there.path) == ("llama.cpp", "Tune_x-Q4_K_M", path)
    assert there.origin.repo == "some_one/Tune_x-GGUF"


@pytest.mark.parametrize("note", [None, b"", b"{}", b'{"url": "file:///etc/passwd"}', b'{"url": 3}', b"\xff"])
def test_without_a_note_of_llama_cpp_the_name_is_that_of_its_file(home: Path, note: bytes | None) -> None:
    path = llama_cpp_model(home / ".cache/llama.cpp", "a/b", "Tune.gguf", model())
    side = path.with_name(f"{path.name}.json")
    side.unlink() if note is None else side.write_bytes(note)
    (there,) = found(home)
    assert (there.name, there.origin.repo) == ("a_b_Tune", "")


def test_llama_cpps_cache_is_looked_for_where_its_variables_say(home: Path, tmp_path: Path) -> None:
    llama_cpp_model(tmp_path / "one", "a/b", "one.gguf", model("one"))
    llama_cpp_model(tmp_path / "xdg/llama.cpp", "a/b", "two.gguf", model("two"))
    llama_cpp_model(home / "Library/Caches/llama.cpp", "a/b", "three.gguf", model("three"))
    environ = {"LLAMA_CACHE": str(tmp_path / "one"), "XDG_CACHE_HOME": str(tmp_path / "xdg")}
    assert names(found(home, **environ)) == ["one", "three", "two"]


def test_a_model_in_hugging_faces_cache_is_found_with_repo_commit_and_hash(home: Path) -> None:
    data = model()
    hub = home / ".cache/huggingface/hub"
    path = hugging_face_file(hub, "someone/Tune-GGUF", COMMIT, "Tune-Q4_K_M.gguf", data)
    hugging_face_file(hub, "someone/Tune-GGUF", COMMIT, "Q8_0/Tune-Q8_0.gguf", model("other"))
    hugging_face_file(hub, "someone/Tune-GGUF", COMMIT, "README.md", b"# Tune")
    one, other = found(home)
    assert (one.program, one.name, one.path) == ("Hugging Face", "Tune-Q4_K_M", path)
    assert (one.origin.repo, one.origin.commit, one.origin.sha256) == (
        "someone/Tune-GGUF",
        COMMIT,
        sha256(data),
    )
    assert other.name == "Tune-Q8_0"


def test_a_file_in_two_snapshots_is_one_model(home: Path) -> None:
    hub = home / ".cache/huggingface/hub"
    for commit in (COMMIT, COMMIT[::-1]):
        hugging_face_file(hub, "a/b", commit, "Tune.gguf", model())
    assert names(found(home)) == ["Tune"]


@pytest.mark.parametrize("variable", ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"])
def test_hugging_faces_cache_is_looked_for_where_its_variables_say(
    home: Path, tmp_path: Path, variable: str
) -> None:
    below = {"HF_HOME": "hub", "XDG_CACHE_HOME": "huggingface/hub"}.get(variable, "")
    hugging_face_file(tmp_path / "cache" / below, "a/b", COMMIT, "Tune.gguf", model())
    assert names(found(home, **{variable: str(tmp_path / "cache")})) == ["Tune"]


def test_a_link_that_leads_out_of_its_repository_is_not_followed(home: Path, tmp_path: Path) -> None:
    hub = home / ".cache/huggingface/hub"
    (tmp_path / "secret.gguf").write_bytes(model())
    link = hugging_face_file(hub, "a/b", COMMIT, "Tune.gguf", model("other"))
    link.unlink()
    link.symlink_to(tmp_path / "secret.gguf")
    link.with_name("loop.gguf").symlink_to("loop.gguf")
    link.with_name("dangling.gguf").symlink_to("../../blobs/absent")
    assert found(home) == []


def test_a_split_model_is_found_once_and_whole(home: Path) -> None:
    for number in (1, 2):
        values = {**model_values(), "split.count": u32(2), "split.no": u32(number - 1)}
        place = f"a/b/Big-Q6_K-0000{number}-of-00002.gguf"
        lm_studio_model(home / ".lmstudio", place, Gguf(values=values).whole())
    (there,) = found(home)
    assert there.name == "Big-Q6_K"
    assert there.size == sum(path.stat().st_size for path in there.path.parent.iterdir())


def test_a_damaged_model_is_there_with_what_is_wrong_with_it(home: Path) -> None:
    lm_studio_model(home / ".lmstudio", "a/b/cut.gguf", model()[:-1])
    lm_studio_model(home / ".lmstudio", "a/b/page.gguf", b"<html>")
    cut, page = found(home)
    assert "cut.gguf is cut short" in cut.problem
    assert page.problem == "page.gguf is a web page, not a GGUF model."


def folder_models(folder: Path) -> Iterator[FoundModel]:
    nowhere = ForeignDirectories((), (), folder / "absent", (), ())
    yield from find_elsewhere(nowhere, folders=[folder])


def test_a_folder_that_is_given_is_searched_to_a_depth_and_without_following_folders(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    deep = folder / "1/2/3/4/5"
    (deep / "6").mkdir(parents=True)
    (deep / "near.gguf").write_bytes(model("near"))
    (deep / "6" / "far.gguf").write_bytes(model("far"))
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.gguf").write_bytes(model("hidden"))
    (folder / "loop").symlink_to(folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "y.gguf").write_bytes(model("other"))
    (folder / "other").symlink_to(tmp_path / "other")
    os.mkfifo(folder / "pipe.gguf")
    (near,) = folder_models(folder)
    assert (near.program, near.name, near.path) == ("", "near", deep / "near.gguf")


def test_a_folder_that_ollama_keeps_is_known_by_its_looks(tmp_path: Path) -> None:
    OllamaTree(tmp_path / "disk").pull(R1, model())
    assert [there.name for there in folder_models(tmp_path / "disk")] == ["deepseek-r1:7b"]


def test_a_file_with_several_names_is_one_model(tmp_path: Path) -> None:
    (tmp_path / "one.gguf").write_bytes(model())
    os.link(tmp_path / "one.gguf", tmp_path / "two.gguf")
    (tmp_path / "three.gguf").symlink_to(tmp_path / "one.gguf")
    assert len(list(folder_models(tmp_path))) == 1


def test_what_is_in_the_library_already_is_not_offered_again(home: Path, ollama: OllamaTree) -> None:
    library = Library(load_catalog, home / "models")
    ollama.pull(R1, model())
    (there,) = found(home)
    list(import_model(library, there.path, "reference", there.origin))
    assert library.find("deepseek-r1:7b").path == there.path
    known = [local.path for local in library.models()]
    assert find_elsewhere(ForeignDirectories((ollama.root,), (), home, (), ()), known=known) == []


def test_a_known_file_that_was_found_has_the_name_of_the_catalog(home: Path) -> None:
    name = "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf"
    lm_studio_model(home / ".lmstudio", f"unsloth/{name.removesuffix('-Q4_K_M.gguf')}-GGUF/{name}", model())
    library = Library(load_catalog, home / "models")
    (there,) = found(home)
    list(import_model(library, there.path, "reference", there.origin))
    assert library.find("qwen-1.5b").path == there.path


def test_nothing_is_changed_by_looking(home: Path, ollama: OllamaTree) -> None:
    ollama.pull(R1, model())
    hugging_face_file(home / ".cache/huggingface/hub", "a/b", COMMIT, "Tune.gguf", model())
    before = {path: path.lstat() for path in home.rglob("*")}
    found(home)
    assert {path: path.lstat()[:7] for path in home.rglob("*")} == {
        path: status[:7] for path, status in before.items()
    }
