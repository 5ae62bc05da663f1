"""`tandem outbox`: what waits to go out, and what an agent may do about one mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.cancel import write_anew
from desk.clock import utc_now
from desk.desk import Desk
from desk.outgoing import (
    Copy,
    Evidence,
    OutboxEntry,
    OutboxState,
    RecipientAnswer,
    SendingAccount,
    Try,
    Verdict,
)
from desk.ticket import TicketNumber
from tests.desks import receive
from tests.tandem.commands import Commands

OUTBOX = ["id", "ticket", "to", "state", "due", "attempts", "last_error", "message_id"]
"""The fields of an outgoing mail, word for word from the contract."""

MORE = ["purpose", "refused_for", "evidence", "tries", "copy", "copy_said"]
"""What stands behind them."""


@pytest.fixture
def mail(desk: Desk, tandem: Commands) -> OutboxEntry:
    """A reply on ticket 1 that has not left."""
    receive(desk)
    tandem.run("reply", 1, "--body-file", "-", "--send-in", "60s", stdin="Hello")
    return desk.store.outbox.all()[0]


def put(desk: Desk, mail: OutboxEntry, state: OutboxState, error: str | None = None) -> None:
    desk.store.outbox.put(replace(mail, state=state, last_error=error, attempts=1))


def test_an_empty_outbox_prints_nothing(tandem: Commands) -> None:
    assert tandem.run("outbox").out == tandem.run("outbox", "--json").out == ""


def test_a_mail_has_exactly_the_fields_of_the_contract(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    [shown] = tandem.run("outbox", "--json").objects
    assert list(shown) == OUTBOX + MORE
    assert shown["to"] == ["dana@corp.example"]
    assert (shown["state"], shown["attempts"], shown["last_error"]) == ("queued", 0, None)
    assert shown["due"].endswith("Z")
    put(desk, mail, OutboxState.REFUSED, "550 no such user")
    [shown] = tandem.run("outbox", "--json").objects
    assert (shown["state"], shown["attempts"], shown["last_error"]) == ("refused", 1, "550 no such user")


@pytest.mark.parametrize("state", list(OutboxState))
def test_every_state_is_one_of_the_contracts_words(
    tandem: Commands, desk: Desk, mail: OutboxEntry, state: OutboxState
) -> None:
    put(desk, mail, state)
    words = ["queued", "sending", "sent", "deferred", "refused", "uncertain", "cancelled", "bounced"]
    assert tandem.run("outbox", "--json").objects[0]["state"] in words


def test_a_server_cannot_drive_the_terminal_by_its_answer(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    put(desk, mail, OutboxState.REFUSED, "550 \x1b]0;owned\x07\tno\nway")
    [row] = tandem.run("outbox").rows
    assert row[-1] == "550 \ufffd]0;owned\ufffd no way"
    assert row[:3] == ["1", "1", "refused"]


@pytest.mark.parametrize("state", [OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.DEFERRED])
def test_a_failed_mail_is_sent_again_when_asked_for(
    tandem: Commands, desk: Desk, mail: OutboxEntry, state: OutboxState
) -> None:
    put(desk, mail, state, "550 no")
    assert "ticket 1" in tandem.run("outbox", "retry", 1).out
    assert desk.store.outbox.all()[0].state is OutboxState.QUEUED


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.CANCELLED, OutboxState.IN_DATA])
def test_a_mail_that_went_out_is_not_sent_again(
    tandem: Commands, desk: Desk, mail: OutboxEntry, state: OutboxState
) -> None:
    put(desk, mail, state)
    tandem.run("outbox", "retry", 1, expect=1)
    tandem.run("outbox", "cancel", 1, expect=1)
    assert desk.store.outbox.all()[0].state is state


def test_a_mail_is_cancelled(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    tandem.run("outbox", "cancel", mail.id)
    assert desk.store.outbox.all()[0].state is OutboxState.CANCELLED
    assert tandem.run("show", 1, "--json").objects[0]["messages"][-1]["kind"] == "event"


@pytest.mark.parametrize("command", ["retry", "cancel"])
def test_a_mail_that_is_not_there_is_said_so(tandem: Commands, command: str) -> None:
    for number in (7, 10**30):
        assert str(number) in tandem.run("outbox", command, number, expect=1).err
    tandem.run("outbox", command, "0", expect=2)
    tandem.run("outbox", command, expect=2)


def test_json_before_a_subcommand_is_wrong_usage(tandem: Commands, mail: OutboxEntry) -> None:
    tandem.run("outbox", "--json", "cancel", mail.id, expect=2)


def test_all_that_is_known_of_a_mail_is_shown(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    said = RecipientAnswer("eve@corp.example", 550, "no such user")
    tried = Try(utc_now(), Verdict.REFUSED, "550 no such \x1b[2Juser")
    found = Evidence(kind="not_in_sent", at=utc_now())
    desk.store.outbox.put(replace(mail, refused_for=(said,), tries=(tried,), evidence=(found,), copy=Copy.KEPT))
    shown = tandem.run("outbox", "show", 1).out
    assert "mail 1 on ticket 1: reply, queued" in shown
    assert "refused for eve@corp.example: 550 no such user" in shown
    assert "refused: 550 no such \ufffd[2Juser" in shown
    assert "not in sent" in shown
    assert "copy in the folder of sent mail: kept" in shown
    [told] = tandem.run("outbox", "show", 1, "--json").objects
    assert told["refused_for"] == [{"to": "eve@corp.example", "code": 550, "said": "no such user"}]
    assert (told["evidence"][0]["kind"], told["copy"]) == ("not_in_sent", "kept")
    assert "no outgoing mail 9" in tandem.run("outbox", "show", 9, expect=1).err


def test_when_a_mail_leaves_and_why_it_came_back_is_shown(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    assert "leaves " in tandem.run("outbox", "show", 1).out
    put(desk, mail, OutboxState.DEFERRED, "451 later")
    shown = tandem.run("outbox", "show", 1).out
    assert "leaves " in shown
    assert "451 later" in shown
    put(desk, mail, OutboxState.BOUNCED, "there is no such \x1b[2Jmailbox")
    shown = tandem.run("outbox", "show", 1).out
    assert "there is no such \ufffd[2Jmailbox" in shown
    assert "leaves " not in shown


@pytest.mark.parametrize("state", [OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED])
def test_its_ticket_shows_to_whom_it_was_and_why_it_did_not_arrive(
    tandem: Commands, desk: Desk, mail: OutboxEntry, state: OutboxState
) -> None:
    shown = tandem.run("show", 1).out
    assert "  to dana@corp.example" in shown
    assert "⚠" not in shown
    put(desk, mail, state, "554 not \x1b[2Jtoday")
    shown = tandem.run("show", 1).out
    assert "  ⚠ 554 not \ufffd[2Jtoday" in shown
    assert f"`tandem outbox show {mail.id}`" in shown


def test_its_ticket_shows_who_was_refused_and_which_account_holds_it(
    tandem: Commands, desk: Desk, mail: OutboxEntry
) -> None:
    said = RecipientAnswer("eve@corp.example", 550, "no such user")
    desk.store.outbox.put(replace(mail, state=OutboxState.REFUSED, refused_for=(said,), last_error="550 no such user"))
    shown = tandem.run("show", 1).out
    assert "⚠ refused for eve@corp.example: 550 no such user" in shown
    assert shown.count("550") == 1
    desk.store.outbox.put(mail)
    desk.store.senders.put(SendingAccount(mailbox="support", stopped_since=utc_now(), said="535 wrong password"))
    assert "⚠ no mail leaves: 535 wrong password" in tandem.run("show", 1).out


def test_a_mail_is_sent_to_the_rest_of_its_recipients(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    both = ("dana@corp.example", "eve@corp.example")
    said = RecipientAnswer("eve@corp.example", 550, "no such user")
    desk.store.outbox.put(replace(mail, state=OutboxState.REFUSED, recipients=both, refused_for=(said,)))
    assert "queued again, to dana@corp.example" in tandem.run("outbox", "rest", 1).out
    assert desk.store.outbox.all()[0].recipients == ("dana@corp.example",)
    assert "no refused recipient" in tandem.run("outbox", "rest", 1, expect=1).err


def test_an_agent_who_knows_better_settles_a_mail(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    put(desk, mail, OutboxState.UNCERTAIN)
    assert "settled" in tandem.run("outbox", "settle", 1).out
    assert desk.store.outbox.all()[0].state is OutboxState.SENT
    assert "nothing to settle" in tandem.run("outbox", "settle", 1, expect=1).err


def test_an_account_that_is_not_let_in_is_told_beside_its_mails(
    tandem: Commands, desk: Desk, mail: OutboxEntry
) -> None:
    assert tandem.run("outbox").err == ""
    later = utc_now() + timedelta(minutes=20)
    desk.store.senders.put(
        SendingAccount(mailbox="support", stopped_since=utc_now(), said="535 wrong \x1b[2Jpassword", next_try=later)
    )
    for words in (("outbox",), ("outbox", "--json")):
        ran = tandem.run(*words)
        assert "support: no mail leaves: 535 wrong \ufffd[2Jpassword, next try " in ran.err
        assert len(ran.lines) >= 1
    assert "queued again" in tandem.run("outbox", "retry", mail.id).out
    account = desk.store.senders.get("support")
    assert account is not None
    assert account.next_try is not None
    assert account.next_try < later


def test_a_mail_that_knows_nothing_of_a_newer_one_is_sent_again_only_with_that_seen(
    tandem: Commands, desk: Desk, mail: OutboxEntry
) -> None:
    both = ("dana@corp.example", "eve@corp.example")
    said = RecipientAnswer("eve@corp.example", 550, "no such user")
    desk.store.outbox.put(replace(mail, state=OutboxState.REFUSED, recipients=both, refused_for=(said,)))
    receive(desk, text="Not needed any more.", answers=(mail.message_id,))
    for command in ("retry", "rest"):
        refused = tandem.run("outbox", command, 1, expect=1).err
        assert "not sent again: since mail 1 was written, Dana Petrova wrote a mail" in refused
        assert len(refused.splitlines()) == 1
        assert desk.store.outbox.all()[0].state is OutboxState.REFUSED
    newest = max(each.id for each in desk.store.conversations.of(mail.ticket))
    assert (
        f"`tandem outbox retry 1 --seen {newest}` sends it all the same"
        in tandem.run("outbox", "retry", 1, expect=1).err
    )
    tandem.run("outbox", "retry", 1, "--seen", newest)
    assert desk.store.outbox.all()[0].state is OutboxState.QUEUED


def test_what_is_no_entry_of_its_ticket_cannot_be_seen(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    both = ("dana@corp.example", "eve@corp.example")
    said = RecipientAnswer("eve@corp.example", 550, "no such user")
    desk.store.outbox.put(replace(mail, state=OutboxState.REFUSED, recipients=both, refused_for=(said,)))
    receive(desk, text="Not needed any more.", answers=(mail.message_id,))
    receive(desk, subject="Toner")
    of_another = max(each.id for each in desk.store.conversations.of(TicketNumber(2)))
    for command in ("retry", "rest"):
        for seen in (of_another, of_another + 1, 99999):
            refused = tandem.run("outbox", command, 1, "--seen", seen, expect=1).err
            assert refused == f"tandem: there is no entry on ticket 1 with the id {seen}\n"
    assert desk.store.outbox.all()[0].state is OutboxState.REFUSED


def test_a_mail_whose_text_was_sent_anew_is_not_sent_beside_it(tandem: Commands, desk: Desk, mail: OutboxEntry) -> None:
    put(desk, mail, OutboxState.REFUSED, "554 no")
    write_anew(desk, mail.id)
    tandem.run("reply", 1, "--draft", "--send-in", "0s")
    again = desk.store.outbox.all()[0]
    put(desk, again, OutboxState.SENT)
    refused = tandem.run("outbox", "retry", 1, expect=1).err
    assert "mail 1 cannot be sent again: its text was written anew as mail 2" in refused
    assert "its text was written anew as mail 2" in tandem.run("outbox", "show", 1).out
    assert "--past" not in tandem.run("undo", expect=1).err
    tandem.run("undo", "--past", expect=1)
    assert [each.state for each in desk.store.outbox.all()] == [OutboxState.SENT, OutboxState.CANCELLED]
