"""TLS: whom we trust, why a handshake failed, and who re-signs."""

import base64
import ssl
from functools import cache
from pathlib import Path

from ngrok_scim_cli.wire.certificate import Certificate, read_certificate
from ngrok_scim_cli.wire.exchange import NO_TLS, Failure, FailureKind, Stopped, TlsProblem

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
    TlsProblem.CLIENT_CERTIFICATE: "{host} asks for a client certificate.",
    TlsProblem.OTHER: "The TLS handshake with {host} failed ({reason}).",
}

_REFUSED = "SSLV3_ALERT_HANDSHAKE_FAILURE"
# Reasons of OpenSSL for a peer that has no version or cipher in common with us.
_NOTHING_IN_COMMON = (
    *(_REFUSED, "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION"),
    *("TLSV1_ALERT_INSUFFICIENT_SECURITY", "NO_SHARED_CIPHER", "DH_KEY_TOO_SMALL"),
)
# And for one that does not speak TLS at all.
_NO_TLS = (
    *("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "BAD_RECORD_TYPE"),
    *("HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_MESSAGE"),
)


def make_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return what TLS connections are made with: the platform's trust store, TLS 1.2 or newer.

    Raises:
        Stopped: ``ca_bundle`` cannot be read.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=ca_bundle)
        except (OSError, ValueError):
            detail = "The file given with --ca-bundle holds no certificates that can be read."
            raise Stopped(FailureKind.TLS, detail, TlsProblem.UNTRUSTED) from None
    return context


def tls_failure(problem: TlsProblem, host: str, reason: str = "") -> Failure:
    """Return the failure that is ``problem``; ``reason`` is OpenSSL's word for another one."""
    reason = reason.replace("_", " ").lower()
    return Failure(FailureKind.TLS, _DETAILS[problem].format(host=host, reason=reason), problem)


def handshake_failure(
    error: BaseException | None, host: str, *, has_a_cipher: bool = False
) -> Failure:
    """Return why the TLS handshake with ``host`` failed.

    Args:
        has_a_cipher: whether both sides had agreed on a cipher. With TLS 1.2, a server that wants a
            client certificate then says only that the handshake failed.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        code = getattr(error, "verify_code", 0)
        return tls_failure(_PROBLEMS.get(code, TlsProblem.UNTRUSTED), host)
    # Which of the two it is where the peer hung up, depends on the version of Python.
    hung_up = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    if hung_up or not isinstance(error, ssl.SSLError):
        detail = f"{host} closed the connection during the TLS handshake."
        return Failure(FailureKind.DROPPED, detail)
    reason = error.reason or "no reason given"
    if reason in _NO_TLS:
        return Failure(FailureKind.PROTOCOL, f"{host} {NO_TLS}")
    if reason == _REFUSED and has_a_cipher:
        return tls_failure(TlsProblem.CLIENT_CERTIFICATE, host)
    is_version = reason in _NOTHING_IN_COMMON
    return tls_failure(TlsProblem.VERSION if is_version else TlsProblem.OTHER, host, reason)


def certificate_of(connection: ssl.SSLObject) -> Certificate | None:
    """Return the certificate of the other side, verified or not."""
    return read_certificate(connection.getpeercert(True) or b"")


def private_issuer(connection: object) -> str:
    """Return the root of the verified chain, where it is none that the public web trusts.

    The public roots are those of ``certifi``, Mozilla's. Empty as well where Python does not tell
    the chain, as on macOS and Windows.
    """
    inner = getattr(connection, "_sslobj", None)  # where it is before Python 3.13
    get_chain = getattr(connection, "get_verified_chain", None) or getattr(
        inner, "get_verified_chain", None
    )
    *_, root = (get_chain and get_chain()) or [b""]
    if not isinstance(root, bytes):  # before Python 3.13, an object that gives PEM
        root = ssl.PEM_cert_to_DER_cert(root.public_bytes())
    certificate = read_certificate(root)
    if certificate is None or certificate.subject != certificate.issuer:
        return ""
    is_public = base64.b64encode(root).decode() in _public_roots()
    return "" if is_public else certificate.subject


@cache
def _public_roots() -> str:
    """Return certifi's bundle as one line of base64 and captions."""
    import certifi

    return certifi.contents().replace("\n", "")
