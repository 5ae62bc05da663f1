"""What a key asks for is shown once: with the key where it is there at once, else when it comes."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from desk.desk import Desk
from desk.errors import BadQuery
from tui.lists.awaited import Awaited


def test_what_was_read_by_then_is_shown_by_who_waits_and_not_again_when_the_reader_calls_back(desk: Desk) -> None:
    shown = list[int]()
    awaited = Awaited(lambda _: 7, shown.append)
    awaited.read(desk)
    awaited.wait()
    assert shown == [7]
    awaited.show()
    assert shown == [7]


def test_who_waits_for_what_takes_long_goes_on_without_it_and_it_is_shown_when_it_comes(desk: Desk) -> None:
    shown, held = list[str](), Event()
    awaited = Awaited(lambda _: str(held.wait(60)), shown.append)
    reader = Thread(target=awaited.read, args=[desk])
    reader.start()
    awaited.wait()
    assert not shown
    assert not awaited.was_quick
    held.set()
    reader.join()
    awaited.show()
    assert shown == ["True"]


def test_of_what_cannot_be_read_nothing_is_shown(desk: Desk) -> None:
    def read(_: Desk) -> str:
        raise BadQuery("there is no “a:”", "a:", 1)

    shown = list[str]()
    awaited = Awaited(read, shown.append)
    with pytest.raises(BadQuery):
        awaited.read(desk)
    awaited.wait()
    awaited.show()
    assert not shown
