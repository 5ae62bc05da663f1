"""Where a desk lives: one folder with its configuration, store, mail, macros, backups and log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from desk.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Home:
    """A desk's folder and what stands where in it."""

    folder: Path

    @property
    def config(self) -> Path:
        """The settings, in TOML."""
        return self.folder / "config.toml"

    @property
    def store(self) -> Path:
        """The ticket store."""
        return self.folder / "desk.db"

    @property
    def mail(self) -> Path:
        """The bytes of every mail and attached file, by sha256."""
        return self.folder / "mail"

    @property
    def endings(self) -> Path:
        """How attempts to send ended that the store would not take yet; seldom there."""
        return self.folder / "endings"

    @property
    def macros(self) -> Path:
        """This desk's own macros."""
        return self.folder / "macros"

    @property
    def backups(self) -> Path:
        """Where copies of the store are kept."""
        return self.folder / "backups"

    @property
    def secrets(self) -> Path:
        """Passwords that were typed once; whose they are keeps them, also on a shared desk."""
        return self.folder / "secrets"

    @property
    def log(self) -> Path:
        """What happened, without anybody's words or addresses."""
        return self.folder / "log" / "tandem.log"

    @property
    def exists(self) -> bool:
        """Whether a desk was set up here, as far as we may look."""
        try:
            return self.store.exists()
        except OSError:
            return False


def choose_home(given: str | None) -> Home:
    """The desk that is meant: `--home`, else $TANDEM_HOME, else ./.tandem if it is there, else the data folder.

    Raises:
        RefusedError: the folder is named after a user that there is not, or we stand in a folder that is gone.
    """
    try:
        if chosen := given or os.environ.get("TANDEM_HOME"):
            return Home(Path(chosen).expanduser().absolute())
        if (here := Path(".tandem")).is_dir():
            return Home(here.absolute())
    except (RuntimeError, OSError) as error:
        raise RefusedError(f"the desk's folder cannot be told: {error}", "name it with --home") from error
    from platformdirs import user_data_path  # only when nothing nearer is named: it costs time at every start

    return Home(user_data_path("tandem", appauthor=False))
