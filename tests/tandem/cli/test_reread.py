from __future__ import annotations

from desk.conversation import Message
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import KEPT, Fetched, Place
from desk.intake import take_in
from desk.ticket import TicketNumber
from mail.heads import scan_head
from tests.desk.arriving import arrive
from tests.mail.mails import mail, multipart, part
from tests.tandem.commands import Commands

ONE = TicketNumber(1)


def hurt(desk: Desk, raw: bytes, uid: int = 1) -> None:
    """A mail of which only the head could be read when it came."""
    read = scan_head(raw, f"this mail could not be read: it took too long; {KEPT}")
    take_in(desk, Fetched(Place("support", "INBOX", 9, uid), raw, desk.clock()), read, desk.blobs.put(raw))


def test_a_mail_that_could_not_be_read_is_on_its_ticket_and_can_be_read_again(tandem: Commands, desk: Desk) -> None:
    arrive(desk, mail(message_id="<1@x>"))
    file = part("application/pdf", "%PDF", 'Content-Disposition: attachment; filename="bill.pdf"')
    text, answers = part("text/plain", "Here it is"), ("In-Reply-To: <1@x>",)
    hurt(desk, multipart("mixed", text, file, header=answers, subject="Re: Order", message_id="<2@x>"))
    assert desk.store.tickets.count(EVERYTHING) == 1
    [_, unread] = [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]
    assert (unread.text, desk.ticket(ONE).defects) == ("", unread.defects)
    assert "bill.pdf" in tandem.run("show", 1, "--raw", unread.id).out
    assert "10 characters and 1 files" in tandem.run("reread", 1, unread.id).out
    assert "Here it is" in tandem.run("show", 1).out
    assert desk.ticket(ONE).defects == ()
    assert "was read as far as can be" in tandem.run("reread", 1, unread.id, expect=1).err


def test_only_a_message_of_that_ticket_is_read_again(tandem: Commands, desk: Desk) -> None:
    hurt(desk, mail())
    [unread] = [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]
    assert "message on ticket 2" in tandem.run("reread", 2, unread.id, expect=1).err
    assert "999" in tandem.run("reread", 1, 999, expect=1).err
