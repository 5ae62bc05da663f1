"""What one run of the command line holds: which desk, who acts, and the desk itself once it is asked for."""

from __future__ import annotations

import traceback
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from desk.desk import Desk
from tandem.paths import Home, choose_home
from tandem.wiring import Office, open_library, open_office

if TYPE_CHECKING:
    from macros.library import Library


class Session:
    """The options before the command, and the parts built from them, closed at the end."""

    def __init__(self, *, home: str | None, agent: str | None, debug: bool) -> None:
        self.given_home = home
        self.agent = agent
        self.debug = debug
        self._parts = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()
        if self.debug and error is not None and not isinstance(error, click.exceptions.Exit):
            traceback.print_exception(error)

    @cached_property
    def home(self) -> Home:
        """Where the desk is.

        Raises:
            RefusedError: that cannot be told.
        """
        return choose_home(self.given_home)

    @cached_property
    def office(self) -> Office:
        """The desk with everything around it, opened once.

        Raises:
            RefusedError: there is no desk here, or the agent is unknown.
        """
        return self._opened(self.agent)

    @cached_property
    def unattended(self) -> Office:
        """The desk for those who look after it: whoever is named as acting need not be on it.

        Raises:
            RefusedError: there is no desk here.
        """
        return self._opened(None)

    def _opened(self, agent: str | None) -> Office:
        office = open_office(self.home, agent=agent, debug=self.debug)
        self._parts.callback(office.close)
        return office

    @cached_property
    def library(self) -> Library:
        """The macros: the desk's, or the bundled ones where there is no desk."""
        return open_library(self.home)

    @property
    def desk(self) -> Desk:
        """The desk this command works on."""
        return self.office.desk


pass_session = click.make_pass_decorator(Session)
