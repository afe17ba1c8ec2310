"""What models take of memory, by their shapes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from localr1.attention import SCORE, SMALL, TOGETHER
from localr1.catalog import load_catalog
from localr1.catalog_entry import Shape
from localr1.engine.limits import BATCH
from localr1.fit.need import ACTIVATION, MASK, context_for, need_of
from localr1.fit.shape import shape_of
from localr1.gguf.header import GGUFHeader, read_header
from tests.gguf_files import Gguf, Tensor, numbers, u32

GIB = 2**30
SHAPE = Shape(layers=8, embedding=64, feed_forward=128, vocabulary=100, kv_heads=2, head=16)


def catalog_shape(name: str) -> Shape:
    shape = load_catalog().find(name)[0].shape
    assert shape
    return shape


def cache(shape: Shape, context: int) -> int:
    return need_of(shape, 0, context).cache


@pytest.fixture
def header(tmp_path: Path) -> GGUFHeader:
    return read_header(Gguf().write(tmp_path / "tiny.gguf"))


def header_with(directory: Path, *tensors: Tensor, **values: bytes) -> GGUFHeader:
    """The tiny model with other values, their dots written as two underscores."""
    gguf = Gguf()
    gguf.values |= {f"qwen2.{key.replace('__', '.')}": value for key, value in values.items()}
    gguf.tensors += tensors
    return read_header(gguf.write(directory / "other.gguf"))


@pytest.mark.parametrize(
    ("name", "gib"),
    [
        ("qwen-1.5b", 0.88),
        ("qwen-7b", 1.75),
        ("llama-8b", 4),
        ("qwen-14b", 6),
        ("qwen-32b", 8),
        ("llama-70b", 10),
    ],
)
def test_the_cache_of_32k_tokens_is_as_large_as_is_published(name: str, gib: float) -> None:
    assert cache(catalog_shape(name), 32_768) / GIB == pytest.approx(gib, abs=0.006)


def test_q8_0_takes_a_byte_and_a_share_of_a_scale_for_each_number() -> None:
    shape = catalog_shape("qwen-7b")
    kept = need_of(shape, 0, 32_768, "q8_0").cache
    assert kept / cache(shape, 32_768) == 34 / 64


@pytest.mark.parametrize(("head", "value_head"), [(48, 0), (64, 80)])
def test_heads_that_q8_0_can_not_keep_take_what_they_take_as_f16(head: int, value_head: int) -> None:
    shape = msgspec.structs.replace(SHAPE, head=head, value_head=value_head)
    assert need_of(shape, 0, 512, "q8_0") == need_of(shape, 0, 512)


def test_layers_without_attention_keep_nothing_of_a_token() -> None:
    shape = catalog_shape("lfm2.5-1.2b-thinking")
    assert cache(shape, 1024) == 6 * 2 * 2 * 8 * 64 * 1024


def test_layers_with_a_window_keep_no_more_than_it_and_a_batch() -> None:
    windowed = msgspec.structs.replace(SHAPE, window=512, windowed_layers=6)
    assert cache(windowed, 512) == cache(SHAPE, 512)
    assert cache(windowed, 65_536) == cache(SHAPE, 65_536) // 8 * 2 + cache(SHAPE, 1024) // 8 * 6


def test_the_state_of_recurrent_layers_does_not_grow_with_the_chat() -> None:
    shape = msgspec.structs.replace(SHAPE, state=1000)
    assert cache(shape, 256) - cache(SHAPE, 256) == cache(shape, 8192) - cache(SHAPE, 8192) == 1000


def test_values_may_be_narrower_than_keys() -> None:
    assert cache(msgspec.structs.replace(SHAPE, value_head=8), 256) == cache(SHAPE, 256) * 3 // 4


def test_a_need_is_the_sum_of_its_parts_and_grows_with_each() -> None:
    need = need_of(SHAPE, 1_000_000, 512)
    assert need.total == need.weights + need.cache + need.buffers
    assert need_of(SHAPE, 1_000_001, 512).total == need.total + 1
    assert need_of(SHAPE, 1_000_000, 768).buffers > need.buffers
    wide = msgspec.structs.replace(SHAPE, vocabulary=150_000)
    assert need_of(wide, 1_000_000, 512).buffers > need.buffers + 40_000_000
    assert need_of(wide, 1_000_000, 512).scratch > need.scratch + 300_000_000


def test_of_a_mixture_of_experts_only_a_share_is_read() -> None:
    need = need_of(msgspec.structs.replace(SHAPE, read_share=0.25), 1_000_000, 512)
    assert (need.weights, need.read) == (1_000_000, 250_000)


@pytest.mark.parametrize(
    ("wanted", "trained", "taken"),
    [
        (0, 131_072, 8192),
        (0, 4096, 4096),
        (0, 0, 8192),
        (1, 4096, 256),
        (1000, 4096, 1024),
        (32_768, 4096, 32_768),
    ],
)
def test_a_context_is_the_one_that_the_worker_takes(wanted: int, trained: int, taken: int) -> None:
    assert context_for(wanted, trained) == taken


def test_the_bundled_model_has_the_shape_that_the_catalog_states(nano: Path) -> None:
    assert shape_of(read_header(nano)) == catalog_shape("nano")


def test_a_shape_is_read_from_a_header(header: GGUFHeader) -> None:
    assert shape_of(header) == Shape(
        layers=2, embedding=64, feed_forward=128, vocabulary=3, kv_heads=2, head=16
    )


@pytest.mark.parametrize("key", ["block_count", "embedding_length", "attention.head_count"])
def test_a_header_that_leaves_out_what_matters_has_no_shape(header: GGUFHeader, key: str) -> None:
    metadata = {name: value for name, value in header.metadata.items() if name != f"qwen2.{key}"}
    metadata.pop("qwen2.attention.head_count_kv", None)
    assert shape_of(replace(header, metadata=metadata)) is None


def test_a_header_with_negative_numbers_has_no_shape(header: GGUFHeader) -> None:
    metadata = {**header.metadata, "qwen2.feed_forward_length": -1, "qwen2.embedding_length": -64}
    assert shape_of(replace(header, metadata=metadata)) is None


def test_layers_without_heads_keep_no_cache(tmp_path: Path) -> None:
    shape = shape_of(header_with(tmp_path, attention__head_count_kv=numbers([0, 2])))
    assert shape
    assert (shape.kv_heads, shape.attention_layers) == (2, 1)


def test_every_fourth_layer_with_attention_is_counted(tmp_path: Path) -> None:
    shape = shape_of(header_with(tmp_path, block_count=u32(48), full_attention_interval=u32(4)))
    assert shape
    assert shape.attention_layers == 12


def test_a_recurrent_state_is_that_of_the_layers_without_attention(tmp_path: Path) -> None:
    header = header_with(
        tmp_path,
        attention__head_count_kv=numbers([0, 2]),
        ssm__inner_size=u32(100),
        ssm__state_size=u32(16),
        ssm__conv_kernel=u32(4),
    )
    shape = shape_of(header)
    assert shape
    assert shape.state == 100 * (16 + 4) * 4


@pytest.mark.parametrize(("pattern", "windowed"), [(numbers([1, 0]), 1), (u32(2), 1), (u32(1), 0)])
def test_a_window_counts_for_the_layers_that_have_it(tmp_path: Path, pattern: bytes, windowed: int) -> None:
    header = header_with(
        tmp_path, attention__sliding_window=u32(512), attention__sliding_window_pattern=pattern
    )
    shape = shape_of(header)
    assert shape
    assert (shape.windowed_layers, shape.window) == (windowed, 512 if windowed else 0)


def test_no_more_layers_have_a_window_than_there_are(tmp_path: Path) -> None:
    pattern = {"attention__sliding_window_pattern": numbers([1] * 1000)}
    shape = shape_of(header_with(tmp_path, attention__sliding_window=u32(16), **pattern))
    assert shape
    assert shape.windowed_layers == shape.layers


def test_a_window_of_which_no_layer_is_known_to_have_it_is_not_counted_on(tmp_path: Path) -> None:
    shape = shape_of(header_with(tmp_path, attention__sliding_window=u32(512)))
    assert shape
    assert shape.windowed_layers == 0


def test_a_table_of_tokens_is_not_read_where_the_output_has_its_own(tmp_path: Path) -> None:
    shape = shape_of(header_with(tmp_path, Tensor("output.weight", (64, 3))))
    assert shape
    assert shape.read_share == pytest.approx((64 + 192) / (64 + 192 + 192))


def test_of_the_experts_only_those_in_use_are_read(tmp_path: Path) -> None:
    experts = Tensor("blk.0.ffn_up_exps.weight", (64, 16, 8))
    header = header_with(
        tmp_path,
        experts,
        expert_count=u32(8),
        expert_used_count=u32(2),
        expert_feed_forward_length=u32(100),
    )
    shape = shape_of(header)
    assert shape
    assert shape.read_share == pytest.approx((192 + 64 + 8192 / 4) / (192 + 64 + 8192))
    assert shape.feed_forward == 200


def test_a_large_model_computes_less_at_once_but_holds_the_scores_of_each_head() -> None:
    heads = SHAPE.embedding // SHAPE.head
    small, large = (need_of(SHAPE, weights, 8192).buffers for weights in (SMALL - 1, SMALL))
    longer = need_of(SHAPE, SMALL, 16_384).buffers
    assert longer - large == TOGETHER * 8192 * (MASK + SCORE * heads)
    assert (
        small - large
        == (BATCH - TOGETHER) * (ACTIVATION * (SHAPE.embedding + SHAPE.feed_forward) + MASK * 8192)
        - TOGETHER * SCORE * heads * 8192
    )
