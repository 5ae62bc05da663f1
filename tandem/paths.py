"""Where a desk lives: one folder with its configuration, store, mail, macros, backups and log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


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
        """Every mail's raw bytes by sha256."""
        return self.folder / "mail"

    @property
    def macros(self) -> Path:
        """This desk's own macros."""
        return self.folder / "macros"

    @property
    def log(self) -> Path:
        """What happened, without anybody's words or addresses."""
        return self.folder / "log" / "tandem.log"

    @property
    def exists(self) -> bool:
        """Whether a desk was set up here."""
        return self.store.exists()


def choose_home(given: str | None) -> Home:
    """The desk that is meant: `--home`, else $TANDEM_HOME, else ./.tandem if it is there, else the data folder."""
    if chosen := given or os.environ.get("TANDEM_HOME"):
        return Home(Path(chosen).expanduser().absolute())
    if (here := Path.cwd() / ".tandem").is_dir():
        return Home(here)
    from platformdirs import user_data_path  # only when nothing nearer is named: it costs time at every start

    return Home(user_data_path("tandem", appauthor=False))
