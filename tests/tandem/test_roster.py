"""Who works on a desk: one handle, one login, one agent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.desk import Desk
from desk.errors import NoSuchAgent, RefusedError
from desk.people import Agent, Handle
from tandem.roster import add_agent, change_agent, put_agents, remove_agent

CY = Agent(handle=Handle("cy"), name="Cy Twombly", email="cy@acme.example", login="cy", signature="Cy")


def handles(desk: Desk) -> list[str]:
    return [each.handle for each in desk.store.agents.all()]


def test_an_agent_is_put_on_the_desk_once(desk: Desk) -> None:
    add_agent(desk, CY)
    assert desk.agent(CY.handle) == CY
    with pytest.raises(RefusedError, match="already"):
        add_agent(desk, replace(CY, name="Another"))
    assert desk.agent(CY.handle) == CY


def test_a_login_is_one_agents(desk: Desk) -> None:
    add_agent(desk, CY)
    with pytest.raises(RefusedError, match="cy's already"):
        add_agent(desk, Agent(handle=Handle("di"), name="Di", login="cy"))
    with pytest.raises(RefusedError, match="cy's already"):
        change_agent(desk, Handle("bo"), {"login": "cy"})
    change_agent(desk, CY.handle, {"login": "cy"})
    assert handles(desk) == ["ana", "bo", "cy"]


def test_what_is_changed_is_changed_and_nothing_else(desk: Desk) -> None:
    add_agent(desk, CY)
    change_agent(desk, CY.handle, {"email": "", "login": ""})
    assert desk.agent(CY.handle) == replace(CY, email="", login=None)
    change_agent(desk, CY.handle, {"name": " Cy T. ", "signature": "C\nT"})
    assert desk.agent(CY.handle) == replace(CY, email="", login=None, name="Cy T.", signature="C\nT")


def test_a_stranger_is_neither_changed_nor_removed(desk: Desk) -> None:
    with pytest.raises(NoSuchAgent):
        change_agent(desk, Handle("zed"), {"name": "Zed"})
    with pytest.raises(NoSuchAgent):
        remove_agent(desk, Handle("zed"))


def test_a_colleague_leaves(desk: Desk) -> None:
    remove_agent(desk, Handle("bo"))
    assert handles(desk) == ["ana"]


class TestFounding:
    def test_without_a_word_on_logins_we_are_the_first(self, desk: Desk) -> None:
        put_agents(replace(desk, login="us"), [replace(CY, login=None)], {})
        assert desk.agent(CY.handle).login == "us"

    def test_whoever_acts_for_us_already_goes_on_doing_so(self, desk: Desk) -> None:
        change_agent(desk, Handle("bo"), {"login": "us"})
        put_agents(replace(desk, login="us"), [replace(CY, login=None)], {})
        assert (desk.agent(CY.handle).login, desk.agent(Handle("bo")).login) == (None, "us")

    def test_someone_known_keeps_what_is_not_said_again(self, desk: Desk) -> None:
        add_agent(desk, CY)
        put_agents(desk, [Agent(handle=CY.handle, name="Cy T.")], {"bo": "bolind"})
        assert desk.agent(CY.handle) == replace(CY, name="Cy T.")
        assert desk.agent(Handle("bo")).login == "bolind"

    def test_all_of_it_or_nothing(self, desk: Desk) -> None:
        with pytest.raises(NoSuchAgent):
            put_agents(desk, [CY], {"cy": "cy2", "zed": "zed"})
        assert handles(desk) == ["ana", "bo"]
