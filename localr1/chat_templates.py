"""Chat templates for models that carry none, or one that can't be used; chosen by people, never guessed."""

from __future__ import annotations

from localr1.errors import ConfigError
from localr1.paths import bundled

TEMPLATES = {
    "chatml": "Qwen, SmolLM, OpenThinker, and most fine-tunes",
    "deepseek-r1": "the distills of DeepSeek-R1",
    "gemma": "Gemma",
    "llama-3": "Llama 3",
    "mistral": "Mistral",
    "phi": "Phi 3 and 4",
}
"""Formats of chats, and the models that were trained with them."""
NAMES = tuple(TEMPLATES)
ADVICE = f"Say which format it was trained with: --chat-template {', '.join(NAMES[:-1])} or {NAMES[-1]}."


def template_named(name: str) -> str:
    """Jinja source of a template that comes with localr1; raises ConfigError naming those that there are."""
    if name not in NAMES:
        raise ConfigError(f"There is no chat template {name[:40]!r}.", hint=f"There are {', '.join(NAMES)}.")
    return bundled(f"templates/{name}.jinja").read_text("utf-8")
