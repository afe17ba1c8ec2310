"""localr1 chats search: what was said where."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from localr1.cli.chat_choice import Chosen, filter_options
from localr1.cli.parameter_types import WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.saved_chats import opened_chats

if TYPE_CHECKING:
    from localr1.store.query import Query
    from localr1.store.search import Hit, Search
    from localr1.store.snippet import Snippet

EPILOG = """\b
Examples:
  localr1 chats search heat pump                 both words, in any order
  localr1 chats search '"heat pump"' --thinking  the two together
  localr1 chats search hp --tag work --after 2026-01-01
  localr1 chats search pump --format json | jq .chat.id

Words may be parts of longer ones. Titles come first, then messages, the best first."""


@click.command(epilog=EPILOG)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@key_options
@filter_options
@click.option("--thinking", is_flag=True, help="Look into the thinking as well.")
@click.option("--titles", is_flag=True, help="Look at the titles of chats and nothing else.")
@click.option("-n", "--limit", type=WholeRange(min=1), metavar="N", help="At most N, the best.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def search(
    words: tuple[str, ...],
    *,
    tags: tuple[str, ...],
    models: tuple[str, ...],
    after: datetime | None,
    before: datetime | None,
    thinking: bool,
    titles: bool,
    limit: int | None,
    kind: str,
) -> None:
    """Find chats by what is said in them; standard output has the ids, titles and places."""
    from localr1.cli.json_output import print_json

    query = _query(words, Chosen(tags, models, after, before), thinking=thinking)
    with opened_chats() as chats:
        _index(chats.search)
        hits = _find(chats.search, query, limit, titles=titles)
    if not hits:
        click.echo("Nothing was found.", err=True)
    for hit in hits:
        if kind == "json":
            print_json(hit)
        else:
            _print(hit)


def _index(search: Search) -> None:
    """Make findable what an older version has left unindexed: a script wants all of it."""
    if search.indexed_share() < 1:
        click.echo("localr1: the chats of an older version are made searchable, once.", err=True)
    indexing = search.indexing()
    while indexing.step():
        pass


def _find(search: Search, query: Query, limit: int | None, *, titles: bool) -> list[Hit]:
    from localr1.store.search import FOUND_MESSAGES, FOUND_TITLES

    most = limit or FOUND_MESSAGES
    if titles:
        return search.find(query, titles=most, messages=0)
    return search.find(query, titles=min(most, FOUND_TITLES), messages=most)[:limit]


def _query(words: tuple[str, ...], chosen: Chosen, *, thinking: bool) -> Query:
    """What the words say, and beside it what the options do."""
    from localr1.store.query import read_query

    query = read_query(" ".join(words))
    among = replace(
        query.among,
        tags=(*query.among.tags, *chosen.among.tags),
        models=(*query.among.models, *chosen.among.models),
    )
    return replace(query, among=among, thinking=query.thinking or thinking, span=chosen.span)


def _print(hit: Hit) -> None:
    """A line for the chat, and one for the place in it."""
    from localr1.safe_text import safe_line

    when = datetime.fromtimestamp(hit.chat.updated_at).astimezone().strftime("%Y-%m-%d")
    title = _marked(hit.snippet) if hit.message_id is None else safe_line(hit.chat.title)
    click.echo(f"{hit.chat.id}  {when}  {title or '(untitled)'}")
    if hit.message_id is not None:
        click.echo(f"    {_marked(hit.snippet)}")


def _marked(snippet: Snippet) -> str:
    """The line with what was found in bold; in a pipe it is plain."""
    from localr1.safe_text import safe_text

    parts, at = [], 0
    for begin, end in snippet.marks:
        parts += [
            safe_text(snippet.text[at:begin]),
            click.style(safe_text(snippet.text[begin:end]), bold=True),
        ]
        at = end
    return "".join([*parts, safe_text(snippet.text[at:])])
