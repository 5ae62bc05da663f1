from __future__ import annotations

from desk.conversation import Message
from desk.desk import Desk
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive
from tests.desks import receive
from tests.mail.mails import mail
from tests.tandem.commands import Commands
from tests.tui.test_offers import KIM, with_other_matter

ONE, TWO = TicketNumber(1), TicketNumber(2)


def newest_mail(desk: Desk, number: TicketNumber) -> int:
    return max(each.id for each in desk.store.conversations.of(number) if isinstance(each, Message))


def test_tickets_are_merged_shown_and_taken_apart(tandem: Commands, desk: Desk) -> None:
    receive(desk, subject="Printer")
    receive(desk, subject="Toner", sender=KIM)
    assert tandem.run("merge", TWO, ONE).out == "ticket 2 is part of 1 now: 1 mail went there\n"
    assert "merged ticket 2 into this one" in tandem.run("show", ONE).out
    shown = tandem.run("show", TWO).out
    assert "merged into T-1" in shown
    assert "? merged into 1: `tandem show 1`" in shown
    [listed] = tandem.run("list", "--json").objects
    assert (listed["id"], listed["message_count"], listed["claims"], listed["split_from"]) == (1, 2, None, None)
    assert "ticket 2 was merged into 1" in tandem.run("status", TWO, "closed", expect=1).err
    assert "already" in tandem.run("merge", TWO, ONE, expect=1).err
    assert "merged" in tandem.run("undo").out
    assert [each["id"] for each in tandem.run("list", "--json", "--sort", "id", "--reverse").objects] == [1, 2]


def test_a_mail_is_split_off_as_show_says(tandem: Commands, desk: Desk) -> None:
    number = with_other_matter(desk)
    entry = newest_mail(desk, number)
    assert f"? subject changed: “Toner”: `tandem split {number} {entry}`" in tandem.run("show", number).out
    assert tandem.run("split", number, entry).out == "1 mail of ticket 1 became ticket 2\n"
    [new] = tandem.run("list", "customer:kim", "--json").objects
    assert (new["id"], new["split_from"], new["customer"]["email"]) == (2, 1, "kim@else.example")
    assert "split off T-1" in tandem.run("show", TWO).out
    assert "made ticket 2 of 1 mail" in tandem.run("show", ONE).out
    assert "that mail is on ticket 2 by now" in tandem.run("split", number, entry, expect=1).err
    tandem.run("undo")
    assert desk.ticket(ONE).message_count == 2


def test_what_is_no_number_is_wrong_usage(tandem: Commands) -> None:
    for words in (("merge", 1), ("merge", "x", 1), ("split", 1), ("split", 1, "x")):
        tandem.run(*words, expect=2)
    assert "there is no ticket 8" in tandem.run("merge", 7, 8, expect=1).err


def test_hostile_subjects_stay_words_in_what_is_offered(tandem: Commands, desk: Desk) -> None:

    arrive(desk, mail(subject="Refund", message_id="<1@x>"))
    arrive(desk, mail("In-Reply-To: <1@x>", subject="=?utf-8?q?Bill_=1B[2J7?=", message_id="<2@x>", body="b"))
    shown = tandem.run("show", 1).out
    assert "? subject changed: “Bill" in shown
    assert "\x1b" not in shown


def test_a_dry_run_tells_what_merging_would_do_and_changes_nothing(tandem: Commands, desk: Desk) -> None:
    receive(desk, subject="Printer")
    receive(desk, subject="Toner", sender=KIM)
    tandem.run("tag", TWO, "+toner")
    tandem.run("note", TWO, "She waits.")
    before = desk.ticket(TWO)
    assert tandem.run("merge", "--dry-run", TWO, ONE).out.splitlines() == [
        "goes on: 1 “Printer” of Dana Petrova: 1 mail",
        "is merged: 2 “Toner” of Kim Else: 1 mail, 1 note, #toner",
        "stands then: open, normal priority, nobody has it, #toner",
        "two customers: Kim Else <kim@else.example> wrote too; check To before you answer",
        "the customer sees nothing: no mail is sent, and answers to any of them land on 1",
    ]
    assert desk.ticket(TWO) == before
    tandem.run("status", TWO, "spam")
    refused = tandem.run("merge", "--dry-run", TWO, ONE, expect=1)
    assert "cannot be merged: 2 “Toner”: ticket 2 is spam" in refused.out
    assert "it would not be done: ticket 2 is spam" in refused.err


def test_a_dry_run_tells_both_sides_of_a_split_and_changes_nothing(tandem: Commands, desk: Desk) -> None:
    number = with_other_matter(desk)
    tandem.run("note", number, "She waits.")
    assert tandem.run("split", "--dry-run", number, newest_mail(desk, number)).out.splitlines() == [
        "goes to a new ticket of Kim Else <kim@else.example>: 1 mail",
        "stays on 1 “Printer”: 1 mail, 1 note",
        "the customer sees nothing: no mail is sent",
    ]
    assert desk.store.tickets.get(TWO) is None
    alone = newest_mail(desk, receive(desk, subject="Paper").number)
    assert "nothing would be left" in tandem.run("split", "--dry-run", TWO, alone, expect=1).err


def test_tickets_are_linked_shown_and_unlinked(tandem: Commands, desk: Desk) -> None:
    receive(desk, subject="Printer")
    receive(desk, subject="Toner", sender=KIM)
    assert tandem.run("link", ONE, TWO).out == "ticket 1 is linked with 2\n"
    assert "? related to 1 “Printer”, which is open: `tandem show 1`" in tandem.run("show", TWO).out
    assert [each["related"] for each in tandem.run("list", "--json").objects] == [[1], [2]]
    assert tandem.run("unlink", TWO, ONE).out == "ticket 2 is not linked with 1 any more\n"
    assert "ticket 1 is not linked with 2" in tandem.run("unlink", ONE, TWO, expect=1).err
    assert "unlinked" in tandem.run("undo").out
    assert "related to T-2" in tandem.run("show", ONE).out


def test_a_customer_who_asks_twice_is_told_of_until_somebody_says_that_it_is_another_matter(
    tandem: Commands, desk: Desk
) -> None:
    for _ in range(2):
        receive(desk, subject="Refund for my printer")
    assert "? looks like 1 by the same customer: “Refund for my printer”: `tandem merge 2 1`" in (
        tandem.run("show", TWO).out
    )
    assert tandem.run("apart", TWO).out == "ticket 2 is a matter of its own\n"
    assert "looks like" not in tandem.run("show", ONE).out + tandem.run("show", TWO).out
