from __future__ import annotations

import math
import tracemalloc
from pathlib import Path

import gguf
import pytest

from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.gguf.reader import KEPT_LIMIT, Skipped
from localr1.gguf.types import FILE_TYPES, TENSOR_TYPES
from tests.gguf_files import TYPE_Q4_0, Gguf, Tensor, model_values, numbers, string, strings, u32


@pytest.mark.parametrize("model", ["nano", "smollm2"])
def test_a_real_model_is_read_as_the_reference_reader_reads_it(
    model: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(model)
    header, reference = read_header(path), gguf.GGUFReader(path)
    expected = {
        field.name: field for field in reference.fields.values() if not field.name.startswith("GGUF.")
    }
    assert header.metadata.keys() == expected.keys()
    for name, field in expected.items():
        if isinstance(value := header.metadata[name], Skipped):
            assert value.length == len(field.data)
        elif isinstance(value, tuple):
            assert list(value) == field.contents()
        else:
            assert value == field.contents()
    assert [(t.name, t.shape, t.type, header.data_offset + t.offset, t.size) for t in header.tensors] == [
        (t.name, tuple(t.shape), t.tensor_type, t.data_offset, t.n_bytes) for t in reference.tensors
    ]
    assert header.size_needed == header.size
    check_header(header)


def test_smollm2_is_described_as_its_makers_describe_it(smollm2: Path) -> None:
    header = read_header(smollm2)
    assert (header.architecture, header.quant, header.parameters) == ("llama", "Q4_1", 134_515_008)
    assert (header.context_length, header.block_count, header.embedding_length) == (8192, 30, 576)
    assert (header.head_count, header.head_count_kv, header.key_length) == (9, 3, 64)
    assert header.vocabulary.size == header.vocabulary.distinct == 49_152
    assert "<|im_start|>" in header.chat_template
    assert (header.split_count, header.split_index) == (0, 0)


def test_the_sizes_of_tensor_types_are_those_of_the_reference_package() -> None:
    ours = {number: (kind.block, kind.size) for number, kind in TENSOR_TYPES.items()}
    theirs = {int(kind): sizes for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    theirs[gguf.GGMLQuantizationType.Q8_1] = (
        32,
        36,
    )  # llama.cpp keeps the sum in half precision, the package does not
    assert {number: ours[number] for number in theirs} == theirs


def test_the_names_of_quants_are_those_of_the_reference_package() -> None:
    for kind in gguf.LlamaFileType:
        if kind is not gguf.LlamaFileType.GUESSED:
            assert kind.name.removeprefix("ALL_").removeprefix("MOSTLY_") == FILE_TYPES[kind]


def test_what_a_file_does_not_state_is_zero_or_empty(tmp_path: Path) -> None:
    header = read_header(Gguf(values={}, tensors=[]).write(tmp_path / "bare.gguf"))
    assert (header.architecture, header.name, header.quant, header.chat_template) == ("", "", "", "")
    assert (header.context_length, header.head_count, header.key_length, header.parameters) == (0, 0, 0, 0)
    assert (header.alignment, header.vocabulary.size) == (32, 0)
    assert header.size_needed <= header.size


def test_where_layers_differ_the_largest_number_counts(tmp_path: Path) -> None:
    values = {**model_values(), "qwen2.attention.head_count_kv": numbers([0, 8, 4])}
    assert read_header(Gguf(values=values).write(tmp_path / "m.gguf")).head_count_kv == 8


def test_a_model_that_states_no_kv_heads_has_one_for_each_head(tmp_path: Path) -> None:
    values = model_values()
    del values["qwen2.attention.head_count_kv"]
    assert read_header(Gguf(values=values).write(tmp_path / "m.gguf")).head_count_kv == 4


def test_a_stated_width_of_heads_goes_before_the_computed_one(tmp_path: Path) -> None:
    values = {**model_values(), "qwen2.attention.key_length": u32(128)}
    assert read_header(Gguf().write(tmp_path / "m.gguf")).key_length == 16
    assert read_header(Gguf(values=values).write(tmp_path / "m.gguf")).key_length == 128


def test_an_empty_array_is_no_number(tmp_path: Path) -> None:
    values = {**model_values(), "qwen2.attention.head_count": numbers([])}
    assert read_header(Gguf(values=values).write(tmp_path / "m.gguf")).head_count == 0


def test_a_part_of_a_split_model_says_which_part_it_is(tmp_path: Path) -> None:
    values = {**model_values(), "split.count": u32(3), "split.no": u32(1)}
    header = read_header(Gguf(values=values).write(tmp_path / "m.gguf"))
    assert (header.split_count, header.split_index) == (3, 1)


def test_a_version_2_file_is_read_too(tmp_path: Path) -> None:
    assert read_header(Gguf(version=2).write(tmp_path / "m.gguf")).version == 2


def test_tensors_of_blocks_and_a_wide_alignment_are_measured_right(tmp_path: Path) -> None:
    values = {**model_values(), "general.alignment": u32(4096)}
    tensors = [Tensor("a", (64, 3), TYPE_Q4_0), Tensor("b", (32,), TYPE_Q4_0)]
    header = read_header(Gguf(values=values, tensors=tensors, alignment=4096).write(tmp_path / "m.gguf"))
    assert [(tensor.size, tensor.offset) for tensor in header.tensors] == [(108, 0), (18, 4096)]
    assert header.data_offset % 4096 == 0
    assert header.size_needed == header.size == header.data_offset + 4096 + 18


def test_a_file_that_ends_with_padding_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(Gguf(tensors=[Tensor("a", (3,))]).whole() + bytes(20))
    header = read_header(path)
    assert header.size - header.size_needed == 20


def test_a_text_that_is_not_utf8_is_read_with_replacements(tmp_path: Path) -> None:
    values = {**model_values(), "tokenizer.chat_template": string(b"{{ \xff }}")}
    assert read_header(Gguf(values=values).write(tmp_path / "m.gguf")).chat_template == "{{ \ufffd }}"


def test_a_text_too_long_to_keep_is_counted_and_what_follows_it_is_read(tmp_path: Path) -> None:
    values = {"tokenizer.huggingface.json": string("x" * (KEPT_LIMIT + 1)), **model_values()}
    header = read_header(Gguf(values=values).write(tmp_path / "m.gguf"))
    assert header.metadata["tokenizer.huggingface.json"] == Skipped("byte", KEPT_LIMIT + 1)
    assert header.name == "Tiny"


def test_an_array_of_a_number_a_layer_is_kept_and_a_longer_one_counted(tmp_path: Path) -> None:
    values = {"a": numbers(range(1024)), "b": numbers(range(1025)), **model_values()}
    metadata = read_header(Gguf(values=values).write(tmp_path / "m.gguf")).metadata
    assert metadata["a"] == tuple(range(1024))
    assert metadata["b"] == Skipped("integer", 1025)


def test_a_file_without_tensors_needs_no_padding(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(Gguf(tensors=[]).header())
    assert read_header(path).size_needed == path.stat().st_size


def test_many_long_texts_are_not_all_kept(tmp_path: Path) -> None:
    values = {**model_values(), **{f"x.{number}": string("x" * KEPT_LIMIT) for number in range(20)}}
    header = read_header(Gguf(values=values).write(tmp_path / "m.gguf"))
    assert sum(isinstance(value, str) and len(value) == KEPT_LIMIT for value in header.metadata.values()) < 16


def test_reading_a_model_keeps_little_of_it_in_memory(smollm2: Path) -> None:
    tracemalloc.start()
    read_header(smollm2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16_000_000


def test_tokens_that_occur_twice_and_byte_tokens_are_counted(tmp_path: Path) -> None:
    tokens = ["a", "b", "a", "", "", "<0x00>", "<0xFF>", "<0xG0>"]
    values = {**model_values(), "tokenizer.ggml.tokens": strings(tokens)}
    vocabulary = read_header(Gguf(values=values).write(tmp_path / "m.gguf")).vocabulary
    assert (vocabulary.size, vocabulary.distinct, vocabulary.byte_tokens) == (8, 7, 2)


def test_an_epsilon_is_kept_as_the_number_that_it_is(tmp_path: Path) -> None:
    header = read_header(Gguf().write(tmp_path / "m.gguf"))
    epsilon = header.metadata["qwen2.attention.layer_norm_rms_epsilon"]
    assert isinstance(epsilon, float)
    assert math.isclose(epsilon, 1e-6, rel_tol=1e-6)


def test_a_missing_file_is_named_with_its_whole_path(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"There is no file /.*/absent\.gguf\."):
        read_header(tmp_path / "absent.gguf")
