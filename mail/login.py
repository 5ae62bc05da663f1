"""Logging in to an IMAP server with a password or a token (RFC 9051 6.2.2 and 6.2.3, RFC 7628)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from imapclient.exceptions import IMAPClientAbortError, LoginError

from desk.errors import LoginRefused, MailError, MailUnreachable
from mail.auth import Login, PasswordSource
from mail.sasl import Mechanism, mechanism_for, next_words, no_way_in, opening, reason, refused, takes_token, words
from mail.servers import ImapAddress

_TEMPORARY = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]|not connected|too many", re.IGNORECASE)
_BYTES_LITERAL = re.compile(r"\[?b(['\"])(.*?)\1\]?")
_ATOM = re.compile(r"[^\x00-\x20\x7f-\U0010ffff(){%*\"\\\]]+")

_Connected = TypeVar("_Connected")


class Dialogue(Protocol):
    """What is asked of an IMAP connection here, as IMAPClient has it; each may raise LoginError."""

    def capabilities(self) -> tuple[bytes, ...]:
        """What the server can do, in capitals."""
        ...

    def login(self, username: str, password: str) -> object:
        """The LOGIN command."""
        ...

    def sasl_login(self, mech_name: str, mech_callable: Callable[[bytes], bytes | None]) -> object:
        """The AUTHENTICATE command without an initial response, which every server understands."""
        ...


def with_secret(source: PasswordSource, login: Login, connect: Callable[[str], _Connected]) -> _Connected:
    """Connect with what the source gives; where that is a token and is refused, once more with a fresh one.

    Raises:
        LoginRefused, and whatever else reading and connecting raise.
    """
    secret = source.read()
    try:
        return connect(secret)
    except LoginRefused:
        if not takes_token(source, login) or (fresh := source.read()) == secret:
            raise
    return connect(fresh)


def log_in(dialogue: Dialogue, address: ImapAddress, secret: str, login: Login, *, is_token: bool) -> None:
    """Log in by one way only: a wrong password that is tried in every way locks the account sooner.

    Raises:
        LoginRefused: the server does not accept it, or offers no way to log in with it.
        MailUnreachable: there is no login now.
    """
    where = f"IMAP: {address.host}:{address.port}"
    offered = {each.decode("ascii", "replace") for each in dialogue.capabilities()}
    ways = {each.removeprefix("AUTH=") for each in offered if each.startswith("AUTH=")}
    mechanism = mechanism_for(ways, login, is_token=is_token)
    can_say_login = "LOGINDISABLED" not in offered and _ATOM.fullmatch(address.user) and secret.isascii()
    conversation = _Conversation(mechanism or "PLAIN", address, secret)
    try:
        if mechanism is not None:
            dialogue.sasl_login(mechanism, conversation)
        elif can_say_login and not is_token:
            dialogue.login(address.user, secret)
        else:
            raise no_way_in(where, ways, is_token=is_token)
    except LoginError as error:
        raise _explained(error, where, conversation, is_token=is_token) from error


@dataclass(slots=True)
class _Conversation:
    """What we answer to the server's challenges, and why it said that a token is refused."""

    mechanism: Mechanism
    address: ImapAddress
    secret: str = field(repr=False)
    step: int = 0
    reason: str = ""

    def __call__(self, challenge: bytes) -> bytes | None:
        self.step += 1
        if self.step == 1:
            server = self.address.host, self.address.port
            return opening(self.mechanism, self.address.user, self.secret, server)
        if self.mechanism in {"XOAUTH2", "OAUTHBEARER"}:
            self.reason = self.reason or reason(challenge)
        return next_words(self.mechanism, self.secret, self.step - 1)


def _explained(error: LoginError, where: str, conversation: _Conversation, *, is_token: bool) -> MailError:
    said = words(_BYTES_LITERAL.sub(r"\2", str(error)), conversation.secret)
    if isinstance(error.__context__, IMAPClientAbortError) or _TEMPORARY.search(said):
        return MailUnreachable(f"{where}: no login now: {said}", "it is tried again later")
    why = words(conversation.reason, conversation.secret)
    return refused(where, conversation.address.user, f"{said} ({why})" if why else said, is_token=is_token)
