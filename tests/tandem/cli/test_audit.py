"""`tandem audit`: every mail on the server is on a ticket, parked and why, or missing; and nothing is changed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.desk import Desk
from desk.incoming import Outcome, Place
from storage.blobs import Blobs
from storage.database import open_store
from tandem.paths import Home
from tests.journeys.mails import answer_to, customer_mail
from tests.quirky_imap import QuirkyImap
from tests.servers import PASSWORD, Dovecot
from tests.tandem.commands import Commands, Ended, run
from tests.tandem.offices import mailbox

RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def connected(tandem: Commands, home: Home, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The command line of a desk that watches two folders of a Dovecot, and parks a second mail within an hour."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    home.config.write_text("flood = 1\n" + mailbox("support", dovecot.port, folders=("INBOX", "Support")))
    dovecot.deliver(customer_mail(90, subject="In the other folder"), RECEIVED, "Support")
    return tandem


def put(dovecot: Dovecot, *numbers: int, folder: str = "INBOX") -> None:
    """Deliver mails that are days apart, so that they are no flood."""
    for number in numbers:
        dovecot.deliver(customer_mail(number, subject=f"Mail {number}"), RECEIVED + timedelta(days=number), folder)


def of_inbox(ended: Ended) -> dict[int, tuple[str, int | None, str | None]]:
    """What is said of each mail in the INBOX, by UID."""
    mails = [each for each in ended.objects[:-1] if each["folder"] == "INBOX"]
    return {each["uid"]: (each["state"], each["ticket"], each["reason"]) for each in mails}


def summed_up(ended: Ended) -> dict[str, Any]:
    """The last line, and that it is true to those before it."""
    last = ended.objects[-1]
    states = Counter(each["state"] for each in ended.objects[:-1])
    assert last["messages"] == len(ended.objects) - 1
    assert {state: last[state] for state in ("ticket", "parked", "erased", "elsewhere", "missing")} == {
        state: states[state] for state in ("ticket", "parked", "erased", "elsewhere", "missing")
    }
    return last


def test_every_mail_of_every_folder_is_accounted_for_and_nothing_is_changed(
    connected: Commands, dovecot: Dovecot
) -> None:
    put(dovecot, 1, 2)
    dovecot.deliver(customer_mail(1, subject="Mail 1"), RECEIVED + timedelta(days=1), "Support")
    connected.run("sync")
    sent = customer_mail(50, sender="support@acme.example").replace(b"To: Acme Support <support@acme", b"To: <x@y")
    dovecot.deliver(sent, RECEIVED, "Sent")
    dovecot.deliver(sent.replace(b"<50@", b"<51@") + b"\r\n", RECEIVED, "Sent")
    answer = answer_to("<1@corp.example>", "", 52).replace(b"Dana Petrova <dana@corp", b"<support@acme")
    dovecot.deliver(answer, RECEIVED + timedelta(days=5), "Sent")
    connected.run("sync")
    before = connected.run("export", "--format", "tinydb", "-").bytes_out
    flags = dovecot.flags()
    ended = connected.run("audit", "--json")
    assert [state for state, _, _ in of_inbox(ended).values()] == ["ticket", "ticket"]
    assert {(each["folder"], each["uid"]) for each in ended.objects[:-1]} == {
        ("INBOX", 1), ("INBOX", 2), ("Support", 1), ("Support", 2), ("Sent", 1), ("Sent", 2), ("Sent", 3),
    }  # fmt: skip
    assert {key: value for key, value in summed_up(ended).items() if value} == {
        "messages": 7, "ticket": 5, "elsewhere": 2,
    }  # fmt: skip
    said = connected.run("audit", "--deep").lines
    assert said == [
        "support, INBOX: 2 mails: 2 on tickets",
        "support, Support: 2 mails: 2 on tickets",
        "support, Sent: 3 mails: 1 on tickets, 2 of our own and on no ticket",
    ]
    assert "support, INBOX, UID 2: on ticket " in connected.run("audit", "--all").out
    assert connected.run("export", "--format", "tinydb", "-").bytes_out == before
    assert dovecot.flags() == flags == {1: frozenset(), 2: frozenset()}


def test_mail_that_is_not_fetched_yet_is_missing_until_it_is(connected: Commands, dovecot: Dovecot) -> None:
    ended = connected.run("audit", expect=1)
    assert "nobody has looked into this folder yet: `tandem sync`" in ended.out
    connected.run("sync")
    put(dovecot, 1)
    ended = connected.run("audit", "--json", expect=1)
    assert of_inbox(ended) == {1: ("missing", None, "not fetched yet")}
    assert ended.err == "tandem: 1 mail is not fetched yet (`tandem sync` fetches them)\n"
    connected.run("sync")
    connected.run("audit")
    dovecot.renew_uidvalidity()
    ended = connected.run("audit", expect=1)
    assert "the mail server numbered all mails anew (UIDVALIDITY): `tandem sync` compares them" in ended.out
    assert "support, INBOX, UID 1: missing: the mail server numbered all mails anew" in ended.out
    connected.run("sync")
    connected.run("audit")


def test_what_is_lost_behind_the_ledgers_back_is_missing_and_why(
    connected: Commands, desk: Desk, home: Home, dovecot: Dovecot
) -> None:
    put(dovecot, 1, 2, 3, 4, 5)
    connected.run("sync")
    inbox = Place("support", "INBOX", int(connected.run("audit", "--json").objects[0]["uidvalidity"]), 0)
    rows = dict(desk.store.ledger.rows("support", "INBOX", inbox.uidvalidity, after=0, limit=10))
    blobs = Blobs(home.mail)
    blobs.path(rows[1].raw).unlink()
    blobs.path(rows[2].raw).write_bytes(b"Subject: other bytes\r\n\r\n")
    with open_store(home.store) as store:
        store.table("entries").remove(doc_ids=[int(rows[3].entry or 0)])
        gone = store.table("entries").get(doc_id=int(rows[4].entry or 0))
        assert gone is not None
        store.table("tickets").remove(doc_ids=[gone["ticket"]])
        store.table("places").remove(lambda each: each["folder"] == "INBOX" and each["uid"] == 5)
    found = of_inbox(connected.run("audit", "--json", expect=1))
    assert {uid: state for uid, (state, _, _) in found.items()} == dict.fromkeys(range(1, 6), "missing")
    reasons = {uid: str(reason) for uid, (_, _, reason) in found.items()}
    cure = f"(`tandem load {found[1][1]} {rows[1].entry}` fetches it again; else bring it back from a backup)"
    assert f"is missing {cure}" in reasons[1]
    assert "is not what was written" in reasons[2]
    assert reasons[3] == "the ledger says “ticket”, but its message is not there"
    assert reasons[4] == f"its message is there, but ticket {gone['ticket']} is not"
    assert reasons[5] == "the ledger does not know it, though it knows later ones"
    ended = connected.run("audit", expect=1)
    assert "5 mails are missing, 1 of them not fetched yet" in ended.err
    with dovecot.connection() as imap:
        imap.select("INBOX")
        imap.uid("MOVE", "1:3", "Support")
    connected.run("sync")
    assert summed_up(connected.run("audit", "--json", expect=1))["missing"] == 1


def test_a_mail_whose_bytes_are_lost_is_fetched_again_as_the_audit_says(
    connected: Commands, desk: Desk, home: Home, dovecot: Dovecot
) -> None:
    put(dovecot, 1, 2)
    connected.run("sync")
    uidvalidity = int(connected.run("audit", "--json").objects[0]["uidvalidity"])
    rows = dict(desk.store.ledger.rows("support", "INBOX", uidvalidity, after=0, limit=10))
    blobs = Blobs(home.mail)
    kept = {uid: blobs.get(row.raw) for uid, row in rows.items()}
    blobs.path(rows[1].raw).unlink()
    blobs.path(rows[2].raw).write_bytes(b"Subject: other bytes\r\n\r\n")
    assert "`tandem audit` tells how" in connected.run("doctor", "--offline", expect=1).out
    for _, _, reason in of_inbox(connected.run("audit", "--json", expect=1)).values():
        named = re.search(r"`tandem (load \d+ \d+)`", str(reason))
        assert named is not None
        assert "on this disk again, as they came" in connected.run(*named[1].split()).out
        assert "is here already" in connected.run(*named[1].split(), expect=1).err
    connected.run("audit", "--deep")
    assert {uid: blobs.get(row.raw) for uid, row in rows.items()} == kept


def test_other_bytes_than_those_that_were_lost_are_not_taken_for_them(
    connected: Commands, desk: Desk, home: Home, dovecot: Dovecot
) -> None:
    put(dovecot, 1)
    connected.run("sync")
    uidvalidity = int(connected.run("audit", "--json").objects[0]["uidvalidity"])
    [(_, row)] = desk.store.ledger.rows("support", "INBOX", uidvalidity, after=0, limit=10)
    assert row.entry is not None
    message = desk.store.conversations.get(row.entry)
    assert message is not None
    lost = hashlib.sha256(b"what came then").hexdigest()
    desk.store.ledger.put_raw(row.entry, lost)
    assert "no longer" in connected.run("load", message.ticket, message.id, expect=4).err
    assert not Blobs(home.mail).has(lost)


def test_parked_dropped_and_erased_mail_is_told_as_what_it_is(connected: Commands, dovecot: Dovecot) -> None:
    put(dovecot, 1, 20)
    for number in (2, 3):
        dovecot.deliver(customer_mail(number, subject=f"Mail {number}"), RECEIVED + timedelta(days=1, minutes=number))
    other = customer_mail(4, sender="Leo <leo@partner.example>", subject="Mail 4", text="Dana Petrova says hello")
    dovecot.deliver(other.replace(b"To: ", b"Cc: dana@corp.example\r\nTo: "), RECEIVED + timedelta(days=9))
    connected.run("sync")
    [second, first] = connected.run("parked", "--json").objects
    assert "more than 1 mails from dana@corp.example came within an hour" in first["reason"]
    connected.run("parked", "drop", second["id"])
    found = of_inbox(connected.run("audit", "--json"))
    assert [found[uid][0] for uid in range(1, 6)] == ["ticket", "ticket", "parked", "parked", "ticket"]
    assert (found[3][2], found[4][2]) == (first["reason"], f"dropped by ana; {second['reason']}")
    connected.run("parked", "accept", first["id"])
    assert of_inbox(connected.run("audit", "--json"))[3][0] == "ticket"
    connected.run("customers", "erase", "dana@corp.example", "--yes")
    ended = connected.run("audit", "--json")
    assert Counter(state for state, _, _ in of_inbox(ended).values()) == {"erased": 4, "ticket": 1}
    assert of_inbox(ended)[5][2] == "parts of it were erased"
    assert "4 erased" in connected.run("audit").lines[0]
    dovecot.renew_uidvalidity()
    connected.run("sync")
    again = connected.run("audit", "--json")
    assert of_inbox(again) == of_inbox(ended)
    connected.run("doctor", "--offline")


def test_mail_that_is_gone_from_the_server_is_counted_and_no_trouble(
    connected: Commands, dovecot: Dovecot, home: Home
) -> None:
    put(dovecot, 1, 2, 3, 4)
    connected.run("sync")
    with dovecot.connection() as imap:
        imap.select("INBOX")
        imap.uid("STORE", "1,3", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    ended = connected.run("audit", "--json")
    assert (sorted(of_inbox(ended)), summed_up(ended)["gone"]) == ([2, 4], 2)
    assert "2 mails more that were taken in are there no longer" in connected.run("audit").out
    home.config.write_text(
        mailbox("support", dovecot.port, folders=("INBOX", "Support"), more='move_to = "Done"\nmark_seen = true')
    )
    put(dovecot, 6, folder="Done")
    put(dovecot, 5)
    connected.run("sync")
    ended = connected.run("audit", "--json")
    assert (sorted(of_inbox(ended)), summed_up(ended)["gone"]) == ([2, 4], 3)


def test_a_number_that_was_given_to_another_mail_is_found_by_a_deep_audit(
    connected: Commands, desk: Desk, dovecot: Dovecot
) -> None:
    put(dovecot, 1, 2)
    connected.run("sync")
    uidvalidity = int(connected.run("audit", "--json").objects[0]["uidvalidity"])
    first = desk.store.ledger.row(Place("support", "INBOX", uidvalidity, 1))
    assert first is not None
    desk.store.ledger.forget("support", "INBOX", uidvalidity, [2])
    desk.store.ledger.record(Place("support", "INBOX", uidvalidity, 2), Outcome.TICKET, first.entry, first.raw)
    connected.run("audit")
    state, _, reason = of_inbox(connected.run("audit", "--deep", "--json", expect=1))[2]
    assert state == "missing"
    assert "another mail under this number now: <2@corp.example>, not <1@corp.example>" in str(reason)


def test_a_mailbox_that_cannot_be_reached_is_said_and_the_others_are_audited(
    connected: Commands, home: Home, dovecot: Dovecot
) -> None:
    folders = ("INBOX", "Nowhere")
    home.config.write_text(mailbox("sales", 1) + mailbox("support", dovecot.port, folders=folders))
    put(dovecot, 1)
    assert run(["--home", str(home.folder), "sync"]).code == 4
    ended = _audit(connected)
    assert ended.code == 4
    assert [line.split(":")[1] for line in ended.err.splitlines()] == [" support, Nowhere", " sales"]
    assert of_inbox(ended) == {1: ("ticket", 1, None)}
    assert [each["where"] for each in ended.objects[-1]["unreached"]] == ["sales", "support, Nowhere"]
    put(dovecot, 2)
    ended = _audit(connected)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 3


def _audit(tandem: Commands) -> Ended:
    """An audit that may say more than one thing on standard error."""
    return run(["--home", str(tandem.home), "audit", "--json"])


def test_what_the_server_names_but_does_not_give_is_parked_with_that_reason(
    tandem: Commands, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    with QuirkyImap() as server:
        home.config.write_text(mailbox("support", server.port, more='sent = "none"'))
        server.deliver(customer_mail(1))
        server.deliver(customer_mail(2))
        server.account.quirks.withheld.add(2)
        for looks in ("once", "2 times"):
            tandem.run("sync")
            assert of_inbox(tandem.run("audit", "--json")) == {
                1: ("ticket", 1, None),
                2: ("parked", None, f"the mail server does not give this mail; it was asked for {looks}"),
            }
        tandem.run("sync")
        state, ticket, reason = of_inbox(tandem.run("audit", "--json"))[2]
        assert (state, ticket) == ("parked", 2)
        assert str(reason).startswith("the mail server does not give this mail (support, INBOX, UID 2,")
        server.account.quirks.withheld.clear()
        tandem.run("sync")
        assert of_inbox(tandem.run("audit", "--json"))[2] == ("ticket", 3, None)


def test_a_desk_without_mailboxes_has_nothing_to_audit(tandem: Commands, home: Home, tmp_path: Path) -> None:
    assert tmp_path in home.folder.parents
    assert "watches no mailbox" in tandem.run("audit", expect=1).err


def test_a_folder_that_is_not_there_is_told_with_those_that_are(
    tandem: Commands, home: Home, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    home.config.write_text(mailbox("support", dovecot.port, more='sent = "Gesendet"'))
    ended = tandem.run("audit", expect=4)
    assert ended.err.startswith(
        "tandem: support, Gesendet: there is no folder “Gesendet” on the mail server (there are: "
    )
    assert "Sent" in ended.err.partition("there are: ")[2]
