"""Logging in to SMTP servers by password and by token."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.errors import ConfigError, LoginRefused, MailUnreachable
from mail.auth import Login, TokenCommand
from mail.replies import Answer
from mail.servers import SmtpAddress
from mail.smtp import SmtpSender
from mail.smtp_login import log_in
from tests.servers import Certificates
from tests.token_servers import TokenAuthority, TokenProgram, TokenSmtpServer

GOOD, STALE = "ya29.g00d_t0ken", "ya29.st4le_t0ken"
BOTH = ("XOAUTH2", "OAUTHBEARER")


@pytest.fixture
def authority() -> Iterator[TokenAuthority]:
    with TokenAuthority(**{GOOD: "support"}) as running:
        yield running


def sender(server: TokenSmtpServer, program: TokenProgram, cafile: Path, login: Login = "auto") -> SmtpSender:
    source = TokenCommand((str(program.path), "for", "support"))
    return SmtpSender(SmtpAddress("localhost", server.port, "tls", "support"), source, login=login, cafile=cafile)


class TestTokens:
    @pytest.mark.parametrize(
        ("mechanisms", "login"),
        [(BOTH, "auto"), (("XOAUTH2",), "auto"), (("OAUTHBEARER", "PLAIN"), "auto"), (BOTH, "xoauth2")],
    )
    async def test_a_token_opens_the_server_by_whatever_way_it_has(
        self,
        tmp_path: Path,
        authority: TokenAuthority,
        certificates: Certificates,
        mechanisms: tuple[str, ...],
        login: Login,
    ) -> None:
        program = TokenProgram(tmp_path, GOOD)
        with TokenSmtpServer(authority, certificates, mechanisms) as server:
            await sender(server, program, certificates.authority, login).check()
        assert program.calls == ["for support"]

    async def test_a_token_that_is_too_long_for_one_command_waits_to_be_asked_for(
        self, tmp_path: Path, authority: TokenAuthority, certificates: Certificates
    ) -> None:
        long = "eyJ0" + "x" * 500
        authority.valid[long] = "support"
        with TokenSmtpServer(authority, certificates, BOTH) as server:
            await sender(server, TokenProgram(tmp_path, long), certificates.authority).check()

    async def test_a_stale_token_is_renewed_once(
        self, tmp_path: Path, authority: TokenAuthority, certificates: Certificates
    ) -> None:
        program = TokenProgram(tmp_path, STALE, GOOD)
        with TokenSmtpServer(authority, certificates, BOTH) as server:
            await sender(server, program, certificates.authority).check()
        assert len(program.calls) == 2

    @pytest.mark.parametrize(("login", "answered"), [("xoauth2", b""), ("oauthbearer", b"\1")])
    async def test_after_two_refusals_it_stops_and_says_what_the_server_said(
        self, tmp_path: Path, authority: TokenAuthority, certificates: Certificates, login: Login, answered: bytes
    ) -> None:
        program = TokenProgram(tmp_path, STALE, "ya29.another", GOOD)
        with TokenSmtpServer(authority, certificates, BOTH) as server:
            with pytest.raises(LoginRefused, match=r"535 .*status 401; scope https://mail\.acme\.example/") as caught:
                await sender(server, program, certificates.authority, login).check()
            assert server.answers == [answered, answered]
        assert "ya29" not in str(caught.value)
        assert len(program.calls) == 2

    async def test_a_server_without_tokens_is_not_shown_one(
        self, tmp_path: Path, authority: TokenAuthority, certificates: Certificates
    ) -> None:
        program = TokenProgram(tmp_path, GOOD, STALE)
        with (
            TokenSmtpServer(authority, certificates, ("PLAIN",)) as server,
            pytest.raises(LoginRefused, match=r"no way to log in with a token \(it offers: PLAIN\)"),
        ):
            await sender(server, program, certificates.authority).check()
        assert len(program.calls) == 1

    async def test_a_file_of_certificates_that_is_not_there_is_a_setting_to_mend(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="this file with certificates cannot be used: No such file"):
            await SmtpSender(SmtpAddress("localhost", 1, "tls"), cafile=tmp_path / "ca.pem").check()


class Scripted:
    """The server's side of a login: one answer after the other, and what was said to it."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.heard = list(answers), list[str]()

    async def ask(self, *command: str) -> Answer:
        self.heard.append(" ".join(command))
        return self.answers.pop(0)


ADDRESS = SmtpAddress("smtp.acme.example", 465, "tls", "ana@acme.example")
IN = Answer(235, "in")


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class TestPasswords:
    async def test_plain_comes_before_login(self) -> None:
        server = Scripted(IN)
        await log_in(server, ADDRESS, ["login", "plain", "xoauth2"], "пароль", "auto", is_token=False)
        assert server.heard == [f"AUTH PLAIN {coded(chr(0) + 'ana@acme.example' + chr(0) + 'пароль')}"]

    async def test_login_where_there_is_nothing_else(self) -> None:
        server = Scripted(Answer(334, coded("Password:")), IN)
        await log_in(server, ADDRESS, ["login"], "s3cret", "auto", is_token=False)
        assert server.heard == [f"AUTH LOGIN {coded('ana@acme.example')}", coded("s3cret")]

    async def test_a_long_password_waits_to_be_asked_for(self) -> None:
        server = Scripted(Answer(334, ""), IN)
        await log_in(server, ADDRESS, ["plain"], "x" * 600, "auto", is_token=False)
        assert server.heard[0] == "AUTH PLAIN"

    async def test_a_server_that_goes_on_asking_is_left(self) -> None:
        server = Scripted(Answer(334, ""), Answer(501, "cancelled"))
        with pytest.raises(LoginRefused, match="501 cancelled"):
            await log_in(server, ADDRESS, ["plain"], "s3cret", "auto", is_token=False)
        assert server.heard[1:] == ["*"]

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (Answer(535, "5.7.139 Authentication unsuccessful, basic authentication is disabled"), LoginRefused),
            (Answer(534, "5.7.9 Application-specific password required"), LoginRefused),
            (Answer(454, "4.7.0 Temporary authentication failure"), MailUnreachable),
            (Answer(421, "4.3.2 closing"), MailUnreachable),
        ],
    )
    async def test_what_the_server_says_decides_whether_it_is_tried_again(
        self, answer: Answer, kind: type[Exception]
    ) -> None:
        with pytest.raises(kind, match=answer.words[:5]):
            await log_in(Scripted(answer), ADDRESS, ["plain"], "s3cret", "auto", is_token=False)

    async def test_a_password_that_the_server_repeats_is_not_repeated_by_us(self) -> None:
        with pytest.raises(LoginRefused, match="535 bad password …") as caught:
            await log_in(
                Scripted(Answer(535, "bad password hunter2")), ADDRESS, ["plain"], "hunter2", "auto", is_token=False
            )
        assert "hunter2" not in str(caught.value)

    @pytest.mark.parametrize(("ways", "login"), [(["plain"], "auto"), ([], "xoauth2")])
    async def test_nor_is_it_as_it_was_encoded(self, ways: list[str], login: Login) -> None:
        server = Echo()
        with pytest.raises(LoginRefused, match=r"500 5\.5\.1 Command unrecognized: AUTH") as caught:
            await log_in(server, ADDRESS, ways, "hunter2", login, is_token=login == "xoauth2")
        assert len(server.heard[0].split()) == 3
        assert server.heard[0].split()[-1][:16] not in str(caught.value)

    async def test_nor_the_beginning_of_one_that_is_too_long_to_be_told(self) -> None:
        server = Scripted(Answer(535, f"bad token eyJhbGciOi{'x' * 900}"))
        with pytest.raises(LoginRefused, match="535 bad token …") as caught:
            await log_in(server, ADDRESS, ["xoauth2"], f"eyJhbGciOi{'x' * 900}", "auto", is_token=True)
        assert "eyJhbGciOi" not in str(caught.value)


class Echo:
    """A server that knows no AUTH, and says so with the command in its answer, as Sendmail does."""

    def __init__(self) -> None:
        self.heard = list[str]()

    async def ask(self, *command: str) -> Answer:
        self.heard.append(" ".join(command))
        return Answer(500, f"5.5.1 Command unrecognized: {self.heard[-1]}")
