"""A private Dovecot 2.3 for one test: its own mail store, passwords and port on loopback, gone at `stop()`.

It speaks plain IMAP, and IMAP over TLS and STARTTLS too when it is given certificates. As root it works for the
Unix user `mail`, otherwise for whoever runs the tests.
"""

from __future__ import annotations

import contextlib
import grp
import imaplib
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.certificates import Certificates

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
HOST = "127.0.0.1"
PASSWORD = "secret"
PATIENCE = 60.0
"""Seconds that starting, and any answer over IMAP, may take."""

CONFIGURATION = """
protocols = imap
listen = {host}
base_dir = {home}/run
state_dir = {home}/state
instance_name = tandem-{port}
disable_plaintext_auth = no
auth_mechanisms = plain login
log_path = {home}/dovecot.log
mail_location = maildir:{home}/mail
first_valid_uid = 1
first_valid_gid = 1
maildir_very_dirty_syncs = no
mail_max_userip_connections = 100
{internal_users}
{tls}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/passwd
}}
userdb {{
  driver = passwd-file
  args = {home}/passwd
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""


def need_dovecot() -> None:
    """Skip the test where Dovecot 2.3 is missing; fail it where TANDEM_REQUIRE_SERVERS=1 promises one."""
    if (reason := _missing()) is None:
        return
    if os.environ.get("TANDEM_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{reason}, and TANDEM_REQUIRE_SERVERS=1 forbids to skip")
    pytest.skip(reason)


def _missing() -> str | None:
    try:
        found = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "Dovecot is not installed (Debian: apt-get install dovecot-imapd)"
    return None if found.startswith("2.3.") else f"Dovecot 2.3 is needed, this is {found.split()[0]}"


class Dovecot:
    """One running Dovecot with one user; `with Dovecot() as server:` or `start()` and `stop()`."""

    host = HOST

    def __init__(
        self, *, user: str = "support", password: str = PASSWORD, certificates: Certificates | None = None
    ) -> None:
        self.user = user
        self.password = password
        self.port = 0
        self.tls_port = 0
        self._certificates = certificates
        self._counter = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start and wait until it greets."""
        self.home = Path(tempfile.mkdtemp(prefix="tandem-dovecot-", dir="/tmp"))
        self.home.chmod(0o755)
        self.owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.port = _free_port()
        self.tls_port = _free_port() if self._certificates else 0
        self._write_files()
        self._make_folder(self.home / "mail")
        self._launch()
        return self

    def stop(self) -> None:
        """End the processes that `start()` made and remove all they kept; a second call does nothing.

        Killed, since nothing is worth saving and a polite end takes Dovecot a second.
        """
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        shutil.rmtree(self.home)

    def interrupt(self) -> None:
        """End all of its processes; the mails stay, and `go_on` starts it again at the same port."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def go_on(self) -> None:
        """Start it again after `interrupt`."""
        self._launch()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def deliver(self, raw: bytes, received: datetime | None = None, folder: str = "INBOX") -> None:
        """Put a mail into a folder as a delivery agent does, its bytes unchanged; UIDs follow the call order.

        `received` becomes the INTERNALDATE; the folder is made when it is missing (ASCII names only).
        """
        box = self._folder_path(folder)
        self._make_folder(box)
        name = f"{1_700_000_000 + next(self._counter)}.M1P{os.getpid()}.tandem"
        draft = box / "tmp" / name
        draft.write_bytes(raw)
        stamp = (received or datetime.now(UTC)).timestamp()
        os.utime(draft, (stamp, stamp))
        self._give_away(draft)
        draft.rename(box / "new" / name)

    def flags(self, folder: str = "INBOX") -> dict[int, frozenset[str]]:
        """The flags of every message by UID, asked over IMAP without changing any; \\Recent is left out."""
        with self.connection() as imap:
            imap.select(f'"{folder}"', readonly=True)
            _, lines = imap.uid("FETCH", "1:*", "(FLAGS)")
        answers = [line for line in lines if isinstance(line, bytes)]
        return {_uid(line): _flags(line) for line in answers}

    def renew_uidvalidity(self, folder: str = "INBOX") -> None:
        """Give the folder another UIDVALIDITY, so that all UIDs a client knows are void (RFC 9051 §2.3.1.1)."""
        box = self._folder_path(folder)
        ledger = box / "dovecot-uidlist"
        head, _, rest = ledger.read_bytes().partition(b"\n")
        ledger.write_bytes(re.sub(rb" V(\d+)", lambda old: b" V%d" % (int(old[1]) + 1), head) + b"\n" + rest)
        for index in box.glob("dovecot.index*"):
            index.unlink()

    @contextlib.contextmanager
    def connection(self) -> Iterator[imaplib.IMAP4]:
        """A plain connection that has logged in; it is logged out at the end of the block."""
        with imaplib.IMAP4(self.host, self.port, timeout=PATIENCE) as imap:
            imap.login(self.user, self.password)
            yield imap

    def _folder_path(self, folder: str) -> Path:
        mail = self.home / "mail"
        return mail if folder == "INBOX" else mail / f".{folder.replace('/', '.')}"

    def _make_folder(self, box: Path) -> None:
        for path in (box, box / "cur", box / "new", box / "tmp"):
            path.mkdir(exist_ok=True)
            self._give_away(path)

    def _give_away(self, path: Path) -> None:
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def _write_files(self) -> None:
        who, home = self.owner, self.home
        (home / "passwd").write_text(f"{self.user}:{{PLAIN}}{self.password}:{who.pw_uid}:{who.pw_gid}::{home}::\n")
        settings = CONFIGURATION.format(
            host=HOST,
            home=home,
            port=self.port,
            tls_port=self.tls_port,
            tls=self._tls_settings(),
            **self._unprivileged_settings(),
        )
        (home / "dovecot.conf").write_text(settings + self._more_settings())

    def _more_settings(self) -> str:
        """What a kind of Dovecot with more to it adds; what stands here overrides."""
        return ""

    def _tls_settings(self) -> str:
        if self._certificates is None:
            return "ssl = no"
        return f"ssl = yes\nssl_cert = <{self._certificates.chain}\nssl_key = <{self._certificates.key}"

    def _unprivileged_settings(self) -> dict[str, str]:
        """Without root nothing may change its root folder, and every process runs as the one user."""
        if os.getuid() == 0:
            return {"chroot": "", "internal_users": ""}
        name, group = self.owner.pw_name, grp.getgrgid(self.owner.pw_gid).gr_name
        users = f"default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {group}"
        return {"chroot": "chroot =", "internal_users": users}

    def _launch(self) -> None:
        with (self.home / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [PROGRAM, "-F", "-c", str(self.home / "dovecot.conf")],
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not _greets(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                trouble = (self.home / "stderr").read_text()
                self.stop()
                pytest.fail(f"Dovecot did not start: {trouble}")
            time.sleep(0.01)


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=PATIENCE) as peer:
            return peer.recv(5).startswith(b"* OK")
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _uid(fetched: bytes) -> int:
    found = re.search(rb"UID (\d+)", fetched)
    assert found is not None, fetched
    return int(found[1])


def _flags(fetched: bytes) -> frozenset[str]:
    return frozenset(flag.decode() for flag in imaplib.ParseFlags(fetched)) - {"\\Recent"}
