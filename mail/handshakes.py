"""What TLS says when it fails, in words for people: OpenSSL names its own source files and the codes of its errors."""

from __future__ import annotations

import ssl

NO_TLS = "this port does not speak TLS"
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


def tls_hint(error: BaseException, scheme: str) -> str:
    """What to do about it, with the `scheme` of URLs whose connections begin without TLS; empty where nothing helps."""
    if tls_words(error) != NO_TLS:
        return ""
    return f"write {scheme}://...?security=starttls if TLS begins with STARTTLS there, or name another port"
