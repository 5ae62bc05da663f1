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
    gate = Event()
    screen.app.act("wait", lambda _: gate.wait(60.0))
    try:
        yield
    finally:
        gate.set()


@contextmanager
def slow_reads(screen: Screen) -> Generator[None]:
    """Nothing is read for as long as this lasts."""
    gate = Event()
    screen.app.read("gate", lambda _: gate.wait(60.0), lambda _: None)
    try:
        yield
    finally:
        gate.set()


@contextmanager
def slow_files(screen: Screen) -> Generator[None]:
    """No file is read for as long as this lasts."""
    gate = Event()
    screen.app.look("gate", lambda _: gate.wait(60.0), lambda _: None)
    try:
        yield
    finally:
        gate.set()
