"""Passwords from a keyring: the real library, with a backend that lives for one test."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from desk.errors import ConfigError, LoginRefused, TandemError
from mail.auth import PasswordKeyring

BACKEND = """
import time
from keyring import backend, errors


class Ring(backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        {body}

    def set_password(self, service, username, password):
        pass
"""


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that becomes the keyring."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "desk_ring.Ring")
    return tmp_path / "desk_ring.py"


def test_an_entry_is_found_by_service_and_user(ring: Path) -> None:
    ring.write_text(BACKEND.format(body="return f'pässword of {username} at {service}'"))
    assert PasswordKeyring("tandem", "support").read() == "pässword of support at tandem"


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        ("return None", ConfigError, r"there is no such entry \(`keyring set tandem support` makes it\)"),
        ("raise errors.KeyringLocked('s3cret')", LoginRefused, "the keyring is locked or broken"),
        ("raise errors.NoKeyringError('s3cret')", ConfigError, "there is no keyring on this system"),
        ("raise RuntimeError('s3cret')", LoginRefused, "the keyring is locked or broken"),
    ],
)
def test_what_keeps_it_shut_is_said_in_one_sentence(ring: Path, body: str, kind: type[TandemError], why: str) -> None:
    ring.write_text(BACKEND.format(body=body))
    with pytest.raises(kind, match=why) as caught:
        PasswordKeyring("tandem", "support").read()
    assert "s3cret" not in str(caught.value)
    assert caught.value.hint


def test_a_keyring_that_waits_for_a_dialogue_holds_nobody_up_for_ever(ring: Path) -> None:
    ring.write_text(BACKEND.format(body="time.sleep(600)"))
    started = time.monotonic()
    with pytest.raises(LoginRefused, match=r"gave no answer in 1 seconds \(unlock it"):
        PasswordKeyring("tandem", "support", patience=1).read()
    assert time.monotonic() - started < 60


def test_a_library_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keyring.py").write_text("raise ImportError('not here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"is not installed \(install tandem-inbox\[keyring\]\)"):
        PasswordKeyring("tandem", "support").read()


def test_a_file_in_the_current_folder_is_no_library(
    ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.write_text(BACKEND.format(body="return 's3cret'"))
    (here := tmp_path / "here").mkdir()
    (here / "keyring.py").write_text("print('a stranger')")
    monkeypatch.chdir(here)
    assert PasswordKeyring("tandem", "support").read() == "s3cret"
