"""Servers that take OAuth 2.0 tokens: a Dovecot, an SMTP server, and the authority that both ask.

A token is good while it stands in `authority.valid`, by the user that it is for.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, AuthResult

from tests.certificates import Certificates
from tests.dovecot import HOST, Dovecot
from tests.servers import SecureSmtpServer

REFUSAL = {"status": "401", "schemes": "bearer", "scope": "https://mail.acme.example/"}


class TokenAuthority:
    """Says over HTTP whose a token is, as an OAuth 2.0 provider's tokeninfo does."""

    def __init__(self, **valid: str) -> None:
        self.valid = valid
        """User by token."""
        self.asked: list[str] = []
        authority = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                [token] = parse_qs(urlsplit(self.path).query).get("token", [""])
                authority.asked.append(token)
                user = authority.valid.get(token)
                self.send_response(200 if user else 401)
                body = json.dumps({"email": user, "expires_in": 3600} if user else {"error": "invalid_token"}).encode()
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The address to which a token is added."""
        return f"http://{HOST}:{self._server.server_address[1]}/?token="

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class TokenDovecot(Dovecot):
    """A Dovecot that takes tokens, and the password too unless `mechanisms` leaves PLAIN and LOGIN out."""

    def __init__(
        self,
        authority: TokenAuthority,
        certificates: Certificates | None = None,
        mechanisms: str = "plain login xoauth2 oauthbearer",
    ) -> None:
        super().__init__(certificates=certificates)
        self._authority, self._mechanisms = authority, mechanisms

    def _more_settings(self) -> str:
        tokens = self.home / "tokens.conf.ext"
        tokens.write_text(f"tokeninfo_url = {self._authority.url}\nusername_attribute = email\n")
        passdb = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {tokens}\n}}\n"
        patient = (
            "auth_failure_delay = 0\nservice anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n"
        )
        return f"auth_mechanisms = {self._mechanisms}\n{patient}{passdb}"


class TokenSmtpServer(SecureSmtpServer):
    """An SMTP server over TLS that takes tokens; a token that it refuses is refused as RFC 7628 3.2 says."""

    def __init__(self, authority: TokenAuthority, certificates: Certificates, mechanisms: tuple[str, ...]) -> None:
        super().__init__(certificates)
        self._authority, self._mechanisms = authority, mechanisms
        self.answers: list[bytes] = []
        """What clients answered to a refusal before it was final."""

    def _protocol(self) -> SMTP:
        known = {"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"}
        return SMTP(
            self,
            loop=asyncio.get_running_loop(),
            hostname="smtp.acme.example",
            auth_require_tls=False,
            auth_exclude_mechanism=known - set(self._mechanisms),
        )

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._judge(server, args)

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._judge(server, args)

    async def _judge(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        assert isinstance(said, bytes)
        fields = said.decode().split("\x01")
        token = next(each for each in fields if each.startswith("auth=Bearer ")).removeprefix("auth=Bearer ")
        user = fields[0].removeprefix("user=").removeprefix("n,a=").removesuffix(",")
        if self._authority.valid.get(token) == user:
            return AuthResult(success=True, handled=False, auth_data=user)
        answer = await server.challenge_auth(json.dumps(REFUSAL))
        self.answers.append(answer if isinstance(answer, bytes) else b"")
        return AuthResult(success=False, handled=False)


class TokenProgram:
    """A program that prints the next of some tokens each time it is run, the last one again and again."""

    def __init__(self, folder: Path, *tokens: str) -> None:
        self.path, self._calls = folder / "get-token", folder / "calls"
        (folder / "tokens").write_text("".join(f"{each}\n" for each in tokens))
        self.path.write_text(
            f"#!/bin/sh\necho \"$@\" >> '{self._calls}'\n"
            f"n=$(wc -l < '{self._calls}')\nlast=$(wc -l < '{folder}/tokens')\n"
            f"sed -n \"$((n < last ? n : last))p\" '{folder}/tokens'\n"
        )
        self.path.chmod(0o700)

    @property
    def calls(self) -> list[str]:
        """The arguments of each call."""
        return self._calls.read_text().splitlines() if self._calls.exists() else []
