"""TLS for servers on loopback: one authority that a test trusts, and all ways to be wrong."""

import ssl
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_YEARS_AGO = datetime(2021, 1, 1, tzinfo=UTC)
_FAR_OFF = datetime(2090, 1, 1, tzinfo=UTC)
_FARTHER_OFF = datetime(2091, 1, 1, tzinfo=UTC)


class Authorities:
    """Makes server contexts, by the name of what is right or wrong about them.

    Args:
        names: host names, besides those of loopback, for which a good certificate is made.
    """

    def __init__(self, *names: str) -> None:
        self._names = (*_LOOPBACK, *names)
        self.trusted = trustme.CA()
        self._stranger = trustme.CA()
        self._kinds: dict[str, Callable[[], ssl.SSLContext]] = {
            "trusted": lambda: self._issued(self.trusted),
            "untrusted": lambda: self._issued(self._stranger),
            "self_signed": self._self_signed,
            "wrong_name": lambda: _with(self.trusted.issue_cert("other.corp.example")),
            "expired": lambda: self._issued(
                self.trusted, not_before=_LONG_AGO, not_after=_YEARS_AGO
            ),
            "not_yet_valid": lambda: self._issued(
                self.trusted, not_before=_FAR_OFF, not_after=_FARTHER_OFF
            ),
            "old_version": self._old_version,
        }

    def context(self, kind: str) -> ssl.SSLContext:
        """Return a server's context.

        Args:
            kind: ``trusted``, ``untrusted``, ``self_signed``, ``wrong_name``, ``expired``,
                ``not_yet_valid`` or ``old_version``.
        """
        return self._kinds[kind]()

    def write_bundle(self, path: Path) -> Path:
        """Write the trusted authority to ``path``, for ``--ca-bundle``."""
        self.trusted.cert_pem.write_to_path(str(path))
        return path

    def _issued(
        self,
        authority: trustme.CA,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> ssl.SSLContext:
        certificate = authority.issue_cert(*self._names, not_before=not_before, not_after=not_after)
        return _with(certificate)

    def _self_signed(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        alone = trustme.CA()
        with alone.private_key_pem.tempfile() as key, alone.cert_pem.tempfile() as certificate:
            context.load_cert_chain(certificate, key)
        return context

    def _old_version(self) -> ssl.SSLContext:
        context = self._issued(self.trusted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context


def _with(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
