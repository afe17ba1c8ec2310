from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from localr1.catalog import load_catalog, load_catalogs
from localr1.catalog_entry import Shape
from localr1.chat import families
from localr1.errors import ConfigError, ModelFileError
from localr1.gguf.header import read_header
from localr1.sampling import Sampling

MODEL = """\
[[model]]
name = "tiny-1b"
title = "Tiny 1B"
summary = "A model for tests."
parameters = "1B"
license = "MIT"
default = "Q4_K_M"
repo = "someone/Tiny-GGUF"
[model.files]
Q4_K_M = { file = "Tiny-Q4_K_M.gguf", gb = 0.5 }
"""

NOBODY = 65534
SHAPE = "{ layers = 8, embedding = 64, feed_forward = 32, vocabulary = 100, kv_heads = 2, head = 16 }"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "models.toml"


def refusal(file: Path, text: str | bytes) -> ConfigError:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    before = file.read_bytes()
    with pytest.raises(ConfigError) as error:
        load_catalog(file)
    assert error.value.exit_code == 2
    assert file.read_bytes() == before
    return error.value


def test_the_six_distills_are_in_the_catalog_with_their_scores() -> None:
    entries = {entry.name: entry for entry in load_catalog().entries}
    majority = {
        name: entry.scores.aime24_cons64
        for name, entry in entries.items()
        if entry.scores and entry.scores.aime24_cons64
    }
    assert majority == {
        "qwen-1.5b": 52.7,
        "qwen-7b": 83.3,
        "llama-8b": 80.0,
        "qwen-14b": 80.0,
        "qwen-32b": 83.3,
        "llama-70b": 86.7,
    }
    assert all(entries[name].sampling == Sampling(temperature=0.6, top_p=0.95) for name in majority)


def test_a_known_hash_stands_beside_its_repo_and_size() -> None:
    _, file = load_catalog().find("qwen-1.5b")
    assert file.repo == "unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF"
    assert file.size == 1_117_320_576
    assert file.sha256.startswith("c2c43b6018cf")


def test_the_bundled_model_is_described_as_it_is(nano: Path) -> None:
    entry, file = load_catalog().find("nano")
    header = read_header(nano)
    assert (entry.bundled, file.repo, file.file) == (True, "", nano.name)
    assert (file.quant, entry.context) == (header.quant, header.context_length)
    assert entry.parameters == f"{header.parameters / 1e6:.0f}M"


def test_of_every_model_of_the_catalog_it_is_known_what_its_memory_depends_on() -> None:
    assert [entry.name for entry in load_catalog().entries if not entry.shape] == []


def test_a_shape_is_read_as_it_is_written(file: Path) -> None:
    file.write_text(MODEL.replace("repo =", f"shape = {SHAPE}\nrepo ="))
    (entry,) = load_catalog(file).entries
    assert entry.shape == Shape(layers=8, embedding=64, feed_forward=32, vocabulary=100, kv_heads=2, head=16)


def test_every_family_of_the_catalog_is_one_that_the_app_knows() -> None:
    known = {row.name for row in families._ROWS} | {families.PLAIN.name}
    assert {entry.family for entry in load_catalog().entries if entry.family} <= known


def test_every_file_of_the_catalog_says_its_quant_in_its_name() -> None:
    for entry in load_catalog().entries:
        for file in entry.files:
            assert entry.bundled or file.quant.lower() in file.file.lower()


def test_the_files_of_a_model_are_in_the_order_of_their_sizes() -> None:
    for entry in load_catalog().entries:
        sizes = [file.size for file in entry.files]
        assert sizes == sorted(sizes)


def test_a_bare_name_stands_for_its_default_quant() -> None:
    entry, file = load_catalog().find("qwen-7b")
    assert (entry.title, file.quant) == ("DeepSeek-R1-Distill-Qwen-7B", "Q4_K_M")


def test_a_quant_is_found_in_upper_and_lower_case() -> None:
    for name in ("qwen-7b:Q8_0", "Qwen-7B:q8_0"):
        assert load_catalog().find(name)[1].file == "DeepSeek-R1-Distill-Qwen-7B-Q8_0.gguf"


def test_a_row_may_name_another_repo_than_its_model() -> None:
    entry = load_catalog().find("qwen-7b")[0]
    assert {file.repo.partition("/")[0] for file in entry.files} == {"bartowski", "lmstudio-community"}


def test_a_quant_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(ModelFileError) as error:
        load_catalog().find("qwen-14b:Q8_0")
    assert error.value.message == "The catalog has no quant Q8_0 of qwen-14b."
    assert error.value.hint == "There are Q2_K, Q3_K_M, Q4_K_M, Q5_K_M, Q6_K."


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("qwen1.5b", "Did you mean qwen-1.5b or qwen3-1.7b?"),
        ("LLAMA8B", "Did you mean llama-8b"),
        ("my-fine-tun", "Did you mean my-fine-tune?"),
        ("Qwen", "Did you mean qwen-1.5b or qwen-7b?"),
        ("q", "`localr1 models list` shows those that there are."),
        ("gpt-9", "`localr1 models list` shows those that there are."),
        ("", "`localr1 models list` shows those that there are."),
    ],
)
def test_an_unknown_name_is_answered_with_the_closest_ones(name: str, hint: str) -> None:
    with pytest.raises(ModelFileError) as error:
        load_catalog().find(name, others=["my-fine-tune"])
    assert error.value.message == f"There is no model named {name}."
    assert error.value.hint.startswith(hint)


def test_a_file_is_recognised_by_its_name_unless_it_is_called_like_the_bundled_one() -> None:
    catalog = load_catalog()
    known = catalog.file_named("DeepSeek-R1-Distill-Llama-8B-Q6_K.gguf")
    assert known
    assert (known[0].name, known[1].quant) == ("llama-8b", "Q6_K")
    assert catalog.file_named("nano.gguf") is None
    assert catalog.file_named("other.gguf") is None


def test_what_is_not_stated_has_its_default(file: Path) -> None:
    file.write_text(MODEL)
    (entry,) = load_catalog(file).entries
    assert (entry.base, entry.family, entry.context, entry.scores, entry.sampling) == ("", "", 0, None, None)
    assert entry.thinks
    assert not entry.bundled


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "tiny-1b"', 'name = "Tiny 1B"', "name must be lower-case"),
        ('name = "tiny-1b"', "name = 1", "name: expected `str`, got `int`"),
        ('name = "tiny-1b"\n', "", "a model without a name: missing required field `name`"),
        ('license = "MIT"', 'licence = "MIT"', "unknown field `licence`"),
        ('license = "MIT"', 'license = "MIT"\ncontext = "8k"', "context: expected `int`, got `str`"),
        ('license = "MIT"', 'license = "MIT"\ncontext = -1', "context must be positive"),
        ('license = "MIT"', 'license = "MIT"\nscores = { aime = 1.0 }', "scores: unknown field `aime`"),
        ('license = "MIT"', 'license = "MIT"\nscores = { aime24 = nan }', "scores.aime24: expected `float`"),
        (
            'license = "MIT"',
            'license = "MIT"\nscores = { math500 = 101 }',
            "scores.math500: expected `float`",
        ),
        ('license = "MIT"', 'license = "MIT"\nshape = { layers = 1 }', "shape: missing required field"),
        ('license = "MIT"', f'license = "MIT"\nshape = {SHAPE.replace("8", "0")}', "must be positive"),
        ('license = "MIT"', f'license = "MIT"\nshape = {SHAPE.replace("32", "-32")}', "may be negative"),
        (
            'license = "MIT"',
            'license = "MIT"\nsampling = { top_p = "x" }',
            "sampling.top_p: expected `float`",
        ),
        *(
            (
                'license = "MIT"',
                f'license = "MIT"\nsampling = {{ {line} }}',
                f"sampling.{line.split()[0]}: expected",
            )
            for line in (
                "temperature = nan",
                "temperature = inf",
                "top_p = 1.1",
                "min_p = -1",
                "top_k = -1",
                "seed = -1",
            )
        ),
        ('default = "Q4_K_M"', 'default = "Q8_0"', "default must be a quant of its files"),
        ('repo = "someone/Tiny-GGUF"\n', "", "repo is missing"),
        ("someone/Tiny", "https://huggingface.co/someone/Tiny", "Q4_K_M: repo must be owner/name"),
        ("someone/Tiny", "../Tiny", "repo must be owner/name"),
        ('"someone/Tiny-GGUF"', "7", "Q4_K_M: repo: expected `str`, got `int`"),
        ("Q4_K_M = {", "Q4_K_X = {", "quant must be one of"),
        ("Tiny-Q4_K_M.gguf", "../Tiny.gguf", "file must be a plain file name"),
        ("Tiny-Q4_K_M.gguf", ".Tiny.gguf", "file must be a plain file name"),
        ("Tiny-Q4_K_M.gguf", "Tiny\\\\x.gguf", "file must be a plain file name"),
        ("Tiny-Q4_K_M.gguf", "Tiny\\u001b.gguf", "file must be a plain file name"),
        ("Tiny-Q4_K_M.gguf", "Tiny.bin", "file must be a plain file name"),
        ("gb = 0.5", "gb = -0.5", "a size must be positive"),
        ("gb = 0.5", "gb = nan", "a size must be positive"),
        ("gb = 0.5", "bytes = -1", "a size must be positive"),
        ("gb = 0.5", "bytes = 1.5", "bytes: expected `int`, got `float`"),
        ("gb = 0.5", "gb = 0.5, bytes = 500", "either gb or bytes"),
        (", gb = 0.5", "", "either gb or bytes"),
        ("gb = 0.5", 'gb = 0.5, sha256 = "ABC"', "sha256 must be 64 lower-case hex digits"),
        ("gb = 0.5", f'gb = 0.5, sha256 = "{"A" * 64}"', "sha256 must be 64 lower-case hex digits"),
        ("gb = 0.5", 'gb = 0.5, revision = "main"', "revision must be 40 lower-case hex digits"),
        ("gb = 0.5", 'gb = 0.5, url = "https://x"', "unknown field `url`"),
        ('{ file = "Tiny-Q4_K_M.gguf", gb = 0.5 }', "1", "a quant must be a table"),
        (
            '[model.files]\nQ4_K_M = { file = "Tiny-Q4_K_M.gguf", gb = 0.5 }',
            "files = 1",
            "files must be a table",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_model(file: Path, old: str, new: str, problem: str) -> None:
    assert old in MODEL
    text = "# A comment.\n\n" + MODEL.replace(old, new)
    error = refusal(file, text)
    assert re.match(
        re.escape(str(file)) + r", line [0-9]+, .*\b(tiny-1b|Tiny 1B|1|a model without a name)\b",
        error.message,
    )
    assert problem in error.message


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("licence = 'MIT'", "summary, parameters, license, license_note"),
        ("scores = { aime = 1.0 }", "The fields are aime24, aime24_cons64, math500"),
        ("sampling = { topp = 1.0 }", "The fields are temperature, top_p, top_k, min_p"),
    ],
)
def test_an_unknown_field_is_answered_with_those_that_are_allowed(
    file: Path, line: str, allowed: str
) -> None:
    assert allowed in refusal(file, MODEL.replace("repo =", f"{line}\nrepo =")).hint


@pytest.mark.parametrize(
    "number", [str(2**63), f"-{2**63 + 1}", f"0x{'f' * 5000}"], ids=["above", "below", "long"]
)
def test_a_number_that_no_processor_holds_is_told_with_its_line(file: Path, number: str) -> None:
    context = refusal(file, MODEL.replace("repo =", f"context = {number}\nrepo ="))
    assert context.message == f"{file}, line 8: context is a number of more than 64 bits."
    size = refusal(file, MODEL.replace("gb = 0.5", f"bytes = {number}"))
    assert size.message == f"{file}, line 10: bytes is a number of more than 64 bits."


def test_two_models_of_one_name_are_refused(file: Path) -> None:
    error = refusal(file, MODEL + MODEL)
    assert error.message == f"{file}, line 11: there are two models named tiny-1b."


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('license = "MIT"', 'licence = "MIT"', 6),
        ('license = "MIT"', "license = 3", 6),
        ('name = "tiny-1b"\n', "", 1),
        ('default = "Q4_K_M"', 'default = "Q8_0"', 7),
        ('repo = "someone/Tiny-GGUF"\n', 'repo = "someone/Tiny-GGUF"\nscores = { aime = 1.0 }\n', 9),
        ("gb = 0.5", "bytes = -1", 10),
        ("gb = 0.5 }", 'gb = 0.5 }\n[model.files.Q8_0]\nfile = "x.gguf"\ngb = 1\nsha256 = "?"', 14),
        ("gb = 0.5 }", 'gb = 0.5 }\n[model.files."Q8_0"]\nfile = "x.gguf"\ngb = "?"', 13),
        ("gb = 0.5 }", 'gb = 0.5 }\n[model.sampling]\ntemperature = "hot"', 12),
    ],
)
def test_the_line_is_that_of_the_field_where_it_has_one(file: Path, old: str, new: str, line: int) -> None:
    assert old in MODEL
    assert f"{file}, line {line}, " in refusal(file, MODEL.replace(old, new)).message


def test_in_a_second_model_the_field_is_found_too(file: Path) -> None:
    second = MODEL.replace("tiny-1b", "other").replace("gb = 0.5", 'gb = 0.5, sha256 = "x"')
    assert f"{file}, line 20, other, Q4_K_M: sha256 must be 64" in refusal(file, MODEL + second).message


@pytest.mark.parametrize(
    "text",
    ["", "model = 3", MODEL + "[other]\n", "title = 'x'\n" + MODEL],
    ids=["empty", "number", "more", "stray"],
)
def test_anything_but_models_is_refused(file: Path, text: str) -> None:
    assert refusal(file, text).message == f"{file} must hold [[model]] tables and nothing else."


def test_models_written_in_line_are_checked_too(file: Path) -> None:
    assert refusal(file, "model = [1]").message.startswith(f"{file}, line 1, a model without a name: ")


def test_a_mistake_in_the_syntax_is_told_with_line_and_column(file: Path) -> None:
    message = refusal(file, MODEL.replace('"MIT"', "MIT")).message
    assert message.startswith(f"{file} is not valid TOML: ")
    assert "at line 6, column 11" in message


def test_a_quant_that_is_listed_twice_is_told_with_line_and_column(file: Path) -> None:
    assert "at line 11, " in refusal(file, MODEL + 'Q4_K_M = { file = "b.gguf", gb = 1 }\n').message


def test_bytes_that_are_not_utf8_are_told_with_line_and_column(file: Path) -> None:
    error = refusal(file, MODEL.encode().replace(b"A model", b"A m\xf6del"))
    assert error.message == f"{file}, line 4, column 15: this is not UTF-8."


def test_a_byte_order_mark_is_no_mistake(file: Path) -> None:
    file.write_text(MODEL, encoding="utf-8-sig")
    assert load_catalog(file).find("tiny-1b")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#" * 10_000_000, "is larger than 1 MiB"),
        ("a = " + "[" * 100_000, "is nested too deeply"),
        ("a = " + "9" * 10_000, "is not valid TOML"),
    ],
    ids=["large", "deep", "long number"],
)
def test_a_file_made_to_do_harm_is_refused(file: Path, text: str, problem: str) -> None:
    assert problem in refusal(file, text).message


def test_a_catalog_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a directory, not a file"):
        load_catalog(tmp_path)
    with pytest.raises(ConfigError, match="There is no file"):
        load_catalog(tmp_path / "absent.toml")


def test_a_user_adds_models_after_those_that_ship(file: Path) -> None:
    file.write_text(MODEL)
    entries = load_catalogs(file).entries
    assert entries[:-1] == load_catalog().entries
    assert entries[-1].name == "tiny-1b"


def test_a_users_entry_replaces_the_one_of_its_name_whole_and_in_its_place(file: Path) -> None:
    file.write_text(MODEL.replace("tiny-1b", "qwen-7b"))
    shipped, entries = load_catalog().entries, load_catalogs(file).entries
    place = [entry.name for entry in shipped].index("qwen-7b")
    assert [entry.name for entry in entries] == [entry.name for entry in shipped]
    assert (entries[place].title, entries[place].scores, len(entries[place].files)) == ("Tiny 1B", None, 1)


def test_without_a_file_of_the_users_the_catalog_is_the_one_that_ships(file: Path) -> None:
    assert load_catalogs(file) == load_catalog()


def test_a_mistake_in_the_users_file_is_told_and_not_passed_over(file: Path) -> None:
    file.write_text(MODEL.replace("gb = 0.5", "gb = -1"))
    with pytest.raises(ConfigError, match="line 10, tiny-1b, Q4_K_M: a size must be positive"):
        load_catalogs(file)


def test_a_user_cannot_say_that_a_model_comes_with_localr1(file: Path) -> None:
    file.write_text(MODEL.replace("summary", "bundled = true\nsummary"))
    with pytest.raises(ConfigError, match="tiny-1b: bundled: only localr1 itself"):
        load_catalogs(file)


@pytest.mark.parametrize("obstacle", ["directory", "dangling link", "loop"])
def test_a_users_file_that_is_no_file_is_refused_not_ignored(file: Path, obstacle: str) -> None:
    if obstacle == "directory":
        file.mkdir()
    else:
        file.symlink_to(file if obstacle == "loop" else file.with_name("absent"))
    with pytest.raises(ConfigError):
        load_catalogs(file)


def test_a_users_file_may_be_a_link_of_their_own(file: Path) -> None:
    file.with_name("mine.toml").write_text(MODEL)
    file.symlink_to("mine.toml")
    assert load_catalogs(file).find("tiny-1b")


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give a link away")
def test_a_link_that_somebody_else_put_there_is_not_followed(file: Path) -> None:
    file.with_name("theirs.toml").write_text(MODEL)
    file.symlink_to("theirs.toml")
    os.lchown(file, NOBODY, NOBODY)
    with pytest.raises(ConfigError, match="is a link that belongs to another user"):
        load_catalogs(file)


@pytest.fixture
def locked(file: Path) -> Path:
    file.write_text(MODEL)
    file.chmod(0)
    return file


def test_a_users_file_that_may_not_be_read_is_named(locked: Path, unprivileged: None) -> None:
    with pytest.raises(ConfigError, match="may not be read by you"):
        load_catalogs(locked)
