"""`tandem views`: searches that are kept under a name, one's own and everybody's."""

from __future__ import annotations

import click

from desk.actions.save_view import named, remove_view, save_view, saved_views
from desk.desk import Desk
from desk.errors import BadQuery
from desk.ports import Sort
from desk.saved_views import SavedView
from desk.views import VIEWS, View, parse_query
from tandem.cli.arguments import words
from tandem.cli.lists import json_lines, list_group
from tandem.cli.output import print_json, say, table
from tandem.cli.session import Session, pass_session

_SORTS = click.Choice(["updated", "created", "id", "waiting", "wakes"])


@list_group("views", "view")
def views_command(session: Session, as_json: bool) -> None:
    """List the views, or keep and take away your own and shared ones."""
    _print(session, as_json=as_json)


@views_command.command("list")
@json_lines("view")
@pass_session
def list_views(session: Session, as_json: bool) -> None:
    """List the views of every desk, your own and the shared ones, with how many tickets each has."""
    _print(session, as_json=as_json)


@views_command.command("add")
@click.argument("name", type=words)
@click.argument("query", type=words)
@click.option("--key", type=words, default="", help="The letter that leads there after g on the screen.")
@click.option("--sort", type=_SORTS, default="updated", show_default=True)
@click.option("--shared", is_flag=True, help="Everybody on this desk sees it.")
@pass_session
def add_view(session: Session, name: str, query: str, key: str, sort: Sort, shared: bool) -> None:
    """Keep the search QUERY as the view NAME."""
    kept = save_view(session.office.desk, name, query, key=key, sort=sort, shared=shared)
    say(f"kept as “{kept.name}”" + (f", g {kept.key} leads there" if kept.key else ""))


@views_command.command("remove")
@click.argument("name", type=words)
@pass_session
def remove(session: Session, name: str) -> None:
    """Take the view NAME away; its tickets stay."""
    desk = session.office.desk
    gone = remove_view(desk, named(saved_views(desk), name, desk.me.handle).id)
    say(f"“{gone.name}” is gone; it was: {gone.query or 'every ticket'}")


def _print(session: Session, *, as_json: bool) -> None:
    desk = session.office.desk
    for_all = [(each, None) for each in VIEWS]
    rows = [*for_all, *((each.view, each) for each in saved_views(desk))]
    if as_json:
        for view, saved in rows:
            print_json(_json(desk, view, saved))
        return
    lines = [(f"g {view.key}" if view.key else "", view.name, _counted(desk, view), view.query) for view, _ in rows]
    table(
        [(key, name, "-" if count is None else str(count), query) for key, name, count, query in lines],
        right=frozenset({2}),
        stretch=3,
    )


def _json(desk: Desk, view: View, saved: SavedView | None) -> dict[str, object]:
    return {
        "id": saved.id if saved else None,
        "name": view.name,
        "key": view.key or None,
        "query": view.query,
        "sort": saved.sort if saved else None,
        "owner": saved.owner if saved else None,
        "shared": saved is None or saved.owner is None,
        "count": _counted(desk, view),
    }


def _counted(desk: Desk, view: View) -> int | None:
    """How many tickets a view has; None where nobody acts whose they could be."""
    me = desk.acting.handle if desk.acting else None
    try:
        return desk.store.tickets.count(parse_query(view.query, me=me, now=desk.clock()))
    except BadQuery:
        return None
