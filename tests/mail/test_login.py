"""Logging in to IMAP servers that really ask for it, by password and by token."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.errors import LoginRefused, MailUnreachable
from mail.auth import Login, PasswordFile, TokenCommand
from mail.imap import Session
from mail.servers import ImapAddress
from tests.scripted_imap import ScriptedImap
from tests.servers import PASSWORD, Certificates, Dovecot, need_dovecot
from tests.token_servers import TokenAuthority, TokenDovecot, TokenProgram

GOOD, STALE = "ya29.g00d_t0ken", "ya29.st4le_t0ken"


def log_in(server: Dovecot | ScriptedImap, program: TokenProgram, login: Login = "auto", user: str = "support") -> None:
    source = TokenCommand((str(program.path), "for", "support"))
    address = ImapAddress(server.host, server.port, "none", user)
    with Session.connect(address, source, login=login) as session:
        session.open()


@pytest.fixture
def authority() -> Iterator[TokenAuthority]:
    with TokenAuthority(**{GOOD: "support"}) as running:
        yield running


class TestDovecot:
    @pytest.mark.parametrize(
        ("mechanisms", "login"),
        [
            ("plain login xoauth2 oauthbearer", "auto"),
            ("plain login xoauth2", "auto"),
            ("oauthbearer", "auto"),
            ("plain login xoauth2 oauthbearer", "xoauth2"),
            ("plain login xoauth2 oauthbearer", "oauthbearer"),
        ],
    )
    def test_a_token_opens_the_mailbox_by_whatever_way_the_server_has(
        self, tmp_path: Path, authority: TokenAuthority, mechanisms: str, login: Login
    ) -> None:
        need_dovecot()
        program = TokenProgram(tmp_path, GOOD)
        with TokenDovecot(authority, mechanisms=mechanisms) as server:
            log_in(server, program, login)
        assert program.calls == ["for support"]
        assert authority.asked == [GOOD]

    def test_a_stale_token_is_renewed_once(self, tmp_path: Path, authority: TokenAuthority) -> None:
        need_dovecot()
        program = TokenProgram(tmp_path, STALE, GOOD)
        with TokenDovecot(authority) as server:
            log_in(server, program)
        assert authority.asked == [STALE, GOOD]

    @pytest.mark.parametrize("login", ["xoauth2", "oauthbearer"])
    def test_after_two_refusals_it_stops_and_says_what_the_server_said(
        self, tmp_path: Path, authority: TokenAuthority, login: Login
    ) -> None:
        need_dovecot()
        program = TokenProgram(tmp_path, STALE, "ya29.another", GOOD)
        with TokenDovecot(authority) as server:
            with pytest.raises(
                LoginRefused, match=r"refuses the login of support: .*status (401|invalid_token)"
            ) as caught:
                log_in(server, program, login)
            log_in(server, program, login)  # and it took nothing amiss
        assert "ya29" not in str(caught.value)
        assert len(program.calls) == 3

    def test_the_same_token_is_not_shown_twice(self, tmp_path: Path, authority: TokenAuthority) -> None:
        need_dovecot()
        program = TokenProgram(tmp_path, STALE)
        with TokenDovecot(authority) as server, pytest.raises(LoginRefused, match=r"status (401|invalid_token)"):
            log_in(server, program)
        assert (len(program.calls), authority.asked) == (2, [STALE])

    def test_a_token_for_somebody_else_opens_nothing(self, tmp_path: Path, authority: TokenAuthority) -> None:
        need_dovecot()
        with TokenDovecot(authority) as server, pytest.raises(LoginRefused, match="refuses the login of boss"):
            log_in(server, TokenProgram(tmp_path, GOOD), user="boss")

    def test_a_token_is_no_password(self, tmp_path: Path, authority: TokenAuthority, dovecot: Dovecot) -> None:
        program = TokenProgram(tmp_path, GOOD, STALE)
        with pytest.raises(LoginRefused, match=r"no way to log in with a token \(it offers: LOGIN, PLAIN\)") as caught:
            log_in(dovecot, program)
        assert len(program.calls) == 1
        assert 'login = "xoauth2"' in caught.value.hint

    @pytest.mark.parametrize("password", ["пароль ü€ 🔑", 'a "b" \\ {3}', "x" * 500])
    def test_any_password_of_one_line_is_taken(self, tmp_path: Path, password: str) -> None:
        need_dovecot()
        path = tmp_path / "password"
        path.write_text(password)
        path.chmod(0o600)
        with Dovecot(password=password) as server:
            address = ImapAddress(server.host, server.port, "none", server.user)
            Session.connect(address, PasswordFile(path)).close()

    def test_a_token_may_lie_where_passwords_do(self, tmp_path: Path, authority: TokenAuthority) -> None:
        need_dovecot()
        with TokenDovecot(authority) as server:
            address = ImapAddress(server.host, server.port, "none", "support")
            Session.connect(address, secret_file(tmp_path, GOOD), login="oauthbearer").close()
            with pytest.raises(LoginRefused, match="refuses the login of support"):
                Session.connect(address, secret_file(tmp_path, GOOD))

    def test_a_token_travels_encrypted(
        self, tmp_path: Path, authority: TokenAuthority, certificates: Certificates
    ) -> None:
        need_dovecot()
        source = TokenCommand((str(TokenProgram(tmp_path, GOOD).path),))
        with TokenDovecot(authority, certificates) as server:
            for address in (
                ImapAddress("localhost", server.tls_port, "tls", "support"),
                ImapAddress("localhost", server.port, "starttls", "support"),
            ):
                Session.connect(address, source, cafile=certificates.authority).close()


def secret_file(folder: Path, password: str = PASSWORD) -> PasswordFile:
    path = folder / "password"
    path.write_text(password)
    path.chmod(0o600)
    return PasswordFile(path)


def offering(*capabilities: str) -> str:
    return f"* CAPABILITY IMAP4rev1 {' '.join(capabilities)}\r\n"


def heard(server: ScriptedImap) -> list[str]:
    """What the client said, without tags and whatever it said before logging in and after."""
    return [each.split(" ", 1)[-1] for each in server.commands if "CAPABILITY" not in each and "LOGOUT" not in each]


class Asking:
    """The server's side of AUTHENTICATE: a challenge for every line of the client, then its verdict."""

    def __init__(self, *challenges: bytes, verdict: str = "OK in") -> None:
        self._challenges = [b64encode(each).decode() for each in challenges]
        self._verdict = verdict
        self.heard: list[bytes] = []

    def server(self, *capabilities: str) -> ScriptedImap:
        made = ScriptedImap(CAPABILITY=offering(*capabilities), AUTHENTICATE=self._begin)
        made.answers[""] = self._go_on
        return made

    def _begin(self, server: ScriptedImap, command: str) -> str:
        self._tag = server.commands[-1].partition(" ")[0]
        return self._next()

    def _go_on(self, server: ScriptedImap, command: str) -> str:
        self.heard.append(b64decode(server.commands[-1]))
        return self._next()

    def _next(self) -> str:
        said = f"+ {self._challenges.pop(0)}" if self._challenges else f"{self._tag} {self._verdict}"
        return "* OK {tag} was heard\r\n" + said + "\r\n"


class TestScripted:
    @pytest.mark.parametrize("capabilities", ["AUTH=PLAIN", "SASL-IR AUTH=PLAIN AUTH=LOGIN LOGINDISABLED", "IDLE"])
    def test_plain_is_said_when_it_is_asked_for(self, tmp_path: Path, capabilities: str) -> None:
        asking = Asking(b"")
        with asking.server(capabilities) as server:
            self.connect(server, secret_file(tmp_path, "пароль"))
        assert "AUTHENTICATE PLAIN" in heard(server)
        assert asking.heard == ["\0support\0пароль".encode()]

    def test_a_server_with_login_alone_is_told_the_name_and_then_the_password(self, tmp_path: Path) -> None:
        asking = Asking(b"User Name\0", b"Password\0")
        with asking.server("AUTH=LOGIN LOGINDISABLED") as server:
            self.connect(server, secret_file(tmp_path, "пароль"))
        assert asking.heard == [b"support", "пароль".encode()]

    @pytest.mark.parametrize(("way", "answered"), [("XOAUTH2", b""), ("OAUTHBEARER", b"\1")])
    def test_a_servers_reason_is_answered_so_that_its_refusal_follows(
        self, tmp_path: Path, way: str, answered: bytes
    ) -> None:
        program = TokenProgram(tmp_path, GOOD)
        why = b'{"status":"400","schemes":"Bearer","scope":"https://mail.acme.example/"}'
        asking = Asking(b"", why, verdict="NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)")
        with (
            asking.server(f"SASL-IR AUTH={way}") as server,
            pytest.raises(LoginRefused, match=r"Invalid credentials .*status 400; scope https://mail\.acme\.example/"),
        ):
            log_in(server, program)
        assert asking.heard[1:] == [answered]
        assert f"auth=Bearer {GOOD}".encode() in asking.heard[0]

    def test_a_server_that_asks_without_end_is_left(self, tmp_path: Path) -> None:
        asking = Asking(*[b"more"] * 100)
        with (
            asking.server("AUTH=PLAIN") as server,
            pytest.raises(LoginRefused, match="asks for more than a user name and a password"),
        ):
            self.connect(server, secret_file(tmp_path))
        assert len(asking.heard) == 1

    def connect(self, server: ScriptedImap, source: PasswordFile, user: str = "support") -> None:
        Session.connect(ImapAddress(server.host, server.port, "none", user), source).close()

    def test_a_server_that_forbids_the_plain_command_and_offers_nothing_is_not_told_the_password(
        self, tmp_path: Path
    ) -> None:
        with (
            ScriptedImap(CAPABILITY=offering("LOGINDISABLED")) as server,
            pytest.raises(LoginRefused, match=r"no way to log in with a password \(it offers: none\)"),
        ):
            self.connect(server, secret_file(tmp_path))
        assert not [line for line in heard(server) if "LOGIN" in line or PASSWORD in line]

    def test_a_server_with_the_plain_command_alone_is_logged_in_to_with_that(self, tmp_path: Path) -> None:
        with ScriptedImap(CAPABILITY=offering("IDLE")) as server:
            self.connect(server, secret_file(tmp_path))
        assert heard(server) == [f'LOGIN support "{PASSWORD}"']

    @pytest.mark.parametrize("user", ["support desk", 'a"b', "Поддержка", "a\r\nT1 LOGOUT", "(x)"])
    def test_a_name_that_the_plain_command_cannot_take_as_it_stands_is_said_otherwise(
        self, tmp_path: Path, user: str
    ) -> None:
        asking = Asking(b"")
        with asking.server("IDLE") as server:
            self.connect(server, secret_file(tmp_path), user)
            assert not [line for line in heard(server) if line.startswith("LOGIN")]
        assert asking.heard == [f"\0{user}\0{PASSWORD}".encode()]

    def test_a_password_that_the_server_repeats_is_not_repeated_by_us(self, tmp_path: Path) -> None:
        answer = "{tag} NO [AUTHENTICATIONFAILED] no user with password hunter2\r\n"
        with (
            ScriptedImap(CAPABILITY=offering("IDLE"), LOGIN=answer) as server,
            pytest.raises(LoginRefused, match="no user with password …") as caught,
        ):
            self.connect(server, secret_file(tmp_path, "hunter2"))
        assert "hunter2" not in str(caught.value)

    def test_a_refusal_for_now_is_no_refusal_of_the_token(self, tmp_path: Path) -> None:
        program = TokenProgram(tmp_path, GOOD)
        answer = "{tag} NO [UNAVAILABLE] try later\r\n"
        with (
            ScriptedImap(CAPABILITY=offering("AUTH=XOAUTH2"), AUTHENTICATE=answer) as server,
            pytest.raises(MailUnreachable, match="no login now"),
        ):
            log_in(server, program)
        assert len(program.calls) == 1
