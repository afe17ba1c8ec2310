from __future__ import annotations

from pathlib import Path

import pytest

from localr1.gguf.header import read_header
from localr1.library.describe import describe
from tests.gguf_files import TYPE_Q4_0, Gguf, Tensor, model_values, string, u32


def test_a_model_is_described_by_what_its_header_says(tmp_path: Path) -> None:
    values = {
        **model_values(),
        "general.license": string("mit"),
        "general.base_model.0.name": string("Qwen2.5 Math 1.5B"),
        "qwen2.expert_count": u32(8),
        "qwen2.expert_used_count": u32(2),
    }
    told = describe([read_header(Gguf(values=values).write(tmp_path / "m.gguf"))])
    assert (told.title, told.architecture, told.quant) == ("Tiny", "qwen2", "Q4_K_M")
    assert (told.parameters, told.vocabulary, told.context) == (256, 3, 512)
    assert (told.layers, told.heads, told.key_value_heads, told.embedding) == (2, 4, 2, 64)
    assert (told.experts, told.experts_used) == (8, 2)
    assert (told.template, told.license, told.base) == ("{{ messages }}", "mit", "Qwen2.5 Math 1.5B")


def test_the_quant_mix_is_told_in_shares_of_the_weights_the_largest_first(tmp_path: Path) -> None:
    tensors = [Tensor("a", (64, 1)), Tensor("b", (64, 3), TYPE_Q4_0)]
    (most, rest) = describe([read_header(Gguf(tensors=tensors).write(tmp_path / "m.gguf"))]).quant_mix
    assert (most.name, most.share, rest.name, rest.share) == ("Q4_0", 0.75, "F32", 0.25)


def test_the_parts_of_a_split_model_are_counted_together(tmp_path: Path) -> None:
    headers = [read_header(Gguf().write(tmp_path / name)) for name in ("a", "b")]
    assert describe(headers).parameters == 2 * describe(headers[:1]).parameters


def test_what_a_header_does_not_say_is_left_empty(tmp_path: Path) -> None:
    told = describe([read_header(Gguf(values={}, tensors=[]).write(tmp_path / "m.gguf"))])
    assert (told.title, told.license, told.base, told.template, told.quant_mix) == ("", "", "", "", ())
    assert (told.parameters, told.layers, told.heads, told.context) == (0, 0, 0, 0)


@pytest.mark.parametrize("mix", [{"Q8_0", "F32"}])
def test_the_bundled_model_is_described(nano: Path, mix: set[str]) -> None:
    told = describe([read_header(nano)])
    assert {share.name for share in told.quant_mix} == mix
    assert sum(share.share for share in told.quant_mix) == pytest.approx(1)
