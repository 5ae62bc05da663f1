"""Erase a customer from the whole desk: the store in one commit, then the files, then the store's old pages.

A receipt is in that commit, and says that it is not finished until the last step is done. Whoever is stopped in between
does it again: the receipt knows which files are left to remove. Backups are never touched, only named.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desk.actions.erase import erase, unfinished
from desk.erasure import Erasure
from tandem.progress import Tell
from tandem.wiring import Office

log = logging.getLogger("tandem.customers")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, and the files with copies of the desk, in which it still is."""

    erasure: Erasure
    backups: tuple[Path, ...]


def erase_customer(office: Office, addresses: Sequence[str], tell: Tell) -> Receipt:
    """Erase the person with these addresses from the desk.

    Raises:
        RefusedError: as `desk.actions.erase.erase`; nothing was erased.
        StorageError: the files or the store could not be cleaned; `finish_all` does the rest.
    """
    finish_all(office, tell)
    tell("erasing", 0)
    erasure = erase(office.desk, addresses)
    return Receipt(_finish(office, erasure, tell), copies_of(office))


def finish_all(office: Office, tell: Tell) -> list[Receipt]:
    """Finish what was stopped before.

    Raises:
        StorageError: it cannot be finished now either.
    """
    return [Receipt(_finish(office, each, tell), copies_of(office)) for each in unfinished(office.desk)]


def _finish(office: Office, erasure: Erasure, tell: Tell) -> Erasure:
    tell("removing files", 0.3)
    digests = ["".join(each) for each in erasure.files]
    removed = office.desk.blobs.remove(digests, office.store.digests)
    amounts = replace(erasure.amounts, files=removed) if digests else erasure.amounts
    erasure = replace(erasure, amounts=amounts, files=())
    office.store.erasures.put(erasure)
    tell("writing the store anew", 0.6)
    office.store.scrub()
    erasure = replace(erasure, finished=office.desk.clock())
    office.store.erasures.put(erasure)
    log.info("erased a customer: %d tickets, %d shared ones, %d files", amounts.tickets, amounts.shared, removed)
    return erasure


def copies_of(office: Office) -> tuple[Path, ...]:
    """Files in which the desk stands as it was before: its backups, and copies that upgrades and restores kept."""
    inside = [each for each in sorted(office.home.backups.rglob("*")) if each.is_file()]
    beside = sorted(office.home.folder.glob(f"{office.home.store.stem}-*"))
    return (*inside, *beside)
