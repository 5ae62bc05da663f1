"""Certificates for servers on loopback: an authority of our own and what it signs, made with the `openssl` program."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "DNS:localhost,IP:127.0.0.1"
NEW_KEY = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


class _Socket(ssl.SSLSocket):
    """Closed with its last reference: CPython leaves it open where the client was reset before the handshake."""

    def __del__(self) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: `authority` is what a client should trust, `chain` and `key` are the server's."""

    authority: Path
    chain: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        """What a server offers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sslsocket_class = _Socket
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificates(folder: Path, names: str = LOOPBACK) -> Certificates:
    """An authority and one certificate for `names` (in OpenSSL's subjectAltName spelling) in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, chain, key = folder / "authority.pem", folder / "server.pem", folder / "server.key"
    authority_key = folder / "authority.key"
    _openssl("-subj", "/CN=Tandem test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
             "-keyout", authority_key, "-out", authority)  # fmt: skip
    _openssl("-subj", "/CN=Tandem test server", "-CA", authority, "-CAkey", authority_key,
             "-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE",
             "-keyout", key, "-out", chain)  # fmt: skip
    return Certificates(authority, chain, key)


def make_expired(folder: Path) -> Certificates:
    """The same, but the server's certificate was good in the year 2020 only."""
    made = make_certificates(folder)
    request, extensions = folder / "server.csr", folder / "extensions"
    extensions.write_text(f"subjectAltName={LOOPBACK}\nbasicConstraints=critical,CA:FALSE\n")
    (folder / "index").touch()
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=c\n[c]\nnew_certs_dir={folder}\ndatabase={folder}/index\ndefault_md=sha256\n"
        "rand_serial=yes\npolicy=p\n[p]\ncommonName=supplied\n"
    )
    subprocess.run(
        ["openssl", "req", "-new", "-key", made.key, "-subj", "/CN=Tandem test server", "-out", request],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        ["openssl", "ca", "-batch", "-config", folder / "ca.conf", "-cert", made.authority,
         "-keyfile", folder / "authority.key", "-in", request, "-out", made.chain, "-notext", "-extfile", extensions,
         "-startdate", "20200101000000Z", "-enddate", "20201231000000Z"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def make_self_signed(folder: Path) -> Certificates:
    """A certificate that vouches for itself; there is nobody else to trust, so `authority` is another server's."""
    made = make_certificates(folder)
    _openssl("-subj", "/CN=Tandem test server", "-addext", f"subjectAltName={LOOPBACK}",
             "-keyout", made.key, "-out", made.chain)  # fmt: skip
    return made


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *NEW_KEY, *arguments], check=True, capture_output=True)
