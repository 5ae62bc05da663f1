"""What TLS says when it fails, in words for people: OpenSSL names its own source files and the codes of its errors."""

from __future__ import annotations

import ssl

from desk.safe import safe_line

NO_TLS = "this port does not speak TLS"
_OTHER_NAME = frozenset({62, 63, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and its like for e-mail and IP addresses, by OpenSSL's x509_vfy.h."""

_PLAIN = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
"""OpenSSL's reasons when what comes is no TLS at all; the last from version 3.2 on."""


def tls_words(error: BaseException) -> str:
    """What went wrong with TLS; empty where that is not to blame. Certificates are not spoken of here."""
    match error:
        case TimeoutError() if "handshake" in str(error):
            return "the TLS handshake took too long"
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return "the server closed the connection"
        case ssl.SSLError(reason=str(reason)):
            return NO_TLS if reason in _PLAIN else f"TLS: {reason.replace('_', ' ').lower()}"
        case ssl.SSLError():
            return "TLS failed"
        case _:
            return ""


def certificate_words(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not trusted."""
    return f"its certificate is not trusted: {safe_line(error.verify_message)}"


def certificate_hint(error: ssl.SSLCertVerificationError) -> str:
    """What to do about a certificate that is not trusted."""
    if error.verify_code in _OTHER_NAME:
        return "the URL must name the server as its certificate does"
    return "`cafile` names an authority of your own"


def tls_hint(error: BaseException, scheme: str) -> str:
    """What to do about it, with the `scheme` of URLs whose connections begin without TLS; empty where nothing helps."""
    if tls_words(error) != NO_TLS:
        return ""
    return f"write {scheme}://...?security=starttls if TLS begins with STARTTLS there, or name another port"
