"""No password is in what anybody reads, whatever a server does with it."""

from __future__ import annotations

import base64
import traceback
from pathlib import Path

import pytest

from desk.errors import MailError
from tests.mail.sending import ENTRY, RAW, Entering, guarded_server, sender_with_login
from tests.servers import Certificates, Step

PASSWORD = "correct-horse-4711"
ENCODED = base64.b64encode(PASSWORD.encode()).decode()
PLAIN = base64.b64encode(f"\0support\0{PASSWORD}".encode()).decode()
LOGIN_STEPS: list[Step] = ["auth", "password"]
STEPS: list[Step] = [*LOGIN_STEPS, "mail", "rcpt", "data", "dot"]
SAYINGS = ["535 5.7.8 {}", "454 4.7.0 {}", "421 {}", "{}", "AUTH LOGIN {}", "535-{}\r\n250 {}", "250 {}\r\n250 {}"]


@pytest.mark.parametrize("saying", SAYINGS)
@pytest.mark.parametrize("step", STEPS)
async def test_a_password_that_the_server_repeats_at_any_step_is_in_no_word_of_ours(
    tmp_path: Path, certificates: Certificates, caplog: pytest.LogCaptureFixture, step: Step, saying: str
) -> None:
    with guarded_server(certificates) as server:
        server.refuse(step, saying.replace("{}", f"{PASSWORD} {ENCODED} {PLAIN}"))
        sender = sender_with_login(server, tmp_path, certificates, password=PASSWORD)
        attempt = await sender.send(ENTRY, RAW, Entering())
        assert not leaks(repr(attempt))
        if step in LOGIN_STEPS:
            with pytest.raises(MailError) as caught:
                await sender.check()
            assert not leaks("".join(traceback.format_exception(caught.value)))
    assert not leaks(caplog.text)


def leaks(words: str) -> bool:
    return any(secret in words for secret in (PASSWORD, ENCODED, PLAIN))
