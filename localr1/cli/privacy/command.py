"""localr1 doctor --privacy: what is kept, who can read it, and what is ever sent where."""

from __future__ import annotations

from urllib.request import getproxies

import click

from localr1.cli.json_output import print_json
from localr1.cli.privacy.inventory import make_private
from localr1.cli.privacy.lines import report_lines
from localr1.cli.privacy.report import all_kinds, report
from localr1.config_sources import load_config
from localr1.errors import LocalR1Error
from localr1.paths import find_paths
from localr1.safe_text import safe_line


def show_privacy(*, fix: bool, as_json: bool) -> None:
    """Print the report; with `fix`, others lose their rights first.

    Raises LocalR1Error where those of somebody else's file can't be taken away.
    """
    paths = find_paths()
    config, proxies = load_config(paths.config_file), getproxies()
    stubborn = make_private(report(paths, config, proxies).shared) if fix else []
    now = report(paths, config, proxies)
    if as_json:
        print_json(now)
    else:
        for line in report_lines(now, all_kinds(paths)):
            click.echo(line)
    if stubborn:
        raise LocalR1Error(
            f"{safe_line(str(stubborn[0]))} stays open to others: it is not yours.",
            hint="Its owner, or root, can change that.",
        )
