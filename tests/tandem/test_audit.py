"""An audit while others work: what is just coming in, or being settled, is never taken for lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from desk.actions.accept import accept
from desk.people import Agent, Handle
from tandem.audit import Found, Looked, State, Unreached, audit
from tandem.counts import Counts
from tandem.folder import Progress
from tandem.loops import MailRounds
from tandem.wiring import Office, build_office
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap
from tests.tandem.offices import Opening, mailbox

LAST = 60


def _say_nothing(what: str, share: float) -> None:
    assert what
    assert 0 <= share <= 1


def told(office: Office) -> list[Found | Looked | Unreached]:
    return list(audit(office.desk, office.config, _say_nothing, deep=True))


def test_what_others_are_doing_looks_like_no_loss(opened: Opening) -> None:
    with QuirkyImap() as server:
        office = opened("flood = 2\n" + mailbox("support", server.port, more='sent = "none"'))
        office.store.agents.put(Agent(handle=Handle("ana"), name="Ana", email="ana@acme.example"))

        def work() -> None:
            mine = build_office(office.home, office.config, agent="ana")
            with MailRounds(mine) as rounds:
                for number in range(LAST):
                    server.deliver(customer_mail(number, sender=f"p{number % 3}@corp.example"))
                    if number % 5 == 0:
                        assert rounds.take_in(Progress(Counts())) == []
                        for each in mine.desk.store.parked.all(limit=2):
                            accept(mine.desk, each.id)
                assert rounds.take_in(Progress(Counts())) == []
            mine.close()

        with ThreadPoolExecutor(1) as threads:
            working = threads.submit(work)
            while not working.done():
                found = told(office)
                lost = [each for each in found if isinstance(each, Found) and each.state is State.MISSING]
                assert all(each.is_new for each in lost), lost
                assert not any(isinstance(each, Unreached) for each in found)
            working.result()
        looked = told(office)[-1]
        assert isinstance(looked, Looked)
        assert looked.counts.total() == LAST
        assert looked.counts.keys() == {State.TICKET, State.PARKED}
