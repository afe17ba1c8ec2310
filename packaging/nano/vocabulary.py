"""The vocabulary: one token for each byte, and R1's marks of who speaks."""

from __future__ import annotations

from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment

BOS, EOS, USER, ASSISTANT, THINK, END_THINK = range(256, 262)
SPECIAL = (
    "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<think>",
    "</think>",
)
END_MARK = SPECIAL[5]
SIZE = 256 + len(SPECIAL)
TEMPLATE = Path(__file__).with_name("chat_template.jinja").read_text(encoding="utf-8")


def spell_byte(byte: int) -> str:
    """Return the printable letter that stands for a byte in GPT-2's alphabet."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    if byte in printable:
        return chr(byte)
    return chr(256 + [other for other in range(256) if other not in printable].index(byte))


def list_tokens() -> list[str]:
    """Return the texts of all tokens in the order of their ids."""
    return [*(spell_byte(byte) for byte in range(256)), *SPECIAL]


def encode(text: str) -> list[int]:
    """Return the ids of a text in which the special marks, and only they, are single tokens."""
    for index, mark in enumerate(SPECIAL):
        head, found, tail = text.partition(mark)
        if found:
            return [*encode(head), 256 + index, *encode(tail)]
    return list(text.encode())


def decode(ids: list[int]) -> str:
    """Return the text of tokens, broken characters replaced."""
    data = b"".join(bytes([token]) if token < 256 else SPECIAL[token - 256].encode() for token in ids)
    return data.decode(errors="replace")


def render(messages: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
    """Return a chat as the template in the model file renders it."""
    template = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(TEMPLATE)
    return template.render(
        messages=messages,
        bos_token=SPECIAL[0],
        eos_token=SPECIAL[1],
        add_generation_prompt=add_generation_prompt,
        enable_thinking=True,
    )
