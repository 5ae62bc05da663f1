"""`tandem views`: searches that are kept."""

from __future__ import annotations

from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.desk import Desk
from desk.ticket import Status
from tests.desks import acting_as, receive
from tests.tandem.commands import Commands


def test_a_view_is_kept_listed_with_its_count_and_taken_away(tandem: Commands, desk: Desk) -> None:
    number = receive(desk).number
    tag(acting_as(desk, "ana"), number, ["refund"])
    said = tandem.run("--agent", "ana", "views", "add", "Refunds", "tag:refund is:open", "--key", "r", "--shared").out
    assert "g r leads there" in said
    last = tandem.run("--agent", "ana", "views", "list", "--json").objects[-1]
    assert {name: last[name] for name in ("name", "key", "query", "sort", "owner", "shared", "count")} == {
        "name": "Refunds",
        "key": "r",
        "query": "tag:refund is:open",
        "sort": "updated",
        "owner": None,
        "shared": True,
        "count": 1,
    }
    set_status(acting_as(desk, "ana"), number, Status.CLOSED)
    assert tandem.run("--agent", "ana", "views").rows[-1] == ["g r", "Refunds", "0", "tag:refund is:open"]
    assert "tag:refund" in tandem.run("--agent", "ana", "views", "remove", "refunds").out
    assert "no view “refunds”" in tandem.run("--agent", "ana", "views", "remove", "refunds", expect=1).err


def test_the_views_of_every_desk_are_listed_too(tandem: Commands) -> None:
    shown = tandem.run("--agent", "ana", "views", "--json").objects
    assert [each["name"] for each in shown[:3]] == ["inbox", "mine", "new"]
    assert "snoozed" in {each["name"] for each in shown}


def test_a_letter_that_is_taken_and_a_search_that_cannot_be_read_are_refused(tandem: Commands) -> None:
    assert (
        "g i leads to inbox" in tandem.run("--agent", "ana", "views", "add", "X", "is:open", "--key", "i", expect=1).err
    )
    assert "nonsense" in tandem.run("--agent", "ana", "views", "add", "X", "nonsense:x", expect=1).err


def test_a_view_is_taken_away_by_the_name_it_was_given_whatever_signs_are_in_it(tandem: Commands) -> None:
    tandem.run("views", "add", "Re\x1b[2Jfunds\n", "is:open")
    assert "is gone" in tandem.run("views", "remove", "Re\x1b[2Jfunds\n").out
