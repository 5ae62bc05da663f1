"""What merging or splitting would do, as lines of a preview: who goes on, what goes where, what customers see. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from desk.conversation import Direction, EntryId, Message
from desk.draft import Draft
from desk.merging import DRAFTS, MergePlan, Share
from desk.people import Address
from desk.safe import safe, safe_line
from desk.splitting import SplitPlan
from desk.ticket import Priority, Ticket
from tui.keys.naming import with_keys
from tui.reader.wrapping import fit, wrap
from tui.style.signs import Signs
from tui.words.heard import heard
from tui.words.subjects import subject_line
from tui.words.telling import PRIORITY, STATUS, moment
from tui.words.tongue import tr, trc, trn

_NAMES = 12
"""Cells that the names of the facts take at least."""
_WHO = 18
_MOST_NAMED = 3
"""Of other customers, so many are named."""
_STRONG, _MUTED, _WARNING, _PLAIN = "bold $accent", "$muted", "$warning", "$foreground"

_Fact = tuple[str, str, str]
"""The name of a fact, its words and their colour."""


def merge_rows(plan: MergePlan, width: int, signs: Signs) -> Iterator[tuple[Content, bool]]:
    """Each ticket with what it brings; told with each line whether it is of the one that goes on."""
    digits = max(len(str(each.ticket.number)) for each in plan.shares)
    for each in plan.shares:
        goes_on = each is plan.into
        if goes_on:
            end, tone = tr("goes on"), _STRONG
        elif each.refused:
            end, tone = tr("stays as it is"), _WARNING
        else:
            end, tone = f"{signs.to} {plan.into.ticket.number}", _MUTED
        yield _title(each.ticket, digits, width, signs.cursor if goes_on else " ", (end, tone)), goes_on
        for line in _brought(each, signs, width - digits - 4):
            yield Content.assemble(" " * (digits + 4), line), goes_on


def merge_facts(plan: MergePlan, width: int) -> Iterator[Content]:
    """How the ticket that goes on stands then, whose matter it is, and what its customer sees of it."""
    return _laid(_merged(plan), width)


def _merged(plan: MergePlan) -> Iterator[_Fact]:
    number = plan.into.ticket.number
    if not plan.going:
        yield "", tr("nothing here can be merged"), _WARNING
        return
    yield tr("Then {number} is").format(number=number), " · ".join(_standing(plan.after)), _PLAIN
    yield tr("Customer"), _person(plan.into.ticket.customer), _PLAIN
    others = plan.other_customers
    for each in others[:_MOST_NAMED]:
        words = tr("{person} wrote too: check To before you answer").format(person=_person(each))
        yield "", words, _WARNING
    if more := len(others[_MOST_NAMED:]):
        words = trn("and {count} more customer", "and {count} more customers", more).format(count=more)
        yield "", words, _WARNING
    if any(each.drafts for each in plan.froms if not each.refused):
        yield tr("Drafts"), tr("unfinished texts are kept aside there for their authors"), _PLAIN
    seen = tr("nothing: no mail is sent, and answers to any of them land on {number}").format(number=number)
    yield tr("They see"), seen, _PLAIN
    yield tr("Undo"), with_keys(tr("{key_undo} takes them apart again, as long as nobody wrote since")), _PLAIN


def split_rows(
    plan: SplitPlan, chosen: EntryId, width: int, signs: Signs, now: datetime
) -> Iterator[tuple[Content, bool]]:
    """Every mail of the ticket, and whether it goes; told with each line whether it is the chosen one."""
    going = {each.id for each in plan.going} if not plan.refused else set[EntryId]()
    for mail in plan.mails:
        is_chosen, goes = mail.id == chosen, mail.id in going
        end = tr("goes") if goes else tr("stays")
        left = f"{signs.cursor if is_chosen else ' '} {moment(mail.at, now):<17} "
        who = _who(mail)
        who = fit(who, _WHO) + " " * max(_WHO - cell_len(who), 0)
        room = width - cell_len(left) - cell_len(who) - cell_len(end) - 4
        words = fit(_beginning(mail), max(room, 0))
        base = _PLAIN if goes else _MUTED
        row = Content.assemble(
            (left, _STRONG if is_chosen else _MUTED),
            (who, f"bold {base}" if goes else base),
            ("  " + words + " " * max(room - cell_len(words), 0), base),
            ("  " + end, _STRONG if goes else _MUTED),
        )
        yield row, is_chosen


def split_facts(plan: SplitPlan, width: int) -> Iterator[Content]:
    """The new ticket, what stays on the old one, and what their customers see of it."""
    return _laid(_parted(plan), width)


def _parted(plan: SplitPlan) -> Iterator[_Fact]:
    if plan.refused:
        yield "", safe(heard(plan.refused)), _WARNING
        return
    subject = subject_line(plan.message.subject)
    whose = tr("“{subject}” of {person}").format(subject=subject, person=_person(plan.customer))
    yield tr("New ticket"), whose, _PLAIN
    mails = trn("{count} mail", "{count} mails", len(plan.going)).format(count=len(plan.going))
    owner = safe_line(plan.ticket.assignee) if plan.ticket.assignee else tr("nobody has it")
    leaving = trn("{count} mail still leaving goes along", "{count} mails still leaving go along", len(plan.leaving))
    more = [leaving.format(count=len(plan.leaving))] if plan.leaving else []
    yield "", " · ".join((mails, trc(STATUS, "open"), owner, *more)), _PLAIN
    stays = " · ".join(_staying(plan))
    yield tr("{number} keeps").format(number=plan.ticket.number), stays, _PLAIN
    yield tr("They see"), tr("nothing: no mail is sent, and each answer lands where its mail is"), _PLAIN
    yield tr("Undo"), with_keys(tr("{key_undo} puts it back, as long as nobody wrote since")), _PLAIN


def _staying(plan: SplitPlan) -> Iterator[str]:
    yield from _texts(len(plan.staying), plan.notes)
    yield from _unfinished(plan.drafts)
    yield _person(plan.ticket.customer)


def _brings(share: Share) -> Iterator[str]:
    yield from _texts(share.mails, share.notes)
    if count := share.files:
        yield trn("{count} file", "{count} files", count).format(count=count)
    yield from (f"#{safe_line(each)}" for each in share.ticket.tags)
    yield from _unfinished(share.drafts)
    if count := len(share.leaving):
        yield trn("{count} mail still leaving", "{count} mails still leaving", count).format(count=count)


def _texts(mails: int, notes: int) -> Iterator[str]:
    yield trn("{count} mail", "{count} mails", mails).format(count=mails)
    if notes:
        yield trn("{count} note", "{count} notes", notes).format(count=notes)


def _unfinished(drafts: Sequence[Draft]) -> Iterator[str]:
    for author, text in dict.fromkeys((each.author, DRAFTS[each.kind]) for each in drafts if each.kind in DRAFTS):
        yield tr("{agent}'s unfinished {text}").format(agent=safe_line(author), text=heard(text))


def _title(ticket: Ticket, digits: int, width: int, cursor: str, ending: tuple[str, str]) -> Content:
    end, tone = ending
    subject = subject_line(ticket.subject)
    room = width - digits - 4 - cell_len(end) - 2
    subject = fit(subject, max(room, 0))
    is_chosen = cursor.strip()
    return Content.assemble(
        (f"{cursor} {ticket.number:>{digits}}  ", _STRONG if is_chosen else _MUTED),
        (subject + " " * max(room - cell_len(subject), 0), f"bold {_PLAIN}" if is_chosen else _PLAIN),
        (f"  {end}", tone),
    )


def _brought(share: Share, signs: Signs, width: int) -> Iterator[Content]:
    if share.refused:
        yield from (Content.styled(line, _WARNING) for line in wrap(safe(heard(share.refused)), width))
        return
    customer = safe_line(share.ticket.customer.label)
    words = f" {signs.between} ".join((customer, *_brings(share)))
    yield from (Content.styled(line, _MUTED) for line in wrap(words, width))


def _standing(ticket: Ticket) -> Iterator[str]:
    yield trc(STATUS, ticket.status)
    if ticket.priority is not Priority.NORMAL:
        yield tr("{priority} priority").format(priority=trc(PRIORITY, ticket.priority))
    yield safe_line(ticket.assignee) if ticket.assignee else tr("nobody has it")
    if ticket.tags:
        yield " ".join(f"#{safe_line(each)}" for each in ticket.tags)


def _laid(facts: Iterable[_Fact], width: int) -> Iterator[Content]:
    """Facts below each other, all as far in as the longest name asks for."""
    told = tuple(facts)
    names = max((_NAMES, *(cell_len(name) + 2 for name, _, _ in told)))
    for name, words, tone in told:
        lead = Content.styled(name + " " * (names - cell_len(name)), _MUTED)
        if tone == _WARNING:
            lead = Content.styled("! ".rjust(names), f"bold {_WARNING}")
        for piece in wrap(words, max(width - names, 10)):
            yield Content.assemble(lead, (piece, tone))
            lead = Content(" " * names)


def _person(address: Address) -> str:
    if address.is_nobody:
        return safe_line(address.label)
    name = fit(safe_line(address.name), 40)
    return f"{name} <{safe_line(address.email)}>" if name else safe_line(address.email)


def _who(mail: Message) -> str:
    if mail.direction is Direction.OUT:
        return safe_line(mail.author or tr("we"))
    return safe_line(mail.sender.label)


def _beginning(mail: Message) -> str:
    """How a mail begins, in its own words; its subject where it has none."""
    own = (line for line in safe(mail.text).splitlines() if line.strip() and not line.lstrip().startswith(">"))
    return safe_line(next(own, "")) or safe_line(mail.subject)


def cursor_row(rows: Sequence[tuple[Content, bool]]) -> int:
    """The first line that is chosen; 0 for none."""
    return next((at for at, (_, is_chosen) in enumerate(rows) if is_chosen), 0)
