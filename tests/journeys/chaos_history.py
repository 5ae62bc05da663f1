"""A desk, a mail server with a proxy before it, what happens to them, and whether all mail came in as it should."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from desk.conversation import Message
from desk.expression import EVERYTHING
from tandem.audit import Found, Looked, State, Unreached, audit
from tandem.config import read_config
from tandem.founding import make_home
from tandem.paths import Home
from tandem.wiring import Office, build_office
from tests.certificates import Certificates
from tests.chaos_proxy import ChaosProxy
from tests.journeys.chaos_mail import Writers, mark_in
from tests.journeys.chaos_plan import Happening, Round
from tests.journeys.chaos_rounds import KILLED, REFUSED, WELL, Order, Rounds
from tests.journeys.chaos_servers import (
    DONE,
    TRASH,
    WATCHED,
    DovecotUpheaval,
    PatientDovecot,
    QuirkyUpheaval,
    Upheaval,
)
from tests.quirky_imap import QuirkyImap


class History:
    """One desk, one server, and what happened to them."""

    def __init__(self, folder: Path, server: Upheaval, proxy: ChaosProxy, settings: str, *, is_handled: bool) -> None:
        self.home = Home(folder)
        make_home(self.home, None)
        self.home.config.write_text(settings)
        self.server, self.proxy, self.is_handled = server, proxy, is_handled
        self.desk, self.writers = str(folder), Writers()
        self.endings = Counter[int]()

    def live(self, work: Rounds, rounds: Sequence[Round]) -> None:
        """All of the rounds, and then a calm one."""
        for each in rounds:
            self._happen(each.before)
            if each.odd:
                self.server.be_odd(random.Random(each.odd))
            work.begin(Order(self.desk, each.fetchers, each.looks, each.kill_after))
            try:
                self._happen(each.during)
            finally:  # or the next history would be told of the ending of this one
                endings = work.end()
            self._judge(endings)
            self.server.behave()
        self.calm_round(work)

    def calm_round(self, work: Rounds) -> None:
        """A round in which nothing happens, and which must do well."""
        self.proxy.is_calm = True
        work.begin(Order(self.desk))
        assert work.end() == [WELL], self.trouble()

    def trouble(self) -> str:
        """What rounds on this desk said that broke or were refused."""
        told = (*self.home.folder.glob("crash-*"), *self.home.folder.glob("refusals"))
        return "\n".join(each.read_text() for each in told)

    def _judge(self, endings: list[int]) -> None:
        self.endings.update(endings)
        assert set(endings) <= {WELL, REFUSED, KILLED}, (endings, self.trouble())

    def _happen(self, happenings: Sequence[Happening]) -> None:
        for each in happenings:
            chance = random.Random(each.number)
            match each.what:
                case "mail":
                    self._deliver(chance)
                case "move":
                    self.server.move(chance, chance.choice((*WATCHED, TRASH)))
                case "remove":
                    self.server.remove(chance)
                case "number anew":
                    self.server.number_anew(chance.choice(WATCHED))

    def _deliver(self, chance: random.Random) -> None:
        """A new mail, or rarely one that came before; each may come to both folders."""
        is_again = chance.random() < 0.1 and self.writers.mails
        mail = chance.choice(self.writers.mails) if is_again else self.writers.write(chance)
        for folder in WATCHED if chance.random() < 0.1 else (chance.choice(WATCHED),):
            self.server.deliver(mail.raw, folder)

    def check(self) -> None:
        """Everything that the server holds is on the desk, once, and with what it belongs to."""
        office = build_office(self.home, read_config(self.home.config))
        try:
            office.store.examine()
            self._check_mails(office)
            self._check_audit(office)
        finally:
            office.close()
        for log in self.home.log.parent.glob("*"):
            assert "Traceback" not in log.read_text(), log.read_text()
        for folder in WATCHED:
            assert self.server.flags(folder) == set()

    def _check_mails(self, office: Office) -> None:
        numbers = [each.number for each in office.desk.store.tickets.find(EVERYTHING)]
        entries = [entry for number in numbers for entry in office.desk.store.conversations.of(number)]
        messages = [entry for entry in entries if isinstance(entry, Message)]
        marks = [(each.ticket, *mark_in(each.text)) for each in messages]
        times = Counter(number for _, number, _ in marks)
        assert set(times.values()) <= {1}, f"twice or more: {times.most_common(5)}"
        held = self.server.held()
        there = {mark_in(raw.decode())[0] for raws in held.values() for raw in raws}
        assert there <= set(times), f"lost: {there - set(times)}"
        of_ticket = {(ticket, matter) for ticket, _, matter in marks}
        assert max(Counter(ticket for ticket, _ in of_ticket).values(), default=1) == 1, "a mail on a wrong ticket"
        assert max(Counter(matter for _, matter in of_ticket).values(), default=1) == 1, "an answer on its own ticket"
        if self.is_handled:
            assert [held[folder] for folder in WATCHED] == [[], []]
        assert all(office.desk.blobs.get(each.raw) for each in messages)

    def _check_audit(self, office: Office) -> None:
        """Nothing is missing for the audit either, and nothing is but on tickets."""
        for each in audit(office.desk, office.config, lambda _, __: None, deep=True):
            match each:
                case Found(state=state):
                    assert state is State.TICKET, each
                case Looked():
                    assert not each.notice
                case Unreached():
                    raise each.error


def settings(port: int, kind: str, certificates: Certificates, *, is_handled: bool) -> str:
    url = (
        f"imaps://support@127.0.0.1:{port}/INBOX"
        if kind == "tls"
        else (f"imap://support@127.0.0.1:{port}/INBOX?security=none")
    )
    handled = f'move_to = "{DONE}"\nmark_seen = true\n' if is_handled else ""
    cafile = f'cafile = "{certificates.authority}"\n' if kind == "tls" else ""
    return (
        'flood = 0\n[mailboxes.support]\naddress = "support@acme.example"\n'
        f'[mailboxes.support.imap]\nurl = "{url}"\npassword_env = "DESK_PASSWORD"\nsent = "none"\n'
        f'folders = ["INBOX", "Support"]\n{handled}{cafile}'
        '[mailboxes.support.smtp]\nurl = "smtp://127.0.0.1:1?security=none"\n'
    )


@contextmanager
def history(folder: Path, kind: str, seed: int, certificates: Certificates) -> Generator[History]:
    """A desk and a server, both new; with every odd seed mails are marked and moved once they are on tickets."""
    chance, is_handled = random.Random(f"{kind} {seed}"), seed % 2 == 1
    with ExitStack() as stack:
        server: Upheaval
        if kind == "quirky":
            imap = stack.enter_context(QuirkyImap(capabilities=QuirkyUpheaval.capabilities(chance)))
            port, server = imap.port, QuirkyUpheaval(imap)
        else:
            dovecot = stack.enter_context(PatientDovecot(certificates=certificates))
            port, server = dovecot.tls_port if kind == "tls" else dovecot.port, DovecotUpheaval(dovecot)
        proxy = stack.enter_context(ChaosProxy(port, seed=seed, is_opaque=kind == "tls"))
        told = settings(proxy.port, kind, certificates, is_handled=is_handled)
        yield History(folder, server, proxy, told, is_handled=is_handled)
