"""`tandem doctor`: is everything about this desk in order?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import click

from desk.errors import TandemError
from desk.expression import EVERYTHING
from macros.check import check
from tandem.cli.output import print_json, say
from tandem.cli.session import Session, pass_session
from tandem.config import read_config
from tandem.loops import try_imap, try_smtp
from tandem.wiring import Office


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what was found, in words."""

    name: str
    ok: bool
    detail: str


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=look())
    except TandemError as error:
        return Check(name, ok=False, detail=str(error))


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="All checks, as one line of JSON.")
@click.option("--offline", is_flag=True, help="Leave the mail servers out.")
@pass_session
def doctor_command(session: Session, as_json: bool, offline: bool) -> None:
    """Look at the desk's folder, store, mails, macros and servers. Exit code 1 when something is wrong."""
    checks = list(_look(session, offline=offline))
    ok = all(each.ok for each in checks)
    if as_json:
        details = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in checks]
        print_json({"ok": ok, "checks": details})
    else:
        for each in checks:
            say(f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {each.detail}")
    if not ok:
        raise SystemExit(1)


def _look(session: Session, *, offline: bool) -> Iterator[Check]:
    yield _folder(session)
    yield _checked("configuration", lambda: f"{len(read_config(session.home.config).accounts)} mailbox(es)")
    store = _checked("store", lambda: _store(session))
    yield store
    if not store.ok:
        return
    office = session.office
    yield _mails(office)
    yield _agents(office)
    yield _macros(session, office)
    if not offline:
        yield from _servers(office)


def _store(session: Session) -> str:
    store = session.office.store
    store.examine()
    return f"{store.tickets.count(EVERYTHING)} tickets, every page and index in order"


def _folder(session: Session) -> Check:
    folder = session.home.folder
    if not folder.is_dir():
        return Check("folder", ok=False, detail=f"{folder} is not there (`tandem init` makes it)")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & stat.S_IROTH:
        return Check("folder", ok=False, detail=f"{folder} can be read by everybody (chmod o= {folder})")
    writable = os.access(folder, os.W_OK)
    return Check("folder", ok=writable, detail=f"{folder}, mode {mode:o}{'' if writable else ', not writable'}")


def _mails(office: Office) -> Check:
    broken = [digest for digest in office.store.mails() if not _whole(office, digest)]
    if broken:
        return Check("mails", ok=False, detail=f"{len(broken)} missing or damaged, the first is {broken[0]}")
    return Check("mails", ok=True, detail="every message's bytes are there and whole")


def _whole(office: Office, digest: str) -> bool:
    try:
        office.desk.blobs.get(digest)
    except TandemError:
        return False
    return True


def _agents(office: Office) -> Check:
    agents = office.desk.store.agents.all()
    acting = office.desk.acting
    who = f"you are {acting.handle}" if acting else f"nobody has the login “{office.desk.login}”"
    return Check("agents", ok=bool(agents), detail=f"{len(agents)} on the desk; {who}")


def _macros(session: Session, office: Office) -> Check:
    tags = frozenset(office.desk.store.tickets.tags())
    agents = frozenset(each.handle for each in office.desk.store.agents.all())
    errors = [each for each in check(session.library, known_tags=tags, known_agents=agents) if each.level == "error"]
    if errors:
        return Check("macros", ok=False, detail=f"{len(errors)} errors; `tandem macros check` lists them")
    return Check("macros", ok=True, detail=f"{len(session.library.macros())} can be used")


def _servers(office: Office) -> Iterator[Check]:
    for account in office.config.accounts:
        name = account.mailbox.name
        if account.imap is not None:
            yield _checked(f"IMAP of {name}", partial(try_imap, account.imap))
        if account.smtp is not None:
            yield _checked(f"SMTP of {name}", partial(try_smtp, account.smtp))
