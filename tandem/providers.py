"""What is known of large mail providers: their servers, and what each wants before a program may log in.

Taken from public documentation and from the settings of other mail programs; none of it was tried with an account.
That sent mail is filed by the provider: for Gmail support.google.com/mail/answer/78892 ("Sent messages are
automatically copied to the Gmail/Sent folder if your email client uses SMTP"); for Microsoft's servers
learn.microsoft.com, "Improvements to SMTP client submission" (2018: sent mail is stored in Sent Items). Of iCloud,
Yandex and Zoho reports contradict each other, or a setting decides: there a copy is looked for before one is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.errors import RefusedError
from mail.auth import Login, PasswordSource, TokenCommand
from mail.servers import ImapAddress, Security, SmtpAddress

_MAKE_ONE = "make a password for this program and use that: your own is refused"
_MICROSOFT_TOKEN = (
    "passwords are no longer taken (Basic authentication is gone): a token command is needed",
    "its token must allow IMAP.AccessAsUser.All and SMTP.Send of outlook.office.com",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider. `key` is what `--provider` calls it, `domains` are those of its own addresses.

    `needs` says in sentences what must be done there first. `wants_token`: no password is taken. `login_by` is how
    a token is shown; `sent_names` are names of the folder with sent mail where the server marks none (RFC 6154).
    `name_is_local`: for IMAP the user is the part before the @ of one of its own addresses. `files_sent`: what is sent
    over its SMTP server is put into the folder of sent mail there, whoever sent it.
    """

    key: str
    title: str
    domains: tuple[str, ...]
    imap_host: str
    smtp_host: str
    needs: tuple[str, ...]
    smtp_port: int = 465
    smtp_security: Security = "tls"
    wants_token: bool = False
    login_by: Login = "auto"
    sent_names: tuple[str, ...] = ()
    name_is_local: bool = False
    files_sent: bool = False

    def imap_url(self, email: str) -> str:
        """Where the mail of an address is read."""
        user = email.partition("@")[0] if self.name_is_local and provider_of(email) is self else email
        return ImapAddress(self.imap_host, 993, "tls", user).url

    def smtp_url(self, email: str) -> str:
        """Where the mail of an address is sent."""
        return SmtpAddress(self.smtp_host, self.smtp_port, self.smtp_security, email).url

    def login(self, source: PasswordSource | None) -> Login:
        """How to log in with what a source gives."""
        return self.login_by if isinstance(source, TokenCommand) else "auto"


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        key="gmail",
        title="Gmail",
        domains=("gmail.com", "googlemail.com"),
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        files_sent=True,
        needs=(
            f"switch 2-Step Verification on, then under “App passwords” {_MAKE_ONE}; or use a token command",
            "in a company's account the administrator may have to allow either",
        ),
    ),
    Provider(
        key="microsoft365",
        title="Microsoft 365",
        domains=("onmicrosoft.com",),
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        smtp_port=587,
        smtp_security="starttls",
        wants_token=True,
        files_sent=True,
        needs=(
            *_MICROSOFT_TOKEN,
            "the administrator must have switched IMAP and authenticated SMTP on for this mailbox",
        ),
    ),
    Provider(
        key="outlook",
        title="Outlook.com",
        domains=("outlook.com", "hotmail.com", "live.com", "msn.com"),
        imap_host="outlook.office365.com",
        smtp_host="smtp-mail.outlook.com",
        smtp_port=587,
        smtp_security="starttls",
        wants_token=True,
        files_sent=True,
        needs=(
            *_MICROSOFT_TOKEN,
            "switch IMAP on in the settings, under “Forwarding and IMAP”",
        ),
    ),
    Provider(
        key="fastmail",
        title="Fastmail",
        domains=("fastmail.com", "fastmail.fm"),
        imap_host="imap.fastmail.com",
        smtp_host="smtp.fastmail.com",
        needs=(
            f"under “Privacy & Security” {_MAKE_ONE}",
            "with a domain of your own, the user in both URLs is still your Fastmail address",
        ),
    ),
    Provider(
        key="icloud",
        title="iCloud Mail",
        domains=("icloud.com", "me.com", "mac.com"),
        imap_host="imap.mail.me.com",
        smtp_host="smtp.mail.me.com",
        smtp_port=587,
        smtp_security="starttls",
        name_is_local=True,
        sent_names=("Sent Messages", "Sent Items"),
        needs=(
            f"switch two-factor authentication on, then under “App-Specific Passwords” {_MAKE_ONE}",
            "should the login fail, take the whole address as the user in the IMAP URL, its @ written %40",
            "with a domain of your own, the user in both URLs is your iCloud address",
        ),
    ),
    Provider(
        key="yandex",
        title="Yandex Mail",
        domains=("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "ya.ru", "narod.ru"),
        imap_host="imap.yandex.com",
        smtp_host="smtp.yandex.com",
        login_by="xoauth2",  # its IMAP server takes that without saying so
        needs=(
            "switch IMAP on in the mail settings, under “Email clients”, with app passwords allowed",
            f"in the account's security settings, for mail, {_MAKE_ONE}",
        ),
    ),
    Provider(
        key="mailru",
        title="Mail.ru",
        domains=("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"),
        imap_host="imap.mail.ru",
        smtp_host="smtp.mail.ru",
        needs=(f"in the account's security settings, under passwords for external applications, {_MAKE_ONE}",),
    ),
    Provider(
        key="abv",
        title="abv.bg",
        domains=("abv.bg", "gbg.bg", "gyuvetch.bg"),
        imap_host="imap.abv.bg",
        smtp_host="smtp.abv.bg",
        needs=(
            "allow mail programs (IMAP) in the settings of АБВ Поща; without that the login is refused",
            "sent mail is kept there only when “Копие от изпратено писмо” is on in the settings",
        ),
    ),
)


def provider_called(key: str) -> Provider:
    """The provider that `--provider` names.

    Raises:
        RefusedError: none is called so.
    """
    for each in PROVIDERS:
        if key.casefold() in (each.key, each.title.casefold()):
            return each
    known = ", ".join(each.key for each in PROVIDERS)
    raise RefusedError(f"no provider “{key[:40]}” is known", f"known: {known}; others by --imap and --smtp")


def provider_of(email: str) -> Provider | None:
    """The provider whose domain an address has, or a domain below it."""
    domain = email.rpartition("@")[2].casefold()
    return next((each for each in PROVIDERS if any(f".{domain}".endswith(f".{own}") for own in each.domains)), None)


def files_sent(imap_host: str, smtp_host: str) -> bool:
    """Whether these servers are one provider's that puts sent mail into the folder for it, whatever our address is."""
    hosts = (imap_host.casefold(), smtp_host.casefold())
    return any(each.files_sent and (each.imap_host, each.smtp_host) == hosts for each in PROVIDERS)
