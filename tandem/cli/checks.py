"""What `tandem doctor` looks at on a desk, but for its files: folder, settings, store, people, macros, servers."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from desk.actions.erase import unfinished
from desk.delivery.accounts import let_in, put_limits, stopped
from desk.erased import returned
from desk.errors import IndexDamaged, RefusedError, StorageError, TandemError
from desk.expression import EVERYTHING
from desk.people import Handle
from macros.check import check
from storage import files
from tandem.access import look_at, refuse_unfit
from tandem.cli.amounts import counted, counted_are
from tandem.config import Config, SmtpAccount
from tandem.connections import try_imap, try_smtp
from tandem.customers_erasing import finish_all
from tandem.paths import Home
from tandem.progress import Tell
from tandem.wiring import Office

if TYPE_CHECKING:
    from tui.settings import ScreenSettings


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what was found, in words; `error` is what kept us from finding it in order."""

    name: str
    ok: bool
    detail: str
    error: TandemError | None = None


def checked(name: str, look: Callable[[], str]) -> Check:
    """What a look says: all is well, or the error that it raises."""
    try:
        return Check(name, ok=True, detail=look())
    except TandemError as error:
        return Check(name, ok=False, detail=str(error), error=error)


def folder(home: Home, *, fix: bool) -> str:
    """The desk's folder: ours to work in, and shut to everybody else.

    Raises:
        RefusedError: it is not.
    """
    if (found := look_at(home.folder)) is None:
        raise RefusedError(f"{home.folder} is not there", "`tandem init` makes it")
    mended = ""
    if fix and found.st_mode & stat.S_IRWXO:
        mended = _shut(home, stat.S_IMODE(found.st_mode))
    refuse_unfit(home)
    if _loses_group(home):
        mended += _handed_on(home, fix=fix)
    mode = stat.S_IMODE(home.folder.stat().st_mode)
    if not os.access(home.folder, os.R_OK | os.W_OK | os.X_OK):
        raise RefusedError(f"you may not write in {home.folder} (mode {mode:o})", "check its owner and group")
    return f"{home.folder}, mode {mode:o}{mended}"


def _shut(home: Home, mode: int) -> str:
    try:
        home.folder.chmod(mode & ~stat.S_IRWXO)
    except OSError as error:
        what = f"{home.folder} is open to everybody (mode {mode:o}) and could not be shut: {error.strerror}"
        raise RefusedError(what, f"ask its owner or root to `chmod o= {home.folder}`") from error
    return f"; it was open to everybody (mode {mode:o}) and is shut now"


def _loses_group(home: Home) -> bool:
    """Whether a group shares the folder and yet what anybody makes in it is not the group's."""
    return files.is_shared(home.folder) and not home.folder.stat().st_mode & stat.S_ISGID


def _handed_on(home: Home, *, fix: bool) -> str:
    """What is said of a folder whose group is handed on again.

    Raises:
        RefusedError: it is not.
    """
    mode, hint = stat.S_IMODE(home.folder.stat().st_mode), f"`chmod g+s {home.folder}`, by its owner or root, does that"
    what = (
        f"{home.folder} does not hand its group on (mode {mode:o}), so that colleagues cannot open what is made in it"
    )
    if not fix:
        raise RefusedError(what, hint)
    with suppress(OSError):
        home.folder.chmod(mode | stat.S_ISGID)
    if _loses_group(home):  # the system takes the bit away from an owner who is not in the group
        raise RefusedError(what, hint)
    return f"; it did not hand its group on (mode {mode:o}) and does now"


def screen(config: Config) -> Iterator[Check]:
    """How the inbox screen looks here, and which of its keys were changed; else each setting that cannot be used."""
    from tandem.cli.screen_settings import screen_settings

    try:
        settings = screen_settings(config.screen)
    except TandemError as error:
        yield Check("screen", ok=False, detail=str(error), error=error)
        return
    for each in settings.faults:
        yield Check("screen", ok=False, detail=str(each), error=each)
    if not settings.faults:
        yield Check("screen", ok=True, detail=_look_of(settings))


def _look_of(settings: ScreenSettings) -> str:
    from tui.keys import ACTIONS

    changed = len({each.id for each in settings.actions} & {each.id for each in set(settings.actions) - set(ACTIONS)})
    keys = f", keys of {counted(changed, 'action')} changed" if changed else ""
    return f"theme {settings.theme}, language {settings.language}, mouse {'on' if settings.mouse else 'off'}{keys}"


def store(office: Office, *, fix: bool) -> str:
    """The ticket store: every page of it.

    Raises:
        StoreDamaged: it does not hang together.
    """
    mended = ""
    try:
        office.store.examine()
    except IndexDamaged:
        if not fix:
            raise
        office.store.rebuild()
        office.store.examine()
        mended = "; indexes and full text were made anew"
    return f"{office.store.tickets.count(EVERYTHING)} tickets, every page and index in order{mended}"


def erasures(office: Office, tell: Tell, *, fix: bool) -> str:
    """Customers that were erased: whether all of them are gone from every file.

    Raises:
        RefusedError: an erasure was stopped before it came to its end.
    """
    left = unfinished(office.desk)
    if left and not fix:
        what = (
            f"an erasure was stopped before its end (receipt {left[0].id}): files or old pages may hold what was erased"
        )
        raise RefusedError(what, "`tandem customers erase`, without an address, finishes it")
    finish_all(office, tell)
    if back := returned(office.desk):
        what = f"{counted_are(len(back), 'erased customer')} back from a backup: {', '.join(back)}"
        raise RefusedError(what, "`tandem customers erase` erases them again")
    done = f", {counted(len(left), 'stopped one')} finished now" if left else ""
    return f"{counted(len(office.store.erasures.all()), 'customer')} erased{done}"


def agents(office: Office, named: str | None) -> str:
    """The people of this desk, and who we are among them.

    Raises:
        RefusedError: there is nobody, or nobody of the name that was given.
    """
    desk = office.desk
    found = desk.store.agents.all()
    if not found:
        raise RefusedError("nobody works here yet", "`tandem agents add` puts somebody on the desk")
    acting = desk.agent(Handle(named)) if named else desk.acting
    who = f"you are {acting.handle}" if acting else f"nobody has the login “{desk.login}”"
    return f"{len(found)} on the desk; {who}"


def macros(office: Office) -> str:
    """The macros of this desk.

    Raises:
        RefusedError: some cannot be used.
    """
    tags = frozenset(office.desk.store.tickets.tags())
    handles = frozenset(each.handle for each in office.desk.store.agents.all())
    found = check(office.library, known_tags=tags, known_agents=handles)
    if errors := sum(each.level == "error" for each in found):
        raise RefusedError(f"{errors} errors", "`tandem macros check` lists them")
    return f"{len(office.library.macros())} can be used"


def outbox(office: Office) -> str:
    """What waits to be sent or copied, and whether the accounts that it leaves through are let in.

    Raises:
        RefusedError: some are not.
    """
    waiting = Counter(each.mailbox for each in office.store.outbox.waiting())
    unknown = len(office.store.outbox.uncertain())
    if shut := stopped(office.desk):
        told = [f"{each.mailbox}: {each.in_words} ({waiting[each.mailbox]} waiting)" for each in shut]
        raise RefusedError("; ".join(told), "mend the account; this command asks the server again")
    late = [each.copy_said for each in office.store.outbox.wanting_copy() if each.copy_said]
    doubt = f", {unknown} of which nobody knows whether they went out (`tandem outbox`)" if unknown else ""
    copies = f", {len(late)} whose copy waits for the folder of sent mail: {late[0]}" if late else ""
    silent = ", automatic answers are off" if office.store.acknowledgements.stopped() else ""
    return f"{waiting.total()} waiting{doubt}{copies}{silent}"


def servers(office: Office) -> Iterator[Check]:
    """A login at every mail server."""
    for account in office.config.accounts:
        name = account.mailbox.name
        if account.imap is not None:
            yield checked(f"IMAP of {name}", partial(try_imap, account.imap))
        if account.smtp is not None:
            yield checked(f"SMTP of {name}", partial(_smtp, office, name, account.smtp))


def _smtp(office: Office, name: str, account: SmtpAccount) -> str:
    said, limits = try_smtp(account)
    with suppress(StorageError):  # what is wrong with the store another check tells
        put_limits(office.desk, name, limits)
    return f"{said} again: what waited for it leaves now" if let_in(office.desk, name) else said
