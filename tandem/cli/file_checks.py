"""What `tandem doctor` says about the files of a desk, and what it does about them with --fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from desk.errors import RefusedError, TandemError
from mail.reading import WorkerReader
from storage.blobs import Blobs
from storage.leftovers import Collected, Collector, Leftovers
from storage.references import Reference
from tandem.cli.amounts import counted, counted_are, size
from tandem.cli.checks import Check, checked
from tandem.inventory import Broken, Inventory, take_out, take_stock
from tandem.modes import Misfit, mend, misfits
from tandem.paths import Home
from tandem.progress import Tell
from tandem.wiring import Office

_FIRST = 5
"""So many of a kind are named, and then how many more there are."""

_FIXES = "`tandem doctor --fix`"


def file_checks(office: Office, tell: Tell, *, fix: bool, is_damaged: bool) -> Iterator[Check]:
    """Modes, mails, attached files and leftovers; where the store is damaged nothing counts as left over."""
    yield checked("modes", partial(_modes, office.home, fix=fix))
    collector, blobs = Collector(office.home.mail), Blobs(office.home.mail)
    try:
        stock = take_stock(blobs, office.store.references(), tell)
        spoken_of = None if is_damaged else office.store.digests()
    except TandemError as error:
        yield Check("mails", ok=False, detail=str(error))
        return
    yield checked("mails", partial(_mails, office.home, stock))
    if spoken_of is None:
        yield Check("leftovers", ok=True, detail="not looked at: a damaged store does not say what it needs")
    else:  # first, as they may be what takes the room
        yield checked("leftovers", partial(_leftovers, office.home, collector, spoken_of, fix=fix))
    yield checked("attachments", partial(_attachments, blobs, stock, tell, fix=fix))


def _modes(home: Home, *, fix: bool) -> str:
    found = misfits(home)
    if not found:
        return "everything is open to those whose desk this is"
    left = [each for each in found if not mend(home, each)] if fix else found
    if left:
        named = _listed([f"{each.path} of {each.owner}" for each in left])
        what = f"{counted_are(len(left), 'file')} not open to those whose desk this is: {named}"
        raise RefusedError(what, _who_mends(left) if fix else _FIXES)
    return f"{counted(len(found), 'file')} opened to those whose desk this is"


def _who_mends(left: Sequence[Misfit]) -> str:
    return f"let {' and '.join(sorted({each.owner for each in left})[:_FIRST])} run {_FIXES}, or root"


def _mails(home: Home, stock: Inventory) -> str:
    if not stock.broken_mails:
        return f"{counted(stock.mails, 'mail')}, all there and whole"
    named = _listed([_broken_mail(each) for each in stock.broken_mails])
    hint = (
        f"`tandem audit` tells how to fetch what a mail server has; else bring it back into {home.mail} from a backup"
    )
    raise RefusedError(f"{len(stock.broken_mails)} missing or damaged: {named}", hint)


def _broken_mail(broken: Broken) -> str:
    return f"{broken.file.digest} of {_ticket(broken.file)} {broken.why}"


def _broken_file(broken: Broken) -> str:
    return f"“{broken.file.name}” of {_ticket(broken.file)} {broken.why}"


def _ticket(file: Reference) -> str:
    return "no ticket" if file.ticket is None else f"ticket {file.ticket}"


def _attachments(blobs: Blobs, stock: Inventory, tell: Tell, *, fix: bool) -> str:
    wanted = [*(each.file for each in stock.broken_files), *stock.inside]
    done: set[str] = set()
    if fix and wanted:
        with WorkerReader() as reader:
            done = take_out(blobs, reader, wanted, tell)
    broken = [each for each in stock.broken_files if each.file.digest not in done]
    inside = [each for each in stock.inside if each.digest not in done]
    said = _join(
        f"{counted(stock.files, 'attached file')}",
        f"{len(done)} taken out of their mails" if done else "",
        _inside(inside, fix=fix) if inside else "",
        "" if wanted else "all there and whole",
    )
    if broken:
        hint = "their mails do not give them any more: bring them back from a backup" if fix else _FIXES
        raise RefusedError(
            f"{said}; {len(broken)} missing or damaged: {_listed([_broken_file(each) for each in broken])}", hint
        )
    return said


def _inside(inside: Sequence[Reference], *, fix: bool) -> str:
    if fix:
        return f"{len(inside)} stay inside their mails, which hold too many or do not give them any more"
    return f"{len(inside)} still inside their mails ({_FIXES} takes them out)"


def _leftovers(home: Home, collector: Collector, spoken_of: set[str], *, fix: bool) -> str:
    found = collector.look(spoken_of)
    if fix and found.spare and not spoken_of:
        what = f"the store speaks of no mail at all, but {home.mail} holds {_amount(found)}; nothing was removed"
        raise RefusedError(what, f"is {home.store} the right store for {home.mail}?")
    collected = collector.collect(found) if fix else Collected()
    said = _join(
        _said_of(found, collected, fix=fix),
        f"{found.young} younger than an hour are left: they may belong to a mail that is just coming in"
        if found.young
        else "",
        _foreign(home, found.foreign) if found.foreign else "",
    )
    if collected.failed:
        raise RefusedError(f"{said}; {_failed(collected)}", "check the owner and mode of their folders")
    return said


def _said_of(found: Leftovers, collected: Collected, *, fix: bool) -> str:
    if not found.removable:
        return "nothing is left over"
    if fix:
        return f"{counted(collected.removed, 'file')} ({size(collected.size)}) removed that nothing speaks of"
    return f"{_amount(found)} that nothing speaks of ({_FIXES} removes them)"


def _amount(found: Leftovers) -> str:
    unfinished = f", {len(found.parts)} of them unfinished," if found.parts else ""
    return f"{counted(len(found.removable), 'file')} ({size(found.size)}){unfinished}"


def _foreign(home: Home, paths: Sequence[Path]) -> str:
    named = _listed([str(each.relative_to(home.folder)) for each in paths])
    return f"{len(paths)} not made by Tandem and never touched: {named}"


def _failed(collected: Collected) -> str:
    named = _listed([f"{path}: {why}" for path, why in collected.failed])
    return f"{len(collected.failed)} could not be removed: {named}"


def _listed(things: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(things) - _FIRST} more" if len(things) > _FIRST else ""
    return ", ".join(things[:_FIRST]) + more


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
