"""`tandem doctor`: is everything about this desk in order?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import click

from desk.errors import RefusedError, TandemError
from desk.expression import EVERYTHING
from desk.people import Handle
from macros.check import check
from tandem.cli.output import print_json, say
from tandem.cli.session import Session, pass_session
from tandem.config import Config, read_config
from tandem.connections import try_imap, try_smtp
from tandem.paths import Home
from tandem.wiring import Office, build_office, refuse_no_desk


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
    wrong = [each.name for each in checks if not each.ok]
    if as_json:
        details = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in checks]
        print_json({"ok": not wrong, "checks": details})
    else:
        for each in checks:
            say(f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {each.detail}")
    if wrong:
        raise RefusedError(f"something is wrong with this desk: {', '.join(wrong)}", "the lines above say what")


def _look(session: Session, *, offline: bool) -> Iterator[Check]:
    """Each check does without those before it, as far as that can be."""
    home = session.home
    yield _checked("folder", partial(_folder, home))
    config = Config()
    try:
        config = read_config(home.config)
        yield Check("configuration", ok=True, detail=f"{len(config.accounts)} mailbox(es)")
    except TandemError as error:
        yield Check("configuration", ok=False, detail=str(error))
    try:
        refuse_no_desk(home)
        office = build_office(home, config)
    except TandemError as error:
        yield Check("store", ok=False, detail=str(error))
        return
    try:
        yield _checked("store", partial(_store, office))
        yield _checked("mails", partial(_mails, office))
        yield _checked("agents", partial(_agents, office, session.agent))
        yield _checked("macros", partial(_macros, office))
        if not offline:
            yield from _servers(config)
    finally:
        office.close()


def _folder(home: Home) -> str:
    try:
        mode = stat.S_IMODE(home.folder.stat().st_mode)
    except OSError as error:
        raise RefusedError(f"{home.folder} is not there", "`tandem init` makes it") from error
    if mode & stat.S_IRWXO:
        raise RefusedError(f"{home.folder} can be entered by everybody (mode {mode:o})", f"chmod o= {home.folder}")
    if not os.access(home.folder, os.R_OK | os.W_OK | os.X_OK):
        raise RefusedError(f"you may not write in {home.folder} (mode {mode:o})", "check its owner and group")
    return f"{home.folder}, mode {mode:o}"


def _store(office: Office) -> str:
    office.store.examine()
    return f"{office.store.tickets.count(EVERYTHING)} tickets, every page and index in order"


def _mails(office: Office) -> str:
    broken = [digest for digest in office.store.mails() if not _is_whole(office, digest)]
    if broken:
        what = f"{len(broken)} missing or damaged, the first is {broken[0]}"
        raise RefusedError(what, f"bring them back into {office.home.mail} from a backup")
    return "every message's bytes are there and whole"


def _is_whole(office: Office, digest: str) -> bool:
    try:
        office.desk.blobs.get(digest)
    except TandemError:
        return False
    return True


def _agents(office: Office, named: str | None) -> str:
    desk = office.desk
    agents = desk.store.agents.all()
    if not agents:
        raise RefusedError("nobody works here yet", "`tandem agents add` puts somebody on the desk")
    acting = desk.agent(Handle(named)) if named else desk.acting
    who = f"you are {acting.handle}" if acting else f"nobody has the login “{desk.login}”"
    return f"{len(agents)} on the desk; {who}"


def _macros(office: Office) -> str:
    tags = frozenset(office.desk.store.tickets.tags())
    agents = frozenset(each.handle for each in office.desk.store.agents.all())
    found = check(office.library, known_tags=tags, known_agents=agents)
    if errors := sum(each.level == "error" for each in found):
        raise RefusedError(f"{errors} errors", "`tandem macros check` lists them")
    return f"{len(office.library.macros())} can be used"


def _servers(config: Config) -> Iterator[Check]:
    for account in config.accounts:
        name = account.mailbox.name
        if account.imap is not None:
            yield _checked(f"IMAP of {name}", partial(try_imap, account.imap))
        if account.smtp is not None:
            yield _checked(f"SMTP of {name}", partial(try_smtp, account.smtp))
