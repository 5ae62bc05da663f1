"""Waiting for a server that failed: longer each time, as long as it asks for, and never in step with others."""

from __future__ import annotations

from desk.errors import ConfigError, LoginRefused, MailUnreachable, TandemError
from tandem.patience import LONGEST, SHORTEST, Patience

AWAY = MailUnreachable("away")


def waits(patience: Patience, error: TandemError, times: int) -> list[float]:
    return [patience.after(error) for _ in range(times)]


def test_each_wait_is_twice_as_long_until_five_minutes() -> None:
    patience = Patience(chance=lambda: 0.0)
    assert waits(patience, AWAY, 11) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert (SHORTEST, LONGEST) == (1, 300)


def test_after_a_success_it_begins_anew() -> None:
    patience = Patience(chance=lambda: 0.0)
    waits(patience, AWAY, 5)
    patience.succeeded()
    assert patience.after(AWAY) == 1


def test_chance_shortens_a_wait_by_at_most_a_half() -> None:
    assert waits(Patience(chance=lambda: 1.0), AWAY, 3) == [0.5, 1, 2]
    many = {Patience().after(AWAY) for _ in range(50)}
    assert len(many) > 1
    assert all(0.5 <= each <= 1 for each in many)


def test_a_refused_login_is_not_hammered() -> None:
    for error in (LoginRefused("no"), ConfigError("config.toml", "password_env", "is not set")):
        assert waits(Patience(chance=lambda: 0.0), error, 7) == [60, 120, 240, 480, 960, 1800, 1800]


def test_what_the_server_asks_for_is_obeyed_within_reason() -> None:
    assert Patience().after(MailUnreachable("throttled", retry_after=90.5)) == 90.5
    assert Patience().after(MailUnreachable("throttled", retry_after=1e9)) == 3600
    assert Patience(chance=lambda: 0.0).after(MailUnreachable("throttled", retry_after=0.2)) == 1


def test_failures_without_end_are_no_trouble() -> None:
    assert waits(Patience(chance=lambda: 0.0), AWAY, 5000)[-1] == LONGEST
