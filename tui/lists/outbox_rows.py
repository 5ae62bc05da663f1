"""The mails of the outbox as lines, and all that is known of one of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState, SendingAccount
from desk.people import Handle
from desk.safe import safe_line
from tui.accounts import about_stopped
from tui.reader.wrapping import fit
from tui.words.mail_story import can, findings, history
from tui.words.telling import delivery, moment, trouble
from tui.words.tongue import tr, trn

_NAMED = 3
"""Recipients that stand above what is known of a mail; where they are more, all of them stand below it."""
_ROOMY, _NARROW = 100, 60
"""Columns from which there is room for the time, and for who wrote it."""
_WHO = 20
"""Cells that recipients may always have; on a wide screen a quarter of it, on a narrow one too."""
_NUMBER, _AUTHOR = 6, 6
_GAP = "  "
_MARGIN = 2
"""Cells at the right end of a line: its margin and the bar that scrolls."""
_DONE = frozenset({OutboxState.SENT, OutboxState.CANCELLED})


def in_order(mails: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Mails that need a person, then those on their way, then the rest, each newest first."""
    return sorted(mails, key=lambda mail: 0 if trouble(mail) else 2 if mail.state in _DONE else 1)


def summary(mails: Sequence[OutboxEntry]) -> str:
    """How many mails need somebody, and how many are on their way, one that is tried again by itself too."""
    odd = sum(trouble(each) is not None and each.state is not OutboxState.DEFERRED for each in mails)
    leaving = sum(each.state not in _DONE for each in mails) - odd
    told = (
        (odd, trn("{count} needs you", "{count} need you", odd)),
        (leaving, trn("{count} on its way", "{count} on their way", leaving)),
    )
    return "   ".join(words.format(count=count) for count, words in told if count)


def told(mails: Sequence[tuple[OutboxEntry, bool]], now: datetime, me: Handle | None, width: int) -> list[Content]:
    """Mails as lines, told with each whether its account is stopped.

    A line says its ticket, whom it goes to, who wrote it, when (where there is room), and how it stands. How they
    stand is told whole where the addresses can spare the room.
    """
    roomy = width >= _ROOMY
    stands = [_stands(mail, now, me, is_stopped=is_stopped, roomy=roomy) for mail, is_stopped in mails]
    moments = [moment(mail.created, now) if roomy else "" for mail, _ in mails]
    when = max(map(cell_len, moments), default=0)
    author = _AUTHOR if width >= _NARROW else 0
    others = sum(cells + len(_GAP) for cells in (_NUMBER, author, when) if cells) + len(_GAP)
    spare = width - others - max((cell_len(words) for words, _ in stands), default=0) - _MARGIN
    longest = max((cell_len(_recipients(mail)) for mail, _ in mails), default=0)
    who = min(longest, max(spare, width // 4, _WHO if author else 0))
    return [
        _told(mail, stand, set_cell_size(at, when), (who, author))
        for (mail, _), stand, at in zip(mails, stands, moments, strict=True)
    ]


def _stands(mail: OutboxEntry, now: datetime, me: Handle | None, *, is_stopped: bool, roomy: bool) -> tuple[str, str]:
    """How a mail stands, with the reason where there is room, and its colour."""
    why, is_waiting = trouble(mail), is_stopped and mail.state in NOT_GONE
    stands = delivery(mail, now, me, is_stopped=is_stopped)
    words = f"{stands}: {why}" if roomy and why and not is_waiting and why not in stands else stands
    return words, "$warning" if why or is_waiting else ""


def _told(mail: OutboxEntry, stand: tuple[str, str], at: str, cells: tuple[int, int]) -> Content:
    who, author = (set_cell_size(fit(words, room), room) for words, room in zip(_people(mail), cells, strict=True))
    return Content.assemble(
        (f"{mail.ticket:>{_NUMBER}}{_GAP}", "$muted"),
        who,
        ("".join(f"{_GAP}{each}" for each in (author, at) if each) + _GAP, "$muted"),
        stand,
    )


def _people(mail: OutboxEntry) -> tuple[str, str]:
    """Whom it goes to, and who wrote it."""
    return _recipients(mail), safe_line(mail.author)


def _recipients(mail: OutboxEntry) -> str:
    return safe_line(", ".join(mail.recipients))


def about_mail(mail: OutboxEntry, account: SendingAccount | None, now: datetime) -> Content:
    """All that is known of one mail, and what can be done about it."""
    wrong = trouble(mail)
    waits = about_stopped(account, now) if account and mail.state in NOT_GONE else ()
    everybody = tr("to {who}").format(who=safe_line(", ".join(mail.recipients)))
    are_many = len(mail.recipients) > _NAMED
    lines = [
        Content.styled(tr("to {who}").format(who=recipient(mail)) if are_many else everybody, "$muted"),
        *(Content.styled(each, "$warning") for each in waits),
        *([Content.styled(wrong, "$warning")] if wrong and not mail.refused_for else []),
        *(Content.styled(each, "$warning") for each in findings(mail, now)),
        *(Content.styled(each, "$muted") for each in history(mail, now)),
        Content("   ").join([Content.assemble((key, "bold $accent"), f" {words}") for key, words in can(mail)]),
        *([Content.styled(everybody, "$muted")] if are_many else []),
    ]
    return Content("\n").join(lines)


def recipient(mail: OutboxEntry) -> str:
    """The first whom a mail goes to, and how many more."""
    first = safe_line(mail.recipients[0]) if mail.recipients else tr("nobody")
    more = len(mail.recipients) - 1
    return tr("{who} and {count} more").format(who=first, count=more) if more > 0 else first
