"""TLS: whom we trust, why a handshake failed, and who re-signs."""

from __future__ import annotations

import base64
import socket
import ssl
from contextlib import contextmanager, suppress
from functools import cache
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.wire.certificate import read_certificate
from ngrok_scim_cli.wire.exchange import Failure, FailureKind, Stopped, TlsProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ngrok_scim_cli.wire.request_context import RequestContext

# OpenSSL's X509_V_ERR_…, and what the verifiers of macOS and Windows say instead.
_PROBLEMS = {
    9: TlsProblem.NOT_YET_VALID,
    10: TlsProblem.EXPIRED,
    18: TlsProblem.SELF_SIGNED,
    19: TlsProblem.SELF_SIGNED,
    62: TlsProblem.WRONG_NAME,
    64: TlsProblem.WRONG_NAME,
    -67602: TlsProblem.WRONG_NAME,  # errSecHostNameMismatch
    -67818: TlsProblem.EXPIRED,  # errSecCertificateExpired
    -67819: TlsProblem.NOT_YET_VALID,  # errSecCertificateNotValidYet
    0x800B010F: TlsProblem.WRONG_NAME,  # CERT_E_CN_NO_MATCH
    0x800B0101: TlsProblem.EXPIRED,  # CERT_E_EXPIRED
}

_DETAILS = {
    TlsProblem.UNTRUSTED: "The certificate of {host} is not trusted on this machine.",
    TlsProblem.SELF_SIGNED: "The certificate of {host} is self-signed, or its root is not trusted.",
    TlsProblem.WRONG_NAME: "The certificate is not for {host}.",
    TlsProblem.EXPIRED: "The certificate of {host} has expired.",
    TlsProblem.NOT_YET_VALID: "The certificate of {host} is not valid yet.",
    TlsProblem.VERSION: "{host} offers no TLS version and cipher that is still considered safe.",
    TlsProblem.OTHER: "The TLS handshake with {host} failed ({reason}).",
}

# Reasons of OpenSSL for a peer that has no version or cipher in common with us.
_NOTHING_IN_COMMON = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_ALERT_INSUFFICIENT_SECURITY",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "NO_SHARED_CIPHER",
        "WRONG_SSL_VERSION",
        "DH_KEY_TOO_SMALL",
    }
)

# The peer hung up; which of the two it is depends on the version of Python.
_CLOSED = (ssl.SSLEOFError, ssl.SSLZeroReturnError)

# And for one that does not speak TLS at all.
_NO_TLS = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
        "BAD_RECORD_TYPE",
        "HTTP_REQUEST",
        "HTTPS_PROXY_REQUEST",
        "UNEXPECTED_MESSAGE",
    }
)


class SecuredConnection(Protocol):
    """What Python tells of a TLS connection, by whichever of its classes."""

    def version(self) -> str | None:
        """Return the version, like ``TLSv1.3``."""

    def getpeercert(self, binary_form: bool = ..., /) -> bytes | None:
        """Return the peer's certificate in DER."""


def make_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return what TLS connections are made with: the platform's trust store, TLS 1.2 or newer.

    Args:
        ca_bundle: a PEM file of further authorities.

    Raises:
        Stopped: ``ca_bundle`` cannot be read.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=ca_bundle)
        except (OSError, ValueError):
            detail = "The file given with --ca-bundle holds no certificates that can be read."
            raise Stopped(Failure(FailureKind.TLS, detail, TlsProblem.UNTRUSTED)) from None
    return context


@contextmanager
def hung_up_after(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Shut ``connection`` down if the block takes longer than ``seconds``.

    A timeout of the socket ends a wait. It does not end a handshake in which the server sends one
    HelloRequest after the other: OpenSSL takes them all in and never gives back.
    """
    line = connection.dup()  # TLS takes the socket itself over
    watch = Timer(seconds, _shut_down, (line,))
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        watch.join()
        line.close()


def _shut_down(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def handshake_failure(error: BaseException | None, host: str) -> Failure:
    """Return why the TLS handshake with ``host`` failed.

    Args:
        error: what the standard library raised.
        host: the name that was asked for.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = _PROBLEMS.get(getattr(error, "verify_code", 0), TlsProblem.UNTRUSTED)
        return Failure(FailureKind.TLS, _DETAILS[problem].format(host=host), problem)
    if not isinstance(error, ssl.SSLError) or isinstance(error, _CLOSED):
        detail = f"{host} closed the connection during the TLS handshake."
        return Failure(FailureKind.DROPPED, detail)
    reason = error.reason or "no reason given"
    if reason in _NO_TLS:
        return Failure(FailureKind.PROTOCOL, f"{host} does not speak TLS at this port.")
    problem = TlsProblem.VERSION if reason in _NOTHING_IN_COMMON else TlsProblem.OTHER
    detail = _DETAILS[problem].format(host=host, reason=reason.replace("_", " ").lower())
    return Failure(FailureKind.TLS, detail, problem)


def describe_certificate(address: tuple[str, int], host: str, context: RequestContext) -> str:
    """Return what the certificate that was refused says of itself; empty where it hides.

    It is fetched by a second handshake, unverified, over which nothing is sent.

    Args:
        address: IP address and port.
        host: the name that is asked for.
        context: whose deadline holds.
    """
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection(address, context.time_left(TimeoutError)) as plain:
            left = context.time_left(TimeoutError)
            plain.settimeout(left)
            with (
                hung_up_after(plain, left),
                unverified.wrap_socket(plain, server_hostname=host) as secured,
            ):
                certificate = read_certificate(secured.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError):
        return ""
    return str(certificate or "")


def describe_connection(connection: SecuredConnection) -> str:
    """Return the TLS version, and who issued the certificate."""
    certificate = read_certificate(connection.getpeercert(True) or b"")
    issuer = f", issued by {certificate.issuer}" if certificate else ""
    return f"{connection.version()}{issuer}"


def private_issuer(connection: object) -> str:
    """Return the root of the verified chain, where it is none that the public web trusts.

    The public roots are those of ``certifi``, Mozilla's. Empty as well where Python does not tell
    the chain: that is public since Python 3.13, and missing on macOS and Windows.

    Args:
        connection: what the TLS layer tells of itself.
    """
    root = _root(connection)
    certificate = read_certificate(root)
    if certificate is None or certificate.subject != certificate.issuer:
        return ""
    is_public = base64.b64encode(root).decode() in _public_roots()
    return "" if is_public else certificate.subject


def _root(connection: object) -> bytes:
    get_chain = getattr(connection, "get_verified_chain", None)
    chain = get_chain() if get_chain else None
    if not chain:
        return b""
    root = chain[-1]
    # Python 3.13 gives DER; before, an object that gives PEM.
    return root if isinstance(root, bytes) else ssl.PEM_cert_to_DER_cert(root.public_bytes())


@cache
def _public_roots() -> str:
    """Return certifi's bundle as one line of base64 and captions."""
    import certifi

    return certifi.contents().replace("\n", "")
