"""localr1 models: what is on disk, what there is to have, and what suits this machine."""

from __future__ import annotations

import click

from localr1.cli.lazy_group import LazyGroup

COMMANDS = {
    "list": "localr1.cli.models.listing:list_models",
    "recommend": "localr1.cli.models.recommend:recommend",
    "use": "localr1.cli.models.use:use",
    "show": "localr1.cli.models.show:show",
    "search": "localr1.cli.models.search:search",
    "find": "localr1.cli.models.find:find",
    "import": "localr1.cli.models.imports:import_path",
    "verify": "localr1.cli.models.verify:verify",
    "remove": "localr1.cli.models.remove:remove",
    "du": "localr1.cli.models.du:du",
    "path": "localr1.cli.models.path:path",
}
EPILOG = """\b
Examples:
  localr1 models recommend               the best one for this machine
  localr1 pull qwen-1.5b                 fetch one of the catalog
  localr1 models use qwen-1.5b           let it answer in new chats
  localr1 ask -m ~/Downloads/x.gguf "…"  any GGUF file, wherever it lies
"""


@click.group(cls=LazyGroup, places=COMMANDS, alone="list", epilog=EPILOG)
def models() -> None:
    """Find, compare, check and remove models.

    Without a command, they are listed.
    """
