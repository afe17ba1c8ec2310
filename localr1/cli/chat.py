"""localr1 chat: the chat on the screen, or as lines of text."""

from __future__ import annotations

import click

from localr1.cli.parameter_types import ModelName, PresetName, WholeRange
from localr1.cli.passphrase import key_options

EPILOG = """\b
Examples:
  localr1 chat                           the same as localr1 alone
  localr1 chat --plain                   for screen readers and dumb terminals
  localr1 chat --plain --continue        go on with the last chat
  localr1 chat --plain < questions.txt   one question a line

The plain chat writes lines and nothing else: no colours, nothing that moves. Thinking
is one line; /thinking prints it, and /help lists what else follows a slash."""


@click.command(epilog=EPILOG)
@click.option("--plain", is_flag=True, help="Chat in lines of text.")
@click.option("-m", "--model", type=ModelName(), help="A model's name or a path to a GGUF file.")
@click.option("--chat", "chat_id", type=WholeRange(min=1), metavar="ID", help="Open this chat.")
@click.option("--continue", "go_on", is_flag=True, help="Open the last chat.")
@click.option("--preset", type=PresetName(), help="Begin new chats with a preset; F3 shows them.")
@key_options
def chat(plain: bool, model: str | None, chat_id: int | None, go_on: bool, preset: str | None) -> int:
    """Open the chat."""
    from localr1.cli.open import open_chat

    return open_chat(model, chat_id, go_on, preset, plain=plain)
