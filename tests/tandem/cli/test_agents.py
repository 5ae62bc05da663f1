"""`tandem agents`: who works on a desk."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from desk.people import Agent, Handle
from tests.tandem.commands import Commands


def agent(desk: Desk, handle: str) -> Agent:
    return desk.agent(Handle(handle))


class TestList:
    def test_as_lines_and_as_json(self, tandem: Commands) -> None:
        rows = [["ana", "Ana Petrova", "ana@acme.example", "-"], ["bo", "Bo Lind", "bo@acme.example", "-"]]
        assert tandem.run("agents").rows == tandem.run("agents", "list").rows == rows
        shown = tandem.run("agents", "--json").objects
        assert shown == tandem.run("agents", "list", "--json").objects
        assert shown[0] == {"agent": "ana", "name": "Ana Petrova", "email": "ana@acme.example", "login": None}

    def test_json_before_a_subcommand_is_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("agents", "--json", "list", expect=2)


class TestAdd:
    def test_a_colleague(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("agents", "add", "zoë=Zoë", expect=1)
        tandem.run("agents", "add", "zoe=Zoë Roth <zoe@acme.example>", "--login", "zroth", "--signature", "Zoë\nAcme")
        assert agent(desk, "zoe") == Agent(
            handle=Handle("zoe"), name="Zoë Roth", email="zoe@acme.example", login="zroth", signature="Zoë\nAcme"
        )

    def test_an_address_may_be_left_out(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("agents", "add", "cy=Cy Twombly")
        assert (agent(desk, "cy").email, agent(desk, "cy").login) == ("", None)
        assert tandem.run("agents", "--json").objects[-1]["email"] is None

    def test_a_handle_or_a_login_that_is_taken_is_refused(self, tandem: Commands, desk: Desk) -> None:
        assert "edit" in tandem.run("agents", "add", "bo=Another Bo", expect=1).err
        tandem.run("agents", "add", "cy=Cy", "--login", "cy")
        assert "cy's already" in tandem.run("agents", "add", "di=Di", "--login", "cy", expect=1).err
        assert [each.handle for each in desk.store.agents.all()] == ["ana", "bo", "cy"]

    @pytest.mark.parametrize(
        "spelled",
        [
            "", "zed", "=Zed", "Zed=Zed", "z z=Zed", "zed=", "zed= <zed@acme.example>", "zed=Zed <not an address>",
            "zed=Zed <a@b@c>", "zed=Zed <>x", "me=Myself", "none=Nobody", f"{'z' * 21}=Zed", f"zed={'Z' * 101}",
            "zed=Z\x1b[31med", "zed=Zed\nBcc: x", "-z=Zed",
        ],
    )  # fmt: skip
    def test_what_cannot_be_an_agent_is_refused(self, tandem: Commands, desk: Desk, spelled: str) -> None:
        refused = tandem.run("agents", "add", "--", spelled, expect=1)
        assert "\x1b" not in refused.err
        assert len(desk.store.agents.all()) == 2

    def test_bytes_that_are_no_text_are_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("agents", "add", "zed=Z\udcffed", expect=2)
        tandem.run("agents", "add", "zed=Zed", "--signature", "\udcff", expect=2)

    def test_the_first_agent_is_put_on_a_desk_by_whoever_will_be_it(self, tandem: Commands, desk: Desk) -> None:
        """$TANDEM_AGENT may be set in a profile long before the agent is on the desk."""
        tandem.acting_as("zed").run("agents", "add", "zed=Zed")
        tandem.acting_as("zed").run("list", "is:mine")


class TestEdit:
    def test_what_is_said_is_changed_and_the_rest_stays(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("agents", "edit", "bo", "--name", "Bo B. Lind", "--login", "bolind")
        tandem.run("agents", "edit", "bo", "--signature", "Bo")
        assert agent(desk, "bo") == Agent(
            handle=Handle("bo"), name="Bo B. Lind", email="bo@acme.example", login="bolind", signature="Bo"
        )

    def test_what_is_empty_is_forgotten(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("agents", "edit", "bo", "--login", "bolind")
        tandem.run("agents", "edit", "bo", "--login", "", "--email", "", "--signature", "")
        assert agent(desk, "bo") == Agent(handle=Handle("bo"), name="Bo Lind")

    def test_a_name_cannot_be_forgotten(self, tandem: Commands, desk: Desk) -> None:
        for name in ("", "  "):
            tandem.run("agents", "edit", "bo", "--name", name, expect=1)
        assert agent(desk, "bo").name == "Bo Lind"

    def test_a_bad_address_or_anothers_login_is_refused(self, tandem: Commands, desk: Desk) -> None:
        before = agent(desk, "bo")
        tandem.run("agents", "edit", "ana", "--login", "root")
        assert "ana's already" in tandem.run("agents", "edit", "bo", "--login", "root", expect=1).err
        tandem.run("agents", "edit", "bo", "--email", "bo at acme", expect=1)
        assert agent(desk, "bo") == before

    def test_nothing_to_change_is_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("agents", "edit", "bo", expect=2)

    def test_a_stranger_is_refused(self, tandem: Commands) -> None:
        tandem.run("agents", "edit", "zed", "--name", "Zed", expect=1)


class TestRemove:
    def test_a_colleague_leaves(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("agents", "remove", "bo")
        assert [each.handle for each in desk.store.agents.all()] == ["ana"]

    def test_a_stranger_cannot(self, tandem: Commands) -> None:
        assert "ana, bo" in tandem.run("agents", "remove", "zed", expect=1).err
