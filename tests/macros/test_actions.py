import pytest

from desk.errors import RefusedError
from desk.people import Handle
from desk.steps import AssignStep, NoteStep, PriorityStep, SnoozeStep, StatusStep, Step, TagStep
from desk.ticket import Priority, Status
from macros.actions import step_of


@pytest.mark.parametrize(
    ("name", "words", "step"),
    [
        ("tag", ["+Refund", "late", "-bank", "+refund"], TagStep(("refund", "late"), ("bank",))),
        ("tag", ["", " +a "], TagStep(("a",))),
        ("assign", ["me"], AssignStep(Handle("ana"))),
        ("assign", ["bo"], AssignStep(Handle("bo"))),
        ("assign", ["none"], AssignStep(None)),
        ("status", ["closed"], StatusStep(Status.CLOSED)),
        ("priority", ["urgent"], PriorityStep(Priority.URGENT)),
        ("note", ["two\nlines"], NoteStep("two\nlines")),
        ("snooze", [" 3 business days"], SnoozeStep("3 business days")),
        ("snooze", ["fri 9, through answers"], SnoozeStep("fri 9", through=True)),
        ("snooze", ["2 weeks through answers"], SnoozeStep("2 weeks", through=True)),
    ],
)
def test_words_become_a_step(name: str, words: list[str], step: Step) -> None:
    assert step_of(name, words, "ana") == step


@pytest.mark.parametrize("name", ["tag", "assign", "status", "priority", "note", "snooze"])
def test_words_that_came_out_empty_are_no_step(name: str) -> None:
    assert step_of(name, [" ", ""], "ana") is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("tag", "+"),
        ("tag", "a b"),
        ("assign", "Ana Ivanova"),
        ("status", "done"),
        ("priority", "very high"),
        ("snooze", "soon"),
    ],
)
def test_words_that_do_not_fit_are_refused(name: str, word: str) -> None:
    with pytest.raises(RefusedError):
        step_of(name, [word], "ana")


def test_nobody_acting_cannot_be_me() -> None:
    with pytest.raises(RefusedError, match="not clear who"):
        step_of("assign", ["me"], "")
