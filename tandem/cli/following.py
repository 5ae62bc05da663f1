"""Following mail without a screen, for `tandem sync --follow` and `tandem daemon`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event, Lock

from desk.errors import RefusedError, StoreBusy, TandemError
from desk.standing import Standing
from desk.ticket import TicketNumber
from tandem.cli.output import complain, print_json, say
from tandem.counts import Counts
from tandem.loops import MailRounds, unsent
from tandem.wiring import Office

_DELIVER_EVERY = 1.0
_LAST_MAIL = 60.0
"""Seconds that a server may still take at the end over the mail that it has; a service manager is patient for 90."""


def follow(office: Office, *, as_json: bool, ended: Event | None = None) -> None:
    """Take in what comes and send what falls due, until `ended` is set or somebody interrupts.

    Whatever a mail server does is told and tried again.

    Raises:
        RefusedError: this desk watches no mailbox.
        StoreOutdated: the desk was upgraded or replaced under us: only starting anew helps.
    """
    if not office.config.accounts:
        raise RefusedError("this desk watches no mailbox", "`tandem init` connects one")
    ended, watch, teller = ended or Event(), office.store.watch(), _Teller(as_json=as_json)
    with MailRounds(office) as rounds:
        rounds.follow_counting(teller.hear)
        while True:
            watch.poll()  # fails once a newer Tandem has upgraded the desk
            teller.woken(_wake(rounds))
            teller.sent(*_send(rounds))
            if ended.wait(_DELIVER_EVERY):
                rounds.finish(_LAST_MAIL)
                return


def _wake(rounds: MailRounds) -> tuple[TicketNumber, ...]:
    try:
        return rounds.wake()
    except StoreBusy:  # at the next round then
        return ()


def _send(rounds: MailRounds) -> tuple[Counts, list[TandemError]]:
    counts = Counts()
    try:
        done = replace(rounds.send(), held=0)  # an account that is not let in is told of as trouble of its mailbox
    except StoreBusy as error:
        return counts, [error]
    counts.sent = done.sent
    return counts, unsent(done)


def tell_round(counts: Counts, *, as_json: bool) -> None:
    """What a round brought, for people or as JSON."""
    if as_json:
        print_json(counts.as_json())
    else:
        parked = f"; {counts.parked} parked, or not given by the server and asked for again" if counts.parked else ""
        say(
            f"{counts.fetched} mails fetched: {counts.tickets_created} new tickets, "
            f"{counts.messages_added} added to tickets, {counts.duplicates} held already, "
            f"{counts.bounces} bounces{parked}; {counts.sent} sent; {counts.seconds:.1f} s"
        )


class _Teller:
    """Tells what came, what is wrong and what else to know, each once; hears from several threads."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json, self._lock = as_json, Lock()
        self._troubles: dict[str, str] = {}
        self._notices: dict[str, str] = {}

    def hear(self, standing: Standing, counts: Counts) -> None:
        """How a mailbox stands now."""
        with self._lock:
            if counts.fetched:
                tell_round(counts, as_json=self._as_json)
            before, now = self._troubles.get(standing.mailbox, ""), standing.words if standing.is_trouble else ""
            if standing.is_trouble or standing.is_calm:
                self._troubles[standing.mailbox] = now
            if now and now != before:
                again = f"; it is tried again at {standing.again.astimezone():%H:%M:%S}" if standing.again else ""
                complain(f"{standing.mailbox}: {now}{again}")
            self._remark(standing)

    def _remark(self, standing: Standing) -> None:
        """What a person should know even when it is over, such as that a server numbered all mails anew."""
        words = standing.notice.rpartition(" (")[0]  # without the time at which it was last so
        if words and words != self._notices.get(standing.mailbox):
            self._notices[standing.mailbox] = words
            complain(words)

    def woken(self, numbers: Sequence[TicketNumber]) -> None:
        """Which tickets came back because their moment had come; JSON is about mails alone."""
        if numbers and not self._as_json:
            with self._lock:
                say(f"woke up: {', '.join(map(str, numbers))}")

    def sent(self, counts: Counts, wrong: list[TandemError]) -> None:
        """What went out, and what did not."""
        with self._lock:
            if counts.sent:
                tell_round(counts, as_json=self._as_json)
            for error in wrong:
                complain(str(error))
