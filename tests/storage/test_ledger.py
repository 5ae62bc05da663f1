"""The fetch ledger: what it knows of one folder is never mixed with another's, nor with another UIDVALIDITY's."""

from __future__ import annotations

from desk.conversation import EntryId
from desk.incoming import FolderState, Outcome, Place, Row
from storage.database import TicketStore
from storage.ledger import StoredLedger

HERE = Place("support", "INBOX", 7, 3)


def test_what_was_taken_in_is_known_from_any_uid_on(store: TicketStore) -> None:
    ledger = StoredLedger(store)
    for uid in (3, 5, 9):
        ledger.record(Place("support", "INBOX", 7, uid), Outcome.TICKET, None, "")
    assert ledger.known("support", "INBOX", 7) == {3, 5, 9}
    assert ledger.known("support", "INBOX", 7, since=5) == {5, 9}
    assert ledger.known("support", "INBOX", 7, since=10) == frozenset()


def test_a_mail_is_known_only_where_it_lies(store: TicketStore) -> None:
    ledger = StoredLedger(store)
    ledger.record(HERE, Outcome.TICKET, None, "")
    assert ledger.has(HERE)
    elsewhere = [
        Place("sales", "INBOX", 7, 3),
        Place("support", "Spam", 7, 3),
        Place("support", "INBOX", 8, 3),
        Place("support", "INBOX", 7, 4),
    ]
    assert not any(ledger.has(each) for each in elsewhere)
    assert [ledger.known(each.mailbox, each.folder, each.uidvalidity) for each in elsewhere[:3]] == [frozenset()] * 3


def test_how_far_each_folder_was_looked_at_is_remembered(store: TicketStore) -> None:
    ledger = StoredLedger(store)
    assert ledger.folder("support", "INBOX") is None
    ledger.put_folder(FolderState("support", "INBOX", 7, 4))
    ledger.put_folder(FolderState("support", "Spam", 7, 90))
    ledger.put_folder(FolderState("support", "INBOX", 8, 2))
    assert ledger.folder("support", "INBOX") == FolderState("support", "INBOX", 8, 2)
    assert ledger.folder("support", "Spam") == FolderState("support", "Spam", 7, 90)


def test_rows_of_uids_that_are_given_to_other_mails_are_forgotten(store: TicketStore) -> None:
    ledger = StoredLedger(store)
    for place in [Place("support", "INBOX", 7, uid) for uid in (3, 5, 9)] + [Place("support", "Spam", 7, 9)]:
        ledger.record(place, Outcome.TICKET, None, "")
    ledger.forget("support", "INBOX", 7, [5, 9])
    assert ledger.known("support", "INBOX", 7) == {3}
    assert ledger.known("support", "Spam", 7) == {9}


def test_the_places_of_an_entry_are_known_newest_first(store: TicketStore) -> None:
    ledger, again = StoredLedger(store), Place("support", "INBOX", 8, 1)
    ledger.record(HERE, Outcome.TICKET, EntryId(4), "")
    ledger.record(again, Outcome.DUPLICATE, EntryId(4), "")
    ledger.record(Place("support", "INBOX", 8, 2), Outcome.TICKET, EntryId(5), "")
    assert ledger.places(EntryId(4)) == [again, HERE]


def test_what_gmail_calls_a_mail_leads_to_what_became_of_it(store: TicketStore) -> None:
    ledger = StoredLedger(store)
    ledger.record(HERE, Outcome.TICKET, EntryId(4), "ab")
    ledger.note_gmail(HERE, "1278455344230334865")
    assert ledger.with_gmail("support", "1278455344230334865") == Row(Outcome.TICKET, EntryId(4), "ab")
    assert ledger.with_gmail("sales", "1278455344230334865") is None
    assert ledger.with_gmail("support", "1") is None


def test_a_mail_that_belonged_to_no_ticket_is_noted_again_when_an_id_that_it_names_comes_to_one(
    store: TicketStore,
) -> None:
    ledger = StoredLedger(store)
    sent = [Place("support", "Sent", 7, uid) for uid in (1, 2, 3)]
    ledger.put_folder(FolderState("support", "Sent", 7, 4))
    for place, outcome in zip(sent, (Outcome.ELSEWHERE, Outcome.ELSEWHERE, Outcome.MESSAGE), strict=True):
        ledger.record(place, outcome, None, "")
        ledger.look_out(place, (f"<{place.uid}@x>", "<shared@x>" if place.uid != 2 else "<other@x>"))
    ledger.look_again(["<unknown@x>"])
    assert ledger.folder("support", "Sent") == FolderState("support", "Sent", 7, 4)
    ledger.look_again(["<shared@x>"])
    assert ledger.known("support", "Sent", 7) == {2, 3}
    assert ledger.folder("support", "Sent") == FolderState("support", "Sent", 7, 4, again=(1,))
    ledger.record(sent[0], Outcome.ELSEWHERE, None, "")
    ledger.look_again(["<1@x>", "<shared@x>"])
    assert ledger.known("support", "Sent", 7) == {1, 2, 3}


def test_under_another_uidvalidity_nothing_is_noted(store: TicketStore) -> None:
    ledger, old = StoredLedger(store), Place("support", "Sent", 6, 1)
    ledger.put_folder(FolderState("support", "Sent", 7, 4))
    ledger.record(old, Outcome.ELSEWHERE, None, "")
    ledger.look_out(old, ["<1@x>"])
    ledger.look_again(["<1@x>"])
    assert ledger.folder("support", "Sent") == FolderState("support", "Sent", 7, 4)
