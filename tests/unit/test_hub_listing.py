"""Files of a repository → models, and which of them is meant."""

from __future__ import annotations

import pytest

from localr1.errors import DownloadError, ModelFileError
from localr1.gguf.quant_name import quant_in
from localr1.hub.api import Lfs, Row
from localr1.hub.choice import AmbiguousError, choose
from localr1.hub.listing import models_of
from localr1.hub.remote import RemoteModel
from localr1.hub.target import HubTarget

REPO, COMMIT = "owner/repo", "c" * 40


def row(path: str, size: int = 1000, *, oid: str = "a" * 64, kind: str = "file") -> Row:
    return Row(kind, path, Lfs(oid, size))


def models(*rows: Row) -> tuple[RemoteModel, ...]:
    return models_of(REPO, COMMIT, "mit", rows)


def paths(*rows: Row) -> list[list[str]]:
    return [[file.path for file in model.files] for model in models(*rows)]


def test_models_come_smallest_first() -> None:
    assert paths(row("b.gguf", 3), row("c.gguf", 1), row("a.gguf", 2)) == [["c.gguf"], ["a.gguf"], ["b.gguf"]]


def test_a_model_knows_repository_commit_licence_and_quant() -> None:
    [model] = models(row("X-Q4_K_M.gguf", 1000))
    assert (model.repo, model.files[0].commit, model.license, model.quant) == (REPO, COMMIT, "mit", "Q4_K_M")
    assert (model.size, model.files[0].sha256) == (1000, "a" * 64)


def test_parts_are_joined_in_their_order() -> None:
    names = [f"Q8_0/X-Q8_0-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
    assert paths(row(names[2]), row(names[0]), row(names[1])) == [names]
    [model] = models(*map(row, names))
    assert (model.size, model.quant) == (3000, "Q8_0")


def test_a_split_model_of_which_a_part_is_missing_is_left_out() -> None:
    assert paths(row("X-00001-of-00003.gguf"), row("X-00003-of-00003.gguf"), row("a.gguf")) == [["a.gguf"]]


def test_parts_of_the_same_name_in_two_folders_are_two_models() -> None:
    found = paths(*(row(f"{folder}/X-0000{part}-of-00002.gguf") for folder in "ab" for part in (1, 2)))
    assert [[path[0] for path in model] for model in found] == [["a", "a"], ["b", "b"]]


@pytest.mark.parametrize(
    "other",
    [
        row("mmproj-F16.gguf"),
        row("vision/X-mmproj-BF16.gguf"),
        row("imatrix.gguf"),
        row("model.safetensors"),
        row("x.gguf", kind="directory"),
        Row("file", "small.gguf"),
        row("empty.gguf", 0),
        row("../evil.gguf"),
        row("x\x1b[31m.gguf"),
        row("C:\\x.gguf"),
    ],
    ids=lambda value: repr(value.path),
)
def test_what_is_no_chat_model_or_has_no_plain_name_is_left_out(other: Row) -> None:
    assert paths(other, row("a.gguf")) == [["a.gguf"]]


@pytest.mark.parametrize(
    "evil", [row("a.gguf", oid="../" + "a" * 61), row("a.gguf", -1), row("a.gguf", 2**63)]
)
def test_a_hash_or_a_size_that_can_not_be_is_refused(evil: Row) -> None:
    with pytest.raises(DownloadError):
        models(evil)


@pytest.mark.parametrize(
    ("path", "quant"),
    [
        ("DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf", "Q4_K_M"),
        ("deepseek.q8_0.gguf", "Q8_0"),
        ("X-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("X-Q4_0_4_4.gguf", "Q4_0_4_4"),
        ("X-IQ2_XXS.gguf", "IQ2_XXS"),
        ("X-BF16.gguf", "BF16"),
        ("X-fp16.gguf", "FP16"),
        ("X-F32.gguf", "F32"),
        ("X-MXFP4_MOE.gguf", "MXFP4_MOE"),
        ("Q6_K/X-00001-of-00002.gguf", "Q6_K"),
        ("X-Q4_K_M-imat.gguf", "Q4_K_M"),
        ("Q4_K_M.gguf", "Q4_K_M"),
        ("QwQ-32B.gguf", ""),
        ("Qwen2.5-7B.gguf", ""),
        ("X-SQ8.gguf", ""),
    ],
)
def test_the_quant_is_read_from_the_name(path: str, quant: str) -> None:
    assert quant_in(path) == quant


SEVERAL = models(
    row("X-Q4_K_M.gguf", 2000), row("X-Q8_0-00001-of-00002.gguf"), row("X-Q8_0-00002-of-00002.gguf")
)


@pytest.mark.parametrize(
    "target",
    [
        HubTarget(REPO, quant="Q8_0"),
        HubTarget(REPO, file="X-Q8_0-00001-of-00002.gguf"),
        HubTarget(REPO, file="X-Q8_0-00002-of-00002.gguf"),
    ],
)
def test_a_model_is_meant_by_its_quant_or_by_any_of_its_files(target: HubTarget) -> None:
    assert choose(SEVERAL, target).quant == "Q8_0"


def test_a_repository_of_one_model_means_that() -> None:
    assert choose(models(row("x.gguf")), HubTarget(REPO)).name == "x.gguf"


def test_of_several_the_user_must_choose() -> None:
    with pytest.raises(AmbiguousError) as refused:
        choose(SEVERAL, HubTarget(REPO))
    assert refused.value.choices == SEVERAL
    assert refused.value.exit_code == 2
    assert "Q4_K_M (2.00 kB), Q8_0 (2.00 kB)" in refused.value.hint


def test_files_are_named_where_quants_do_not_tell_them_apart() -> None:
    twins = models(row("a-Q8_0.gguf"), row("b-Q8_0.gguf"))
    with pytest.raises(AmbiguousError) as refused:
        choose(twins, HubTarget(REPO, quant="Q8_0"))
    assert "a-Q8_0.gguf (1.00 kB), b-Q8_0.gguf (1.00 kB)" in refused.value.hint


def test_a_quant_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(ModelFileError) as refused:
        choose(SEVERAL, HubTarget(REPO, quant="Q2_K"))
    assert refused.value.message == "There is no Q2_K in owner/repo."
    assert "Q4_K_M (2.00 kB), Q8_0 (2.00 kB)" in refused.value.hint


def test_a_repository_without_any_model_is_named() -> None:
    with pytest.raises(ModelFileError, match="no GGUF model in owner/repo"):
        choose((), HubTarget(REPO))
