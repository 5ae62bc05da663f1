"""`tandem doctor`: is everything about this desk in order? With --fix it mends what can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from desk.errors import RefusedError, StoreDamaged, TandemError
from tandem.access import refuse_unfit
from tandem.cli import checks
from tandem.cli.checks import Check, checked
from tandem.cli.file_checks import file_checks
from tandem.cli.output import print_json, say
from tandem.cli.progress import progress
from tandem.cli.session import Session, pass_session
from tandem.config import Config, read_config
from tandem.progress import Tell
from tandem.wiring import Office, build_office, refuse_no_desk


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Mend what can be mended, and remove files that nothing speaks of.")
@click.option("--json", "as_json", is_flag=True, help="All checks, as one line of JSON.")
@click.option("--offline", is_flag=True, help="Leave the mail servers out.")
@pass_session
def doctor_command(session: Session, fix: bool, as_json: bool, offline: bool) -> None:
    """Look at the desk's folder, store, mails, macros and servers. Exit code 1 when something is wrong."""
    with progress() as tell:
        found = list(_look(session, tell, fix=fix, offline=offline))
    wrong = list(dict.fromkeys(each.name for each in found if not each.ok))
    if as_json:
        details = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in found]
        print_json({"ok": not wrong, "checks": details})
    else:
        for each in found:
            say(f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {each.detail}")
    if wrong:
        raise RefusedError(f"something is wrong with this desk: {', '.join(wrong)}", "the lines above say what")


def _look(session: Session, tell: Tell, *, fix: bool, offline: bool) -> Iterator[Check]:
    """Each check does without those before it, as far as that can be.

    Raises:
        StoreUnreachable: the folder does not let us in, so there is nothing that we could look at.
    """
    home, config = session.home, Config()
    yield checked("folder", partial(checks.folder, home, fix=fix))
    try:
        refuse_unfit(home)
    except RefusedError:  # what everybody could have changed is not read
        return
    try:
        config = read_config(home.config)
        yield Check("configuration", ok=True, detail=f"{len(config.accounts)} mailbox(es)")
    except TandemError as error:
        yield Check("configuration", ok=False, detail=str(error))
    yield from checks.screen(config)
    try:
        refuse_no_desk(home)
        office = build_office(home, config)
    except TandemError as error:
        yield Check("store", ok=False, detail=str(error))
        return
    try:
        yield from _look_inside(session, office, tell, fix=fix)
        if not offline:
            yield from checks.servers(office)
        yield checked("outbox", partial(checks.outbox, office))
    finally:
        office.close()


def _look_inside(session: Session, office: Office, tell: Tell, *, fix: bool) -> Iterator[Check]:
    tell("reading the store", 0)
    yield (store := checked("store", partial(checks.store, office, fix=fix)))
    yield from file_checks(office, tell, fix=fix, is_damaged=isinstance(store.error, StoreDamaged))
    yield checked("erasures", partial(checks.erasures, office, tell, fix=fix))
    yield checked("agents", partial(checks.agents, office, session.agent))
    yield checked("macros", partial(checks.macros, office))
