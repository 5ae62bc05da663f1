"""Certificates for servers on loopback: an authority of our own and what it signs, made with the `openssl` program."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "DNS:localhost,IP:127.0.0.1"
NEW_KEY = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: `authority` is what a client should trust, `chain` and `key` are the server's."""

    authority: Path
    chain: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        """What a server offers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
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


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *NEW_KEY, *arguments], check=True, capture_output=True)
