"""Builds a desk from real parts: the one place that knows which implementation stands behind which port."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from desk.clock import utc_now
from desk.desk import Desk, new_screen
from desk.errors import RefusedError, StoreDamaged
from desk.forms import Forms
from desk.outgoing import Composed, Letter, Limits
from desk.people import Address, Handle
from desk.ports import Composer
from storage.blobs import Blobs
from storage.files import refuse_network
from storage.shared import SharedStore, open_shared
from tandem.access import refuse_unfit
from tandem.config import Config, read_config
from tandem.log import open_log
from tandem.paths import Home
from tandem.processes import owner

if TYPE_CHECKING:
    from macros.library import Library


class LateComposer:
    """A composer that is loaded when the first mail is made: commands that only print start without it."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    @cached_property
    def _composer(self) -> Composer:
        from mail.compose import MailComposer

        return MailComposer(self._blobs.get)

    def reaches(self, address: Address, limits: Limits | None = None) -> bool:
        """Whether mail can be sent to this address, through a server that takes what `limits` says."""
        return self._composer.reaches(address, limits)

    def compose(self, letter: Letter) -> Composed:
        """The final bytes; raises as the composer it stands for."""
        return self._composer.compose(letter)


class LateForms:
    """What reads a mail's other forms, loaded when they are first asked for."""

    def of(self, raw: bytes) -> Forms:
        """The forms of a mail; raises as what it stands for."""
        from mail.forming import MailForms

        return MailForms().of(raw)


@dataclass(frozen=True)
class Office:
    """A desk with what stands around it: where it lives, its settings, its macros."""

    home: Home
    config: Config
    desk: Desk
    store: SharedStore

    @cached_property
    def library(self) -> Library:
        """The macros of this desk."""
        return open_library(self.home)

    @property
    def on_screen(self) -> Desk:
        """The desk for a new screen of this process, so that others can tell once it has ended."""
        return replace(self.desk, screen=new_screen(owner()))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def open_library(home: Home) -> Library:
    """The macros of a desk, or the bundled ones where there is no desk.

    Raises:
        RefusedError, StoreUnreachable: there is a desk whose folder is not fit, as `refuse_unfit` says.
    """
    refuse_unfit(home)
    from macros.library import Library

    return Library(home.macros)


def open_office(home: Home, *, agent: str | None = None, debug: bool = False) -> Office:
    """Open the desk in a folder.

    Raises:
        RefusedError: there is no desk, everybody may enter its folder, or there is no agent of that name.
        ConfigError, StorageError: its settings or its store cannot be used.
    """
    refuse_no_desk(home)
    return build_office(home, read_config(home.config), agent=agent, debug=debug)


def refuse_no_desk(home: Home) -> None:
    """Go on only where a desk was set up.

    Raises:
        RefusedError: there is none, or everybody may enter its folder.
        StoreUnreachable: we may not enter it.
        StoreDamaged: nothing is left of its store.
    """
    refuse_unfit(home)
    try:
        found = home.store.stat()
    except OSError as error:
        what = f"there is no desk in {home.folder}"
        raise RefusedError(what, "`tandem init` makes one, `tandem demo` shows one") from error
    if not found.st_size:
        raise StoreDamaged(f"{home.store} is empty", "`tandem restore` brings back a backup, `tandem init` begins anew")


def build_office(home: Home, config: Config, *, agent: str | None = None, debug: bool = False) -> Office:
    """A desk in a folder under these settings; its store is made when it is not there.

    Raises:
        RefusedError: no agent of that name.
        StorageError: the store cannot be used.
    """
    open_log(home.log, debug=debug)
    store, blobs = open_shared(home.store), Blobs(home.mail)
    desk = Desk(
        store=store,
        blobs=blobs,
        composer=LateComposer(blobs),
        clock=utc_now,
        settings=config.settings,
        login=unix_user(),
        forms=LateForms(),
        place=str(home.folder.resolve()),
    )
    try:
        refuse_network(home.mail)  # it may lie elsewhere than the store, which looks after itself
        return Office(home, config, _acted_on(desk, agent), store)
    except BaseException:
        store.close()
        raise


def unix_user() -> str:
    """Whose process this is: what the system says, whatever the environment claims."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _acted_on(desk: Desk, agent: str | None) -> Desk:
    acting = desk.agent(Handle(agent)) if agent else desk.store.agents.with_login(desk.login)
    return replace(desk, acting=acting)
