"""Other mail programs on the same mails: neomutt with its header cache, aerc and notmuch, with settings of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import kept
from benchmarks.terminal import Terminal

_MUTTRC = """\
set mbox_type=Maildir
set folder="{mail}"
set spool_file="{mail}/INBOX"
set header_cache="{home}/headers"
set sort=reverse-date
set quit=yes
"""
_ACCOUNT = "[bench]\nsource = maildir://{mail}\ndefault = INBOX\nfrom = Ana <ana@acme.example>\n"
_NOTMUCH = "[database]\npath={mail}\n[user]\nname=Ana\nprimary_email=ana@acme.example\n[new]\ntags=inbox\n"


@dataclass(frozen=True, slots=True)
class Program:
    """A program to be measured: how it is started, and the keys for the next mail and the next page."""

    name: str
    command: tuple[str, ...]
    surroundings: Mapping[str, str]
    page: bytes


def neomutt(tickets: int, home: Path) -> Program | None:
    """neomutt, its header cache filled; None where it is not installed."""
    if shutil.which("neomutt") is None:
        return None
    home.mkdir(parents=True, exist_ok=True)
    (home / "muttrc").write_text(_MUTTRC.format(mail=kept.maildir(tickets), home=home))
    command, surroundings = ("neomutt", "-n", "-R", "-F", str(home / "muttrc")), _surroundings(home)
    if not (home / "headers").exists():
        with Terminal(command, surroundings) as terminal:
            terminal.wait_for(b"Customer")
            terminal.send(b"x")
            terminal.ended(60.0)
    return Program("neomutt", command, surroundings, b"\x1b[6~")


def aerc(tickets: int, home: Path) -> Program | None:
    """The program aerc with its own bindings; None where it is not installed."""
    if shutil.which("aerc") is None:
        return None
    folder = home / ".config" / "aerc"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("aerc.conf", "binds.conf"):
        shutil.copyfile(Path("/usr/share/aerc") / name, folder / name)
    accounts = folder / "accounts.conf"
    accounts.write_text(_ACCOUNT.format(mail=kept.maildir(tickets)))
    accounts.chmod(0o600)
    return Program("aerc", ("aerc",), _surroundings(home), b"\x06")


def notmuch(tickets: int, home: Path) -> Program | None:
    """`notmuch search` for the newest 50, its index made; None where it is not installed."""
    if shutil.which("notmuch") is None:
        return None
    home.mkdir(parents=True, exist_ok=True)
    settings, mail = home / "notmuch", kept.maildir(tickets)
    settings.write_text(_NOTMUCH.format(mail=mail))
    surroundings = {**_surroundings(home), "NOTMUCH_CONFIG": str(settings)}
    if not (mail / ".notmuch").exists():
        subprocess.run(["notmuch", "new", "--quiet"], env=surroundings, check=True, capture_output=True)
    return Program("notmuch", ("notmuch", "search", "--limit=50"), surroundings, b"")


def lacking() -> Iterator[str]:
    """What is not installed here, and therefore not compared."""
    for name in ("neomutt", "aerc", "notmuch"):
        if shutil.which(name) is None:
            yield f"{name} is not installed (Debian: {name}), and so was not measured"


def _surroundings(home: Path) -> dict[str, str]:
    known = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "SHELL": "/bin/sh"}
    return {**known, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "XDG_CACHE_HOME": str(home / "cache")}
