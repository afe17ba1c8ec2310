"""Chat templates for models that carry none, or one that can't be used; chosen by people, never guessed."""

from __future__ import annotations

from localr1.errors import ConfigError
from localr1.paths import bundled

NAMES = ("chatml", "deepseek-r1", "gemma", "llama-3", "mistral", "phi")
"""The formats that distills and their bases were trained with."""
ADVICE = f"Say which format it was trained with: --chat-template {', '.join(NAMES[:-1])} or {NAMES[-1]}."


def template_named(name: str) -> str:
    """Jinja source of a template that comes with localr1; raises ConfigError naming those that there are."""
    if name not in NAMES:
        raise ConfigError(f"There is no chat template {name[:40]!r}.", hint=f"There are {', '.join(NAMES)}.")
    return bundled(f"templates/{name}.jinja").read_text("utf-8")
