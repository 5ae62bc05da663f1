"""What agents say of a customer: it is kept for all addresses, nobody overwrites a colleague, and u takes it back."""

from __future__ import annotations

import pytest

from desk.actions.edit_customer import edit_customer
from desk.actions.redo import redo
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.dossier import profile_of
from desk.errors import ProfileMoved, RedoTooLate, RefusedError, UndoTooLate
from desk.people import Address
from desk.profiles import Known, Profile, ProfileField
from desk.remarked import in_words
from desk.ticket import Status, TicketNumber
from tests.desks import DANA, acting_as, receive

HOME = Address("dana@home.example", "Dana P.")
NAME, COMPANY, NOTES, TAGS = ProfileField.NAME, ProfileField.COMPANY, ProfileField.NOTES, ProfileField.TAGS
LANGUAGE, ZONE, ADDRESSES = ProfileField.LANGUAGE, ProfileField.ZONE, ProfileField.ADDRESSES


@pytest.fixture(autouse=True)
def ticket(desk: Desk) -> TicketNumber:
    return receive(desk).number


def edit(desk: Desk, field: ProfileField, value: Known, *, seen: int | None = None) -> Profile:
    return edit_customer(desk, DANA.email, {field: value}, seen=seen)


def edits(desk: Desk, number: TicketNumber) -> list[Event]:
    there = desk.store.conversations.of(number)
    return [each for each in there if isinstance(each, Event) and each.what is Happened.PROFILE_EDITED]


def test_what_is_said_of_a_customer_is_kept_and_told_on_the_ticket(desk: Desk, ticket: TicketNumber) -> None:
    edit_customer(desk, DANA.email, {COMPANY: " Corp  Ltd ", TAGS: ("#VIP", "vip"), ZONE: "sofia", LANGUAGE: "BG"})
    known = profile_of(desk, "Dana@CORP.example")
    assert (known.company, known.tags, known.zone, known.language) == ("Corp Ltd", ("vip",), "Europe/Sofia", "bg")
    assert [in_words(each) for each in edits(desk, ticket)] == ["edited the customer: company, tags, zone, language"]


def test_an_event_about_a_customer_holds_no_word_of_what_was_said(desk: Desk, ticket: TicketNumber) -> None:
    edit(desk, NOTES, "pays late")
    assert "pays late" not in str(edits(desk, ticket))


def test_the_same_again_changes_nothing(desk: Desk, ticket: TicketNumber) -> None:
    first = edit(desk, COMPANY, "Corp")
    assert edit(desk, COMPANY, "Corp") == first
    assert len(edits(desk, ticket)) == 1


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        (TAGS, ("two words",), "cannot be a tag"),
        (LANGUAGE, "Bulgarian!", "is no language"),
        (ZONE, "Middle/Earth", "is no time zone"),
        (ZONE, "../../etc/passwd", "is no time zone"),
        (ADDRESSES, ("dana",), "is no mail address"),
        (ADDRESSES, (), "the only address"),
        (ADDRESSES, (DANA.email, "support@acme.example"), "no address of a customer"),
        (NAME, "x" * 201, "more than 200"),
        (NOTES, "x" * 20_001, "more than 20000"),
        (TAGS, tuple(f"t{at}" for at in range(51)), "at most 50"),
    ],
    ids=lambda value: str(value)[:12] if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused_in_words(desk: Desk, field: ProfileField, value: Known, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        edit(desk, field, value)
    assert profile_of(desk, DANA.email).is_blank


def test_nothing_is_said_of_somebody_whom_the_desk_does_not_know(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="no mail of this desk"):
        edit_customer(desk, "nobody@else.example", {COMPANY: "Else"})


def test_what_would_drive_a_terminal_is_not_kept(desk: Desk) -> None:
    known = edit_customer(desk, DANA.email, {NAME: "Da\x1b]0;pwn\x07na\u202e", NOTES: "one\r\ntwo\x9b2J"})
    assert "\x1b" not in known.name + known.notes
    assert "\u202e" not in known.name
    assert known.notes.splitlines() == ["one", "two\ufffd2J"]


def test_a_colleagues_edit_of_the_same_field_is_never_overwritten(desk: Desk) -> None:
    seen = edit(desk, COMPANY, "Corp").version
    edit_customer(acting_as(desk, "bo"), DANA.email, {COMPANY: "Corp Holding"})
    with pytest.raises(ProfileMoved, match="bo changed company") as refused:
        edit(desk, COMPANY, "Corp AG", seen=seen)
    assert refused.value.profile.company == "Corp Holding"
    assert profile_of(desk, DANA.email).company == "Corp Holding"


def test_edits_of_different_fields_both_stay(desk: Desk) -> None:
    edit_customer(acting_as(desk, "bo"), DANA.email, {COMPANY: "Corp", NOTES: "by bo"})
    known = edit_customer(desk, DANA.email, {COMPANY: "", NOTES: "", LANGUAGE: "bg"}, seen=0)
    assert (known.company, known.notes, known.language) == ("Corp", "by bo", "bg")


def test_tags_of_two_colleagues_are_put_together(desk: Desk) -> None:
    seen = edit(desk, TAGS, ("vip", "late")).version
    edit_customer(acting_as(desk, "bo"), DANA.email, {TAGS: ("vip", "late", "reseller")})
    assert edit(desk, TAGS, ("vip", "angry"), seen=seen).tags == ("vip", "reseller", "angry")


def test_one_undo_takes_an_edit_back_and_one_redo_makes_it_again(desk: Desk) -> None:
    edit_customer(desk, DANA.email, {COMPANY: "Corp", TAGS: ("vip",)})
    undo(desk)
    assert profile_of(desk, DANA.email).is_blank
    redo(desk)
    known = profile_of(desk, DANA.email)
    assert (known.company, known.tags) == ("Corp", ("vip",))


def test_an_undo_leaves_what_a_colleague_said_since(desk: Desk) -> None:
    edit_customer(desk, DANA.email, {TAGS: ("vip",)})
    edit_customer(acting_as(desk, "bo"), DANA.email, {TAGS: ("vip", "late"), COMPANY: "Corp"})
    undo(desk)
    known = profile_of(desk, DANA.email)
    assert (known.tags, known.company) == (("late",), "Corp")


def test_what_a_colleague_changed_again_is_not_taken_back(desk: Desk) -> None:
    edit(desk, COMPANY, "Corp")
    edit_customer(acting_as(desk, "bo"), DANA.email, {COMPANY: "Corp Holding"})
    with pytest.raises(UndoTooLate, match="company was changed again"):
        undo(desk)
    assert profile_of(desk, DANA.email).company == "Corp Holding"


def test_what_was_changed_after_an_undo_is_not_done_again(desk: Desk) -> None:
    edit(desk, COMPANY, "Corp")
    undo(desk)
    edit_customer(acting_as(desk, "bo"), DANA.email, {COMPANY: "Corp Holding"})
    with pytest.raises(RedoTooLate, match="company was changed again"):
        redo(desk)


def test_another_address_of_the_same_person_shares_the_profile(desk: Desk) -> None:
    edit_customer(desk, DANA.email, {COMPANY: "Corp", ADDRESSES: (DANA.email, HOME.email)})
    assert profile_of(desk, HOME.email).company == "Corp"


def test_an_address_brings_its_own_profile_along_and_undo_takes_them_apart(desk: Desk) -> None:
    receive(desk, sender=HOME, subject="From home")
    edit_customer(desk, HOME.email, {NOTES: "has a dog", COMPANY: "Home Ltd", TAGS: ("dog",), LANGUAGE: "bg"})
    edit_customer(desk, DANA.email, {NOTES: "pays late", COMPANY: "Corp", TAGS: ("vip",)})
    edit(desk, ADDRESSES, (DANA.email, HOME.email))
    one = profile_of(desk, HOME.email)
    assert one == profile_of(desk, DANA.email)
    assert (one.notes, one.company, one.tags) == ("pays late\n\nhas a dog", "Corp", ("vip", "dog"))
    assert one.language == "bg"
    undo(desk)
    assert profile_of(desk, HOME.email).notes == "has a dog"
    assert profile_of(desk, HOME.email).company == "Home Ltd"
    assert profile_of(desk, DANA.email).notes == "pays late"
    redo(desk)
    assert profile_of(desk, HOME.email).notes == "pays late\n\nhas a dog"


def test_an_edit_does_not_stand_in_the_way_of_undoing_what_was_done_to_the_ticket(
    desk: Desk, ticket: TicketNumber
) -> None:
    set_status(desk, ticket, Status.CLOSED)
    edit_customer(acting_as(desk, "bo"), DANA.email, {COMPANY: "Corp"}, about=ticket)
    undo(desk)
    assert desk.ticket(ticket).status is Status.OPEN


def test_only_the_last_hundred_edits_are_remembered(desk: Desk) -> None:
    for at in range(104):
        edit(desk, COMPANY, f"Corp {at}")
    known = edit(desk, COMPANY, "Corp 104")
    assert (known.version, len(known.edits), known.company) == (105, 100, "Corp 104")
