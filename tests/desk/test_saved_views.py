"""Searches that are kept as views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.erase import erase
from desk.actions.save_view import named, put_back, remove_view, save_view, saved_views
from desk.desk import Desk
from desk.errors import BadQuery, NoAgent, RefusedError
from desk.saved_views import TAKEN, free_letters
from desk.views import VIEWS
from tests.desks import DANA, acting_as, make_desk, receive
from tui.keys import ACTIONS


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def names(desk: Desk) -> list[str]:
    return [each.name for each in saved_views(desk)]


def test_an_own_view_is_seen_by_its_owner_and_a_shared_one_by_everybody(desk: Desk) -> None:
    save_view(desk, "Refunds", "tag:refund is:open", key="r", sort="waiting")
    save_view(desk, "late ones", "waiting:>4h", shared=True)
    assert names(desk) == ["late ones", "Refunds"]
    assert names(acting_as(desk, "bo")) == ["late ones"]
    kept = named(saved_views(desk), " REFUNDS", desk.me.handle)
    assert (kept.query, kept.key, kept.sort, kept.owner) == ("tag:refund is:open", "r", "waiting", "ana")


@pytest.mark.parametrize(
    ("name", "key", "why"),
    [
        ("", "", "needs a name"),
        (" \t ", "", "needs a name"),
        ("x" * 31, "", "at most 30"),
        ("Inbox", "", "every screen has a view"),
        ("outbox", "", "every screen has a view"),
        ("Mine too", "m", "g m leads to mine already"),
        ("Figures", "s", "g s leads to figures already"),
        ("Two", "ab", "no key for a view"),
        ("Odd", "я", "no key for a view"),
        ("Refunds", "x", "there is a view “Refunds” already"),
        ("refunds", "x", "there is a view “Refunds” already"),
        ("Other", "r", "g r leads to “Refunds” already"),
    ],
)
def test_a_name_or_a_letter_that_is_taken_or_cannot_be_one_is_refused(
    desk: Desk, name: str, key: str, why: str
) -> None:
    save_view(desk, "Refunds", "tag:refund", key="r")
    with pytest.raises(RefusedError, match=why):
        save_view(desk, name, "is:open", key=key)
    assert names(desk) == ["Refunds"]


def test_a_search_that_cannot_be_read_is_no_view_and_without_an_agent_there_is_none(desk: Desk) -> None:
    with pytest.raises(BadQuery):
        save_view(desk, "Odd", "nonsense:x")
    with pytest.raises(NoAgent):
        save_view(replace(desk, acting=None), "Odd", "is:open")


def test_two_agents_may_have_the_same_letter_and_name_each(desk: Desk) -> None:
    save_view(desk, "Refunds", "tag:refund", key="r")
    save_view(acting_as(desk, "bo"), "Refunds", "tag:money", key="r")
    assert [each.query for each in saved_views(acting_as(desk, "bo"))] == ["tag:money"]


def test_what_was_taken_away_is_put_back_without_a_letter_that_is_taken_by_now(desk: Desk) -> None:
    kept = save_view(desk, "Refunds", "tag:refund", key="r")
    gone = remove_view(desk, kept.id)
    assert names(desk) == []
    with pytest.raises(RefusedError, match="gone already"):
        remove_view(desk, kept.id)
    save_view(desk, "Returns", "tag:return", key="r")
    assert put_back(desk, gone).key == ""
    assert names(desk) == ["Refunds", "Returns"]


def test_somebody_elses_own_view_cannot_be_taken_away(desk: Desk) -> None:
    kept = save_view(desk, "Refunds", "tag:refund")
    with pytest.raises(RefusedError, match="gone already"):
        remove_view(acting_as(desk, "bo"), kept.id)
    assert names(desk) == ["Refunds"]


def test_every_letter_that_leads_somewhere_on_the_screen_is_taken(desk: Desk) -> None:
    leading = {key.split(" ")[1] for each in ACTIONS for key in each.keys if key.startswith("g ")}
    assert leading <= TAKEN.keys()
    assert not set(free_letters(())) & {each.key for each in VIEWS}
    free = free_letters([save_view(desk, "Refunds", "tag:refund", key="r")])
    assert "r" not in free


def test_a_view_that_names_an_erased_person_goes_with_them(desk: Desk) -> None:
    receive(desk)
    save_view(desk, "Hers", f"from:{DANA.email} is:open")
    save_view(desk, "Refunds", "tag:refund")
    erase(desk, [DANA.email])
    assert names(desk) == ["Refunds"]
