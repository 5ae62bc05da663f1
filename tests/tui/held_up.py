"""What a screen waits for: a desk that another process keeps, and threads in which nothing goes on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from tests.tui.apps import Screen


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Another process writes to the desk."""
    descriptor = os.open(folder / "desk.db.lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def slow_writes(screen: Screen) -> Generator[None]:
    """Nothing is written for as long as this lasts."""
    with _shut() as opens:
        screen.app.act("wait", lambda _: opens.wait(60.0))
        yield


@contextmanager
def slow_reads(screen: Screen) -> Generator[None]:
    """Nothing is read for as long as this lasts."""
    with _shut() as opens:
        screen.app.read("gate", lambda _: opens.wait(60.0), lambda _: None)
        yield


@contextmanager
def slow_opening(screen: Screen) -> Generator[None]:
    """Nothing that is opened, or that a key needs, is read for as long as this lasts."""
    with _shut() as opens:
        screen.app.fetch("gate", lambda _: opens.wait(60.0), lambda _: None, lambda: None)
        yield


@contextmanager
def slow_files(screen: Screen) -> Generator[None]:
    """No file is read for as long as this lasts."""
    with _shut() as opens:
        screen.app.look("gate", lambda _: opens.wait(60.0), lambda _: None)
        yield


@contextmanager
def _shut() -> Generator[Event]:
    opens = Event()
    try:
        yield opens
    finally:
        opens.set()
