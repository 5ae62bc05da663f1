from __future__ import annotations

from desk.actions.attach import attach, enclose
from desk.actions.draft import keep_aside, resume_draft, save_draft, take_over
from desk.actions.keep_beginning import discard_beginning, keep_beginning, kept_beginnings
from desk.beginning import Beginning
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.people import Address
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, acting_as, receive

BOSS = Address("boss@corp.example", "Boss")


def test_an_unfinished_first_mail_is_kept_for_its_author_alone(desk: Desk) -> None:
    paper = enclose(desk, "offer.pdf", b"%PDF")
    written = Beginning(mailbox="support", to=(DANA,), subject="Our offer", text="Hello", enclosures=(paper,))
    keep_beginning(desk, written)
    [kept] = kept_beginnings(desk)
    assert kept.beginning == written
    assert kept_beginnings(acting_as(desk, "bo")) == []
    assert desk.blobs.get(paper.sha256) == b"%PDF"
    assert paper.sha256 in desk.store.digests()


def test_a_first_mail_is_saved_over_itself_and_an_empty_one_is_forgotten(desk: Desk) -> None:
    first = keep_beginning(desk, Beginning(text="one"))
    second = keep_beginning(desk, Beginning(text="two"), last=first)
    assert [each.beginning.text for each in kept_beginnings(desk)] == ["two"]
    assert keep_beginning(desk, Beginning(), last=second) is None
    assert kept_beginnings(desk) == []


def test_two_screens_of_one_agent_lose_no_words_of_a_first_mail(desk: Desk) -> None:
    first = keep_beginning(desk, Beginning(text="one"))
    keep_beginning(desk, Beginning(text="two, on the one screen"), last=first)
    keep_beginning(desk, Beginning(text="two, on the other"), last=first)
    assert [each.beginning.text for each in kept_beginnings(desk)] == ["two, on the one screen", "two, on the other"]
    discard_beginning(desk, first)
    assert len(kept_beginnings(desk)) == 2


def test_a_draft_keeps_recipients_subject_and_files_when_it_changes_hands(desk: Desk) -> None:
    ticket = receive(desk)
    wording = attach(desk, Wording(to=(BOSS,), subject="Another subject"), "photo.png", b"png")
    save_draft(desk, ticket.number, DraftKind.REPLY, Written("Of ana", wording=wording))
    bo = acting_as(desk, "bo")
    mine = attach(bo, Wording(cc=(BOSS,)), "list.csv", b"a,b")
    taken = take_over(bo, ticket.number, DraftKind.REPLY, Written("", wording=mine))
    assert taken is not None
    assert taken.wording is not None
    assert (taken.wording.to, taken.wording.cc, taken.wording.subject) == ((BOSS,), (BOSS,), "Another subject")
    assert [each.name for each in taken.wording.enclosures] == ["list.csv", "photo.png"]
    assert held_draft(desk, ticket.number, DraftKind.REPLY) == taken


def test_a_draft_without_a_word_is_kept_for_what_was_chosen(desk: Desk) -> None:
    ticket = receive(desk)
    draft = save_draft(desk, ticket.number, DraftKind.REPLY, Written("", wording=Wording(to=(BOSS,))))
    assert draft is not None
    assert "draft" in desk.ticket(ticket.number).holds
    assert save_draft(desk, ticket.number, DraftKind.REPLY, Written("", wording=Wording()), last=draft) is None


def test_a_draft_that_was_set_aside_comes_back_with_what_was_chosen(desk: Desk) -> None:
    ticket = receive(desk)
    keep_aside(desk, ticket.number, DraftKind.REPLY, Written("Hello", wording=Wording(to=(BOSS,))))
    keep_aside(desk, ticket.number, DraftKind.REPLY, Written("Hello", wording=Wording(to=(BOSS,))))
    assert len(desk.store.drafts.of(ticket.number)) == 1
    resumed = resume_draft(desk, ticket.number, DraftKind.REPLY)
    assert resumed is not None
    assert resumed.wording == Wording(to=(BOSS,))


def test_a_forward_is_each_agents_own_while_it_is_written(desk: Desk) -> None:
    ticket = receive(desk)
    bo = acting_as(desk, "bo")
    save_draft(desk, ticket.number, DraftKind.FORWARD, Written("Of ana", wording=Wording(to=(BOSS,))))
    save_draft(bo, ticket.number, DraftKind.FORWARD, Written("Of bo", wording=Wording(to=(BOSS,))))
    save_draft(bo, ticket.number, DraftKind.REPLY, Written("To Dana"))
    held = [held_draft(each, ticket.number, DraftKind.FORWARD) for each in (desk, bo)]
    assert [each.text for each in held if each] == ["Of ana", "Of bo"]
