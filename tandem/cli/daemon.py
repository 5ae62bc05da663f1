"""`tandem daemon`: mail in and out for as long as the machine runs, and the unit file that has systemd start it."""

from __future__ import annotations

import shutil
import signal
import sys
from pathlib import Path
from threading import Event
from types import FrameType

import click

from tandem.cli.following import follow
from tandem.cli.session import Session, pass_session
from tandem.wiring import unix_user

_UNIT = """\
# /etc/systemd/system/tandem.service; then: systemctl daemon-reload && systemctl enable --now tandem
[Unit]
Description=Tandem: mail of the desk in {home}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
User={user}
ExecStart={program} --home {home} daemon
Restart=on-failure
RestartSec=10
# Files that several agents share are theirs to write too.
UMask=0007
NoNewPrivileges=true

[Install]
WantedBy=multi-user.target
"""


@click.command("daemon")
@click.option("--print-unit", is_flag=True, help="Print a unit file for systemd, and do nothing else.")
@pass_session
def daemon_command(session: Session, print_unit: bool) -> None:
    """Follow every mailbox and send what falls due, until the system asks for the end (SIGTERM).

    What comes is told on standard output, what is wrong on standard error. Any number of screens may be open meanwhile.
    """
    if print_unit:
        click.echo(unit(session.home.folder))
        return
    ended = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    before = signal.signal(signal.SIGTERM, end)
    try:
        follow(session.unattended, as_json=False, ended=ended)
    finally:
        signal.signal(signal.SIGTERM, before)


def unit(home: Path) -> str:
    """A unit file for the desk in this folder, for the program that runs now."""
    program = shutil.which(sys.argv[0]) or sys.argv[0]
    return _UNIT.format(home=_quoted(home.absolute()), program=_quoted(Path(program).absolute()), user=unix_user())


def _quoted(path: Path) -> str:
    """A path as systemd reads it (systemd.service(5), systemd.unit(5)): % and $ doubled, odd ones in quotes."""
    text = str(path).replace("%", "%%").replace("$", "$$")
    if any(each in text for each in " \t\"'\\"):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text
