from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.accept import accept, drop
from desk.actions.complete import complete
from desk.actions.erase import erase, preview
from desk.actions.read_again import read_again
from desk.actions.reply import reply
from desk.conversation import Message
from desk.delivery import deliver
from desk.desk import Desk
from desk.errors import RefusedError, StoreDamaged
from desk.incoming import KEPT, TOO_LARGE, Fetched, Incoming, Outcome, Place
from desk.intake import take_in
from desk.outgoing import Answer, OutboxState
from desk.parked import ParkedId, ParkedMail
from mail.heads import scan_head
from mail.parse import parse
from tests.desk.erased import DANA, ONE, Sending, messages
from tests.desks import SetClock
from tests.tandem.erasing import LEO, arrive, mail


def test_the_file_of_another_mail_stays_and_a_mail_of_the_person_that_another_attached_goes(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    arrive(
        desk,
        mail(2, "And mine has two.", sender=LEO, answers="<1@dana-laptop.example>", attached=b"his own scan"),
    )
    erase(desk, [DANA])
    [kept] = messages(desk)[1].attachments
    assert desk.blobs.get(kept.sha256) == b"his own scan"


def park(desk: Desk, raw: bytes, uid: int) -> ParkedMail:
    """Keep a mail back, as a flood would."""
    place = Place("support", "INBOX", 9, uid)
    read = parse(raw)
    digest = desk.blobs.put_many([raw, *read.files])[0]
    with desk.store.transaction():
        desk.store.ledger.record(place, Outcome.PARKED, None, digest)
        return desk.store.parked.add(
            ParkedMail(
                id=ParkedId(0), place=place, received=desk.clock(), raw=digest, reason="", read=read, at=desk.clock()
            )
        )


def test_parked_mail_of_the_person_goes_and_stays_away(desk: Desk) -> None:
    raw = mail(7, "The zeppelin has a hole.")
    park(desk, raw, 1)
    receipt = erase(desk, [DANA])
    assert (receipt.amounts.parked, receipt.amounts.files, receipt.amounts.tickets) == (1, 1, 0)
    assert [each.uid for each in receipt.places] == [1]
    assert desk.store.parked.all(settled=True) == []
    assert arrive(desk, raw).outcome is Outcome.ERASED


def test_a_parked_mail_of_somebody_else_is_not_thrown_away_with_the_person(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin that you sent me has a hole."))
    words = "I pay.\n\nDana Petrowska wrote:\n> The zeppelin that you sent me has a hole."
    raw = mail(8, words, sender=LEO, cc=f"Dana Petrowska <{DANA}>, ann@corp.example", attached=b"a plan")
    kept = park(desk, raw, 1)
    before = preview(desk, [DANA])
    receipt = erase(desk, [DANA])
    assert (receipt.amounts, before.files) == (before.amounts, receipt.files)
    assert (receipt.amounts.parked, receipt.amounts.redacted) == (0, 1)
    assert kept.raw in {"".join(each) for each in receipt.files}
    assert arrive(desk, b"Received: by another server\r\n" + raw, folder="Other").outcome is Outcome.ERASED
    taken = accept(desk, kept.id)
    assert taken.ticket is not None
    [left] = messages(desk, taken.ticket)
    assert (left.sender.email, [each.email for each in left.cc]) == ("leo@partner.example", ["ann@corp.example"])
    assert left.text.split() == ["I", "pay.", "[erased]", "wrote:", ">", "[erased]"]
    assert [each.name for each in left.attachments] == ["scan.bin"]
    assert "parts of this mail were erased" in left.facts
    bytes_now = desk.blobs.get(left.raw)
    assert (b"ana" in bytes_now, b"zeppelin that" in bytes_now) == (False, False)
    assert parse(bytes_now).message_id == "<8@leo-desktop.example>"
    assert DANA not in repr(desk.store.conversations.of(taken.ticket))


def test_a_parked_mail_of_somebody_else_that_was_dropped_goes_with_the_person(desk: Desk) -> None:
    drop(desk, park(desk, mail(8, "Ask dana.p@corp.example", sender=LEO), 1).id)
    assert erase(desk, [DANA]).amounts.parked == 1
    assert desk.store.parked.all(settled=True) == []


def test_parked_mail_that_has_nothing_to_do_with_the_person_stays(desk: Desk) -> None:
    arrive(desk, mail(1, "The zeppelin has a hole."))
    raw = mail(8, "Something else", sender=LEO)
    parked = park(desk, raw, 1)
    erase(desk, [DANA])
    assert desk.blobs.get(parked.raw) == raw
    assert [each.uid for each in desk.store.customers.places_of([], [parked.raw])] == [1]


def test_a_mail_in_a_folder_of_sent_mail_that_no_ticket_holds_goes_too(desk: Desk) -> None:
    raw = mail(8, "Dear Dana", sender="support@acme.example", to=DANA)
    digest = desk.blobs.put(raw)
    desk.store.ledger.record(Place("support", "Sent", 1, 4), Outcome.ELSEWHERE, None, digest)
    arrive(desk, mail(1, "The zeppelin has a hole."))
    receipt = erase(desk, [DANA])
    assert ("Sent", 4) in [(each.folder, each.uid) for each in receipt.places]
    assert digest in {"".join(each) for each in receipt.files}


def test_an_answer_to_others_that_mentions_the_person_loses_its_bytes_once_it_has_left(
    desk: Desk, clock: SetClock
) -> None:
    arrive(desk, mail(5, "Whom shall I ask?", sender=LEO))
    queued = reply(desk, ONE, Answer(text="Ask dana.p@corp.example"))
    with pytest.raises(RefusedError, match="has not left yet"):
        erase(desk, [DANA])
    clock.go_on(minutes=1)
    deliver(desk, Sending(), owner="test", is_gone=lambda _: True)
    receipt = erase(desk, [DANA])
    assert queued.raw in {"".join(each) for each in receipt.files}
    assert queued.raw not in desk.store.digests()
    assert messages(desk)[-1].text.startswith("Ask [erased]")
    assert desk.store.outbox.of(ONE)[0].state is OutboxState.SENT


def loose(desk: Desk, number: int, encoding: str, text: str = f"{'x' * 62} Dana.P@corp.example") -> str:
    """A copy of what we sent with another program, on no ticket; returns its bytes' sha256."""
    raw = desk.blobs.put(mail(number, text, sender="support@acme.example", to=LEO, encoding=encoding))
    desk.store.ledger.record(Place("support", "Sent", 1, number), Outcome.ELSEWHERE, None, raw)
    return raw


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_loose_mail_that_names_the_person_goes_however_it_is_encoded(desk: Desk, encoding: str) -> None:
    theirs, other = loose(desk, 1, encoding), loose(desk, 2, encoding, "Please call Leo. " * 20)
    assert erase(desk, [DANA]).files == ((theirs[:32], theirs[32:]),)
    assert desk.store.customers.loose_raws() == {other}


def test_loose_mails_are_read_before_the_store_is_locked_and_new_ones_after(desk: Desk) -> None:
    loose(desk, 1, "8bit")

    class Racing:
        """Bytes of a desk that takes another mail in while one is read."""

        put, put_many, remove = desk.blobs.put, desk.blobs.put_many, desk.blobs.remove

        def get(self, sha256: str) -> bytes:
            loose(desk, 2, "base64")
            return desk.blobs.get(sha256)

    assert preview(replace(desk, blobs=Racing()), [DANA]).amounts.files == 2
    assert desk.store.ledger.has(Place("support", "Sent", 1, 2))


@pytest.mark.parametrize("defect", [f"{TOO_LARGE}: 40 MB", f"it took too long; {KEPT}"], ids=["load", "reread"])
def test_what_is_read_of_a_mail_while_it_is_erased_does_not_stay_on_disk(desk: Desk, defect: str) -> None:
    raw = mail(1, "The zeppelin has a hole.", attached=b"her scan")
    beginning = raw[:-200] if defect.startswith(TOO_LARGE) else raw
    fetched = Fetched(Place("support", "INBOX", 1, 1), beginning, desk.clock())
    take_in(desk, fetched, scan_head(beginning, defect), desk.blobs.put(beginning))
    [message] = messages(desk)
    read = parse(raw)
    [*digests] = desk.blobs.put_many([raw, *read.files])
    erase(desk, [DANA])
    with pytest.raises(RefusedError, match="was erased"):
        _finish(desk, message, read, digests[0])
    for each in digests:
        with pytest.raises(StoreDamaged, match="is missing"):
            desk.blobs.get(each)


def test_what_two_load_at_once_stays_on_disk(desk: Desk) -> None:
    raw = mail(1, "The zeppelin has a hole.", attached=b"her scan")
    fetched = Fetched(Place("support", "INBOX", 1, 1), raw[:-200], desk.clock())
    take_in(desk, fetched, scan_head(raw[:-200], TOO_LARGE), desk.blobs.put(raw[:-200]))
    [message] = messages(desk)
    read = parse(raw)
    [*digests] = desk.blobs.put_many([raw, *read.files])
    complete(desk, message.id, read, digests[0])
    with pytest.raises(RefusedError, match="is here already"):
        complete(desk, message.id, read, digests[0])
    assert all(desk.blobs.get(each) for each in digests)


def _finish(desk: Desk, message: Message, read: Incoming, raw: str) -> None:
    if message.raw == raw:
        read_again(desk, message, read)
    else:
        complete(desk, message.id, read, raw)
