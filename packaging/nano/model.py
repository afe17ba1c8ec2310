"""The student: a small Qwen2 transformer in plain PyTorch, shaped as llama.cpp expects that architecture."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """The sizes of a model, in units of tokens, features and blocks."""

    vocabulary: int = 262
    width: int = 192
    blocks: int = 6
    heads: int = 6
    kv_heads: int = 3
    hidden: int = 384
    context: int = 4096
    rope_base: float = 10000.0
    norm_epsilon: float = 1e-6

    @property
    def head_width(self) -> int:
        """Say how many features one attention head has."""
        return self.width // self.heads


def build_rotation(shape: Shape, length: int) -> tuple[Tensor, Tensor]:
    """Return the cosines and sines of rotary positions, each of (length, head width / 2)."""
    half = shape.head_width // 2
    rates = shape.rope_base ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * rates[None, :]
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the first half of each head's features against the second half, as llama.cpp's NEOX order does."""
    left, right = x.chunk(2, dim=-1)
    return torch.cat((left * cos - right * sin, right * cos + left * sin), dim=-1)


class RootMeanSquareNorm(nn.Module):
    """Scale features to a root mean square of one, then by a learned weight."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalize the last dimension, in 32 bits."""
        wide = x.float()
        return wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


class Attention(nn.Module):
    """Causal self-attention with grouped keys and values and biases on all three, as in Qwen2."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head_width
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, kv_width)
        self.value = nn.Linear(shape.width, kv_width)
        self.output = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Mix each position with those before it, (batch, length, width) to the same."""
        batch, length, width = x.shape
        shape = self.shape
        query = self.query(x).view(batch, length, shape.heads, shape.head_width).transpose(1, 2)
        key = self.key(x).view(batch, length, shape.kv_heads, shape.head_width).transpose(1, 2)
        value = self.value(x).view(batch, length, shape.kv_heads, shape.head_width).transpose(1, 2)
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        group = shape.heads // shape.kv_heads
        key, value = key.repeat_interleave(group, dim=1), value.repeat_interleave(group, dim=1)
        query, key = query.to(value.dtype), key.to(value.dtype)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        output: Tensor = self.output(mixed.transpose(1, 2).reshape(batch, length, width))
        return output


class Block(nn.Module):
    """One layer: attention, then a gated feed-forward, each added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = RootMeanSquareNorm(shape.width, shape.norm_epsilon)
        self.attention = Attention(shape)
        self.hidden_norm = RootMeanSquareNorm(shape.width, shape.norm_epsilon)
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Pass (batch, length, width) through the layer."""
        x = x + self.attention(self.attention_norm(x), cos, sin)
        normal = self.hidden_norm(x)
        hidden: Tensor = self.down(functional.silu(self.gate(normal)) * self.up(normal))
        return x + hidden


class Student(nn.Module):
    """The whole model, whose token embedding serves as the output layer too."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.blocks))
        self.norm = RootMeanSquareNorm(shape.width, shape.norm_epsilon)
        cos, sin = build_rotation(shape, shape.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.start()

    def start(self) -> None:
        """Draw the first weights, the layers that write to the residual stream smaller."""
        for name, weight in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(weight)
            elif weight.dim() == 2:
                residual = name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / (2 * self.shape.blocks) ** 0.5 if residual else 0.04)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the features before the output layer for tokens of (batch, length)."""
        length = tokens.shape[1]
        cos, sin = self.get_buffer("cos")[:length], self.get_buffer("sin")[:length]
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, cos, sin)
        normal: Tensor = self.norm(x)
        return normal

    def predict(self, features: Tensor) -> Tensor:
        """Return the scores over the vocabulary of features of (…, width)."""
        return functional.linear(features, self.embedding.weight)
