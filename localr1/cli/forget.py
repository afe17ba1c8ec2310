"""localr1 chats forget: chats that are older than the settings let them become."""

from __future__ import annotations

import click

from localr1.cli.passphrase import key_options
from localr1.cli.saved_chats import opened_chats

EPILOG = """\b
Examples, in config.toml:
  forget_after = 90            days after its last message

\b
  [forget_after_tag]
  work = 365                   goes before that for chats tagged work
  diary = 0                    keeps them

Each start does this by itself; pinned chats stay."""


@click.command(epilog=EPILOG)
@click.option("--dry-run", is_flag=True, help="Only list them.")
@key_options
def forget(dry_run: bool) -> None:
    """Erase the chats that were not used for as long as the setting forget_after says."""
    import time

    from localr1.cli.chats import print_chats
    from localr1.config_sources import load_config
    from localr1.paths import find_paths
    from localr1.store.retention import Retention, outlived
    from localr1.wording import plural

    config = load_config(find_paths().config_file)
    retention = Retention(config.forget_after, config.forget_after_tag)
    if retention.endless:
        click.echo(
            "Nothing is ever forgotten: the setting forget_after says how many days to wait.", err=True
        )
        return
    with opened_chats() as chats:
        found = outlived(chats, retention, time.time())
        if not dry_run:
            chats.delete(*(chat.id for chat in found))
    if dry_run:
        print_chats(found)
    done = "would be forgotten" if dry_run else "forgotten"
    click.echo(f"{plural(len(found), 'chat')} {done}.", err=True)
