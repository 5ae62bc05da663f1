"""Fixtures that every test may ask for: a desk, and servers on loopback, each new and empty."""

from __future__ import annotations

import logging
import os
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.errors import TandemError
from tests.desks import SetClock, make_desk
from tests.servers import (
    PASSWORD,
    Certificates,
    Dovecot,
    ImapServer,
    ScriptedSmtp,
    SmtpServer,
    make_certificates,
    need_dovecot,
)


def pytest_configure() -> None:
    """Whoever runs the tests in the background lets them ignore Ctrl-C, and so would each program that they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as processors: a test waits most of its time, for a screen, a server or the disk."""
    return 2 * (os.cpu_count() or 1)


class _Defects(logging.Handler):
    """What an edge of the program caught that is no error of ours, as it stands in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, TandemError):
            self.told += [record.getMessage(), *traceback.format_exception(error)]


@pytest.fixture(autouse=True)
def unbroken(request: pytest.FixtureRequest) -> Iterator[None]:
    """A defect that the program lives through fails the test all the same, but for one that makes it (`breaks`)."""
    defects, log = _Defects(), logging.getLogger("tandem")
    log.addHandler(defects)
    yield
    log.removeHandler(defects)
    if "breaks" not in request.keywords:
        assert not defects.told, "\n".join(defects.told)


@pytest.fixture
def clock() -> SetClock:
    """The clock of the desk, which the test sets."""
    return SetClock()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A desk of two agents over the real store, in the folder `desk`."""
    made = make_desk(tmp_path / "desk", clock=clock)
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate for localhost and 127.0.0.1, and the authority that signed it."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot without TLS; the test is skipped where none is installed."""
    need_dovecot()
    with Dovecot() as server:
        yield server


@pytest.fixture
def secure_dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """A Dovecot that also speaks TLS: IMAPS at `tls_port`, STARTTLS at `port`."""
    need_dovecot()
    with Dovecot(certificates=certificates) as server:
        yield server


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    """An IMAP server in memory (pymap)."""
    with ImapServer(PASSWORD) as server:
        yield server


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """An SMTP server that takes and keeps everything (aiosmtpd)."""
    with SmtpServer() as server:
        yield server


@pytest.fixture
def scripted_smtp() -> Iterator[ScriptedSmtp]:
    """An SMTP server that takes everything until the test writes it a script of misdeeds."""
    with ScriptedSmtp() as server:
        yield server
