"""A desk built from real parts: who acts on it, and what keeps it from being opened."""

from __future__ import annotations

import os
import pwd
from dataclasses import replace

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.errors import ConfigError, NoAgent, NoSuchAgent, RefusedError
from desk.outgoing import Answer
from desk.people import Handle
from desk.ticket import TicketNumber
from tandem.paths import Home
from tandem.roster import change_agent
from tandem.wiring import open_library, open_office, unix_user
from tests.desks import receive


def test_where_there_is_no_desk_none_is_made(home: Home) -> None:
    with pytest.raises(RefusedError, match="there is no desk"):
        open_office(home)
    assert not home.store.exists()


def test_the_named_agent_acts(desk: Desk, home: Home) -> None:
    office = open_office(home, agent="bo")
    assert office.desk.me == desk.agent(Handle("bo"))
    office.close()


def test_without_a_name_the_unix_user_acts(desk: Desk, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    assert unix_user() == pwd.getpwuid(os.getuid()).pw_name
    change_agent(desk, Handle("bo"), {"login": unix_user()})
    office = open_office(home)
    assert office.desk.me.handle == "bo"
    office.close()


def test_a_user_without_an_agent_may_look_but_not_act(desk: Desk, home: Home) -> None:
    receive(desk)
    office = open_office(home)
    assert office.desk.ticket(TicketNumber(1)).number == 1
    with pytest.raises(NoAgent, match=unix_user()):
        _ = office.desk.me
    office.close()


def test_an_agent_nobody_knows_is_refused_and_the_store_let_go(desk: Desk, home: Home) -> None:
    for _ in range(3):
        with pytest.raises(NoSuchAgent):
            open_office(home, agent="zed")
    desk.store.close()
    assert not home.store.with_name("desk.db-wal").exists()


def test_broken_settings_are_told(desk: Desk, home: Home) -> None:
    receive(desk)
    home.config.write_text("nonsense")
    with pytest.raises(ConfigError, match=r"config\.toml"):
        open_office(home)


def test_its_parts_fit_together(desk: Desk, home: Home) -> None:
    receive(desk)
    office = open_office(home, agent="ana")
    assert [each.slug for each in office.library.macros()] == [each.slug for each in open_library(home).macros()]
    entry = reply(office.desk, TicketNumber(1), Answer(text="Hello", send_in=0))
    assert office.desk.blobs.get(entry.raw).endswith(b"Hello\r\n")
    other = replace(office.desk, acting=office.desk.agent(Handle("bo")))
    assert other.me.handle == "bo"
    office.close()
