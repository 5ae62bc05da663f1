from __future__ import annotations

import pytest

from desk.errors import ConfigError
from mail.servers import ImapAddress, SmtpAddress, is_loopback


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imaps://ann@mail.example.org", ImapAddress("mail.example.org", 993, "tls", "ann")),
        ("imaps://ann@mail.example.org:1993/INBOX", ImapAddress("mail.example.org", 1993, "tls", "ann", "INBOX")),
        ("imap://ann@mail.example.org/", ImapAddress("mail.example.org", 143, "starttls", "ann")),
        ("imap://a@mail.example.org?security=starttls", ImapAddress("mail.example.org", 143, "starttls", "a")),
        ("imap://ann@localhost:1143/INBOX?security=none", ImapAddress("localhost", 1143, "none", "ann")),
        ("imap://ann@[::1]:143?security=none", ImapAddress("::1", 143, "none", "ann")),
        (
            "imaps://ann%40example.org@mail.example.org/Team%2FHilfe%20%C3%BC",
            ImapAddress("mail.example.org", 993, "tls", "ann@example.org", "Team/Hilfe ü"),
        ),
        ("imaps://ann@example.org@mail.example.org", ImapAddress("mail.example.org", 993, "tls", "ann@example.org")),
    ],
)
def test_an_imap_url_is_read_and_written(url: str, address: ImapAddress) -> None:
    assert ImapAddress.parse(url) == address
    assert ImapAddress.parse(address.url) == address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtps://ann@mail.example.org", SmtpAddress("mail.example.org", 465, "tls", "ann")),
        ("smtp://ann@mail.example.org", SmtpAddress("mail.example.org", 587, "starttls", "ann")),
        ("smtp://127.0.0.1:2525?security=none", SmtpAddress("127.0.0.1", 2525, "none")),
        ("SMTPS://Mail.Example.org/", SmtpAddress("mail.example.org", 465, "tls")),
    ],
)
def test_an_smtp_url_is_read_and_written(url: str, address: SmtpAddress) -> None:
    assert SmtpAddress.parse(url) == address
    assert SmtpAddress.parse(address.url) == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("imaps://ann:secret@mail.example.org", "it holds a password"),
        ("imaps://ann:@mail.example.org", "it holds a password"),
        ("https://ann@mail.example.org", "a URL that begins with imaps:// is wanted"),
        ("mail.example.org", "a URL that begins with imaps:// is wanted"),
        ("imaps://mail.example.org", "it names no user"),
        ("imaps://ann@", "it names no host"),
        ("imaps://ann@mail example.org", "it names no host"),
        ("imaps://ann@mail.example.org:99999", "its port is no number from 1 to 65535"),
        ("imaps://ann@[::1", "this is no URL"),
        ("imap://ann@mail.example.org?security=none", "it is for this machine only"),
        ("imap://ann@192.0.2.1?security=none", "it is for this machine only"),
        ("imap://ann@mail.example.org?security=maybe", "its security must be starttls or none"),
        ("imaps://ann@mail.example.org?security=none", "imaps:// always means TLS"),
        ("imaps://ann@mail.example.org?colour=red", "it has an unknown option: colour"),
        ("imaps://ann@mail.example.org/a%0d%0aLOGOUT", "it holds control characters"),
        ("imaps://ann@mail.example.org/a#b", "a # in it must be written %23"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_words(url: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        ImapAddress.parse(url, "config.toml", "imap.url")
    assert str(caught.value).startswith("config.toml: imap.url: ")
    assert "secret" not in str(caught.value)


def test_an_smtp_url_names_no_folder() -> None:
    with pytest.raises(ConfigError, match="nothing may stand behind the host and port"):
        SmtpAddress.parse("smtps://ann@mail.example.org/INBOX")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("localhost.example.org", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, *, is_ours: bool) -> None:
    assert is_loopback(host) == is_ours
