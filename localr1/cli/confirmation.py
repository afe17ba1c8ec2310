"""Asking before something is done that can't be undone."""

from __future__ import annotations

import sys

import click

from localr1.errors import UsageError


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, option: str) -> bool:
    """The answer to a question; where nobody can be asked, raises UsageError naming the option instead."""
    if not can_ask():
        raise UsageError(f"There is no terminal to ask: {question}", hint=f"{option} answers yes.")
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        raise
