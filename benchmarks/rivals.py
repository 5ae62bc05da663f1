"""The others on the way from a mail server to mails that can be searched: bare IMAPClient, and mbsync with notmuch."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from imapclient import IMAPClient

from benchmarks.worlds import seconds
from tests.servers import Dovecot

_BATCH = 50
_MBSYNC = """\
FSync no

IMAPStore theirs
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
AuthMechs PLAIN LOGIN
SSLType None

MaildirStore ours
Path {home}/mail/
Inbox {home}/mail/inbox

Channel all
Far :theirs:INBOX
Near :ours:inbox
Create Near
Sync Pull
CopyArrivalDate yes
SyncState *
"""
_NOTMUCH = """\
[database]
path={home}/mail
[user]
name=Ana
primary_email=ana@acme.example
[new]
tags=inbox
"""


def fetch_only(server: Dovecot) -> float:
    """Seconds that a loop takes which fetches every mail and keeps nothing."""
    return seconds(lambda: _fetch(server, None))


def fetch_into_sqlite(server: Dovecot, folder: Path) -> float:
    """Seconds that the same loop takes when it also writes the bytes of each mail to SQLite, a commit each batch."""
    with closing(sqlite3.connect(folder / "bare.db")) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE mails (uid INTEGER PRIMARY KEY, received TEXT, raw BLOB)")
        return seconds(lambda: _fetch(server, store))


def _fetch(server: Dovecot, store: sqlite3.Connection | None) -> None:
    with IMAPClient("127.0.0.1", port=server.port, ssl=False) as client:
        client.login(server.user, server.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), _BATCH):
            found = client.fetch(uids[start : start + _BATCH], ["BODY.PEEK[]", "INTERNALDATE"])
            if store is not None:
                rows = [(uid, str(each[b"INTERNALDATE"]), each[b"BODY[]"]) for uid, each in found.items()]
                store.executemany("INSERT INTO mails VALUES (?, ?, ?)", rows)
                store.commit()


def lacking() -> str:
    """What is not installed of mbsync and notmuch; empty when both are."""
    names = {"mbsync": "isync", "notmuch": "notmuch"}
    return ", ".join(f"{name} (Debian: {package})" for name, package in names.items() if shutil.which(name) is None)


def mbsync(server: Dovecot, folder: Path) -> float:
    """Seconds that mbsync takes to bring every mail into a Maildir, with `FSync no`."""
    (folder / "mail").mkdir()
    settings = folder / "mbsyncrc"
    settings.write_text(_MBSYNC.format(home=folder, port=server.port, user=server.user, password=server.password))
    return seconds(lambda: _run(["mbsync", "--config", str(settings), "all"], folder))


def notmuch(folder: Path) -> float:
    """Seconds that notmuch takes to index what `mbsync` brought."""
    (folder / "notmuch").write_text(_NOTMUCH.format(home=folder))
    return seconds(lambda: _run(["notmuch", "new"], folder))


def _run(command: list[str], folder: Path) -> None:
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), "NOTMUCH_CONFIG": str(folder / "notmuch")}
    subprocess.run(command, env=surroundings, check=True, capture_output=True)
