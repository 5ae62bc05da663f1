"""What is known of providers: their servers as URLs that can be read, and who is found by an address."""

from __future__ import annotations

import pytest

from desk.errors import RefusedError
from mail.auth import PasswordEnvironment, TokenCommand
from mail.servers import ImapAddress, SmtpAddress
from tandem.providers import PROVIDERS, Provider, provider_called, provider_of


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.key)
def test_every_provider_is_reached_encrypted_and_says_what_it_needs(provider: Provider) -> None:
    imap = ImapAddress.parse(provider.imap_url("dana+x@corp.example"))
    smtp = SmtpAddress.parse(provider.smtp_url("dana+x@corp.example"))
    assert (imap.port, imap.security, imap.folder) == (993, "tls", "INBOX")
    assert (smtp.port, smtp.security) in {(465, "tls"), (587, "starttls")}
    assert imap.user == smtp.user == "dana+x@corp.example"
    assert provider.needs
    assert all(provider_of(f"a@{domain}") is provider for domain in provider.domains)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("dana@GMail.com", "gmail"),
        ("help@acme.onmicrosoft.com", "microsoft365"),
        ("dana@hotmail.com", "outlook"),
        ("dana@ya.ru", "yandex"),
        ("dana@bk.ru", "mailru"),
        ("dana@abv.bg", "abv"),
        ("dana@notgmail.com", None),
        ("dana@gmail.com.example", None),
        ("dana@acme.example", None),
    ],
)
def test_an_address_tells_its_provider(address: str, key: str | None) -> None:
    found = provider_of(address)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("name", "imap", "smtp"),
    [
        ("gmail", "imap.gmail.com:993", "smtps://d%40x.example@smtp.gmail.com:465"),
        (
            "microsoft365",
            "outlook.office365.com:993",
            "smtp://d%40x.example@smtp.office365.com:587?security=starttls",
        ),
        ("fastmail", "imap.fastmail.com:993", "smtps://d%40x.example@smtp.fastmail.com:465"),
        ("icloud", "imap.mail.me.com:993", "smtp://d%40x.example@smtp.mail.me.com:587?security=starttls"),
        ("yandex", "imap.yandex.com:993", "smtps://d%40x.example@smtp.yandex.com:465"),
        ("mail.ru", "imap.mail.ru:993", "smtps://d%40x.example@smtp.mail.ru:465"),
        ("abv.bg", "imap.abv.bg:993", "smtps://d%40x.example@smtp.abv.bg:465"),
    ],
)
def test_a_provider_can_be_named_for_a_domain_of_ones_own(name: str, imap: str, smtp: str) -> None:
    provider = provider_called(name)
    assert f"@{imap}/INBOX" in provider.imap_url("d@x.example")
    assert provider.smtp_url("d@x.example") == smtp


def test_only_icloud_wants_the_name_without_its_domain_and_only_of_its_own_addresses() -> None:
    icloud = provider_called("icloud")
    assert icloud.imap_url("dana@icloud.com") == "imaps://dana@imap.mail.me.com:993/INBOX"
    assert icloud.smtp_url("dana@icloud.com").startswith("smtp://dana%40icloud.com@")
    assert provider_called("gmail").imap_url("dana@gmail.com").startswith("imaps://dana%40gmail.com@")


def test_a_name_that_nobody_has_names_those_that_are_known() -> None:
    with pytest.raises(RefusedError, match=r"no provider “acme” is known .known: gmail, microsoft365, .*abv"):
        provider_called("acme")


def test_a_token_is_shown_to_yandex_by_the_way_that_it_does_not_offer() -> None:
    assert provider_called("yandex").login(TokenCommand(("get-token",))) == "xoauth2"
    assert provider_called("yandex").login(PasswordEnvironment("A")) == "auto"
    assert provider_called("gmail").login(TokenCommand(("get-token",))) == "auto"
