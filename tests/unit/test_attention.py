"""Which way of computing attention a model gets, and how many tokens at once."""

from __future__ import annotations

import pytest

from localr1.attention import FEWEST, SCORE, SCORES, SMALL, TOGETHER, is_fused, tokens_together


def test_small_models_are_fused_and_large_ones_are_not() -> None:
    assert is_fused("auto", "f16", SMALL - 1)
    assert not is_fused("auto", "f16", SMALL)


def test_the_user_decides_for_any_size() -> None:
    assert is_fused("on", "f16", SMALL)
    assert not is_fused("off", "f16", SMALL - 1)


def test_a_cache_in_q8_0_is_fused_whatever_is_wanted() -> None:
    assert is_fused("off", "q8_0", SMALL)


@pytest.mark.parametrize(
    ("heads", "context", "tokens"),
    [
        (12, 2048, 128),
        (28, 8192, 128),
        (32, 16_384, 128),
        (32, 32_768, 64),
        (40, 131_072, FEWEST),
        (0, 512, 128),
    ],
)
def test_as_many_tokens_are_computed_at_once_as_their_scores_have_room(
    heads: int, context: int, tokens: int
) -> None:
    assert tokens_together(heads, context) == tokens
    assert tokens in (FEWEST, TOGETHER) or tokens * context * heads * SCORE <= SCORES
