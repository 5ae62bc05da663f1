"""Keep a search as a view of one's own or of everybody, and take one away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desk.desk import Desk
from desk.errors import RefusedError
from desk.people import Handle
from desk.ports import Sort
from desk.safe import safe_line
from desk.saved_views import SavedView, SavedViewId, clean_key, clean_name, free_letters, seen_by
from desk.views import parse_query


def saved_views(desk: Desk) -> Sequence[SavedView]:
    """The acting agent's own views and everybody's, by name; without an agent only everybody's."""
    return seen_by(desk.store.views.all(), desk.acting.handle if desk.acting else None)


def save_view(
    desk: Desk, name: str, query: str, *, key: str = "", sort: Sort = "updated", shared: bool = False
) -> SavedView:
    """Keep a search under a name, and under a letter after `g` where one is given.

    Raises:
        NoAgent: nobody acts, whose view it could be.
        BadQuery: the search cannot be read.
        RefusedError: the name or the letter cannot be one, or is taken.
    """
    me = desk.me.handle
    parse_query(query, me=me, now=desk.clock())
    owner = None if shared else me
    new = SavedView(name=clean_name(name), query=query.strip(), key=clean_key(key), sort=sort, owner=owner)
    with desk.store.transaction():
        _refuse_taken(new, saved_views(desk))
        return desk.store.views.add(new)


def remove_view(desk: Desk, wanted: SavedViewId) -> SavedView:
    """Take a view away, one's own or a shared one; `put_back` undoes it. Returns it as it was.

    Raises:
        RefusedError: it is gone already.
    """
    with desk.store.transaction():
        for view in saved_views(desk):
            if view.id == wanted:
                desk.store.views.remove(view.id)
                return view
        raise RefusedError("this view is gone already")


def put_back(desk: Desk, view: SavedView) -> SavedView:
    """Keep a view again that was taken away; without its letter, where that leads somewhere else by now.

    Raises:
        RefusedError: its name is another view's by now.
    """
    with desk.store.transaction():
        there = saved_views(desk)
        is_free = all(each.key != view.key for each in there)
        again = view if is_free else replace(view, key="")
        _refuse_taken(again, there)
        return desk.store.views.add(again)


def named(views: Sequence[SavedView], name: str, me: Handle | None) -> SavedView:
    """The view with this name, one's own before a shared one.

    Raises:
        RefusedError: there is none; the hint names those there are.
    """
    fitting = [each for each in views if each.name.casefold() == safe_line(name).casefold()]
    if not fitting:
        known = ", ".join(each.name for each in views) or "none yet"
        raise RefusedError(f"there is no view “{safe_line(name)[:40]}”", f"saved views: {known}")
    return next((each for each in fitting if each.owner == me), fitting[0])


def _refuse_taken(new: SavedView, there: Sequence[SavedView]) -> None:
    for each in there:
        if each.name.casefold() == new.name.casefold():
            raise RefusedError(f"there is a view “{each.name}” already", "choose another name, or take that one away")
        if new.key and each.key == new.key:
            free = " ".join(free_letters(there))
            raise RefusedError(f"g {new.key} leads to “{each.name}” already", f"free letters: {free}")
