"""Logging in to an IMAP server with a password or a token (RFC 9051 6.2.2 and 6.2.3, RFC 7628)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from desk.errors import LoginRefused, MailUnreachable
from mail.auth import Login, PasswordSource
from mail.client import Client
from mail.refusals import login_refusal
from mail.sasl import Mechanism, NoWayIn, explained, mechanism_for, next_words, no_way_in, opening, reason, takes_token
from mail.servers import ImapAddress

_Connected = TypeVar("_Connected")

_ATOM = re.compile(r"[A-Za-z0-9!#$&'+,./:;<=>?@^_`|~-]+")
"""A user name that LOGIN takes as it stands: imaplib quotes the password, but not the name."""

_LINE = re.compile(r"[\x20-\x7e]*")


def with_secret(source: PasswordSource, login: Login, connect: Callable[[str], _Connected]) -> _Connected:
    """Connect with what the source gives; where that is a token and is refused, once more with a fresh one.

    Raises:
        LoginRefused, and whatever else reading and connecting raise.
    """
    secret = source.read()
    try:
        return connect(secret)
    except NoWayIn:
        raise
    except LoginRefused:
        if not takes_token(source, login) or (fresh := source.read()) == secret:
            raise
    return connect(fresh)


def log_in(client: Client, address: ImapAddress, secret: str, login: Login, *, is_token: bool) -> None:
    """Log in by one way only: a wrong password that is tried in every way locks the account sooner.

    Raises:
        LoginRefused: the server does not accept it, or offers no way to log in with it.
        MailUnreachable: there is no login now.
    """
    offers, where = client.offers(), client.line.where
    ways = {each.removeprefix("AUTH=") for each in offers if each.startswith("AUTH=")}
    mechanism = mechanism_for(ways, login, is_token=is_token)
    if mechanism is None and (is_token or "LOGINDISABLED" in offers):
        raise no_way_in(where, ways, is_token=is_token)
    if mechanism is None and not (_ATOM.fullmatch(address.user) and _LINE.fullmatch(secret)):
        mechanism = "PLAIN"  # the LOGIN command takes ASCII only, and some servers know PLAIN without saying so
    conversation = _Conversation(where, mechanism or "PLAIN", address, secret)
    try:
        with client.asking(lambda where, said: login_refusal(where, address.user, said)):
            if mechanism is None:
                client.login(address.user, secret)
            else:
                client.sasl_login(mechanism, conversation)
    except (LoginRefused, MailUnreachable) as error:
        raise explained(error, conversation.reason, conversation.shown, is_token=is_token) from error


@dataclass(slots=True)
class _Conversation:
    """What we answer to the server's challenges, and why it said that a token is refused."""

    where: str
    mechanism: Mechanism
    address: ImapAddress
    secret: str = field(repr=False)
    step: int = 0
    reason: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """The secret, as it is and as imaplib writes it."""
        coded = (base64.b64encode(each).decode("ascii") for each in (self._opening, self.secret.encode()))
        return self.secret, *coded

    @property
    def _opening(self) -> bytes:
        return opening(self.mechanism, self.address.user, self.secret, (self.address.host, self.address.port))

    def __call__(self, challenge: bytes) -> bytes:
        self.step += 1
        if self.step == 1:
            return self._opening
        if self.mechanism in {"XOAUTH2", "OAUTHBEARER"}:
            self.reason = self.reason or reason(challenge)
        if (said := next_words(self.mechanism, self.secret, self.step - 1)) is None:
            raise LoginRefused(f"{self.where} asks for more than a user name and a password")
        return said
