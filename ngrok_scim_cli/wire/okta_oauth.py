"""Access tokens of an Okta service app: client credentials with ``private_key_jwt``.

https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/. Each scope has a token
of its own, so that one that is not granted costs nothing but itself: Okta refuses a request as a
whole (``invalid_scope``).
"""

import time
import uuid
from collections.abc import Callable, Collection
from threading import Lock
from urllib.parse import urlencode

from ngrok_scim_cli import __version__
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Request
from ngrok_scim_cli.wire.okta_scopes import TOKEN_PATH, token_purpose

# Seconds. Okta takes an assertion that expires within an hour.
_ASSERTION_LIFETIME = 300
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
# So many seconds before its end a token is not used any more.
_RESERVE = 60


class UnusableKeyError(Exception):
    """The private key cannot sign; the message says why and holds nothing of it."""


class AccessTokens:
    """Gets access tokens, and gets them anew before they expire. May be used by several threads."""

    def __init__(
        self,
        wire: Wire,
        org_url: str,
        *,
        client_id: str,
        private_key: str,
        key_id: str = "",
        scopes: Collection[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            private_key: PEM or JWK.
            key_id: the ``kid`` of the key, where it is a PEM and the app has several.
            scopes: what the app may ask for; empty: whatever a request needs.

        Raises:
            ImportError: the extra ``okta-oauth`` is not installed.
            UnusableKeyError: the private key cannot sign.
        """
        self._wire = wire
        self._url = f"{org_url.rstrip('/')}{TOKEN_PATH}"
        self._client_id = client_id
        self._scopes = frozenset(scopes)
        self._now = now
        self._sign = _signer(private_key, key_id)
        self._locks: dict[str, Lock] = {}
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, scope: str) -> str | Exchange:
        """Return an access token with ``scope``, or the exchange that brought none."""
        wider = scope.removesuffix(".read") + ".manage"
        allowed = self._scopes or {scope}
        asked = next((name for name in (scope, wider) if name in allowed), "")
        if not asked:
            detail = f"OKTA_CLIENT_SCOPES does not list the scope `{scope}`, which this needs."
            failure = Failure(FailureKind.WITHHELD, detail)
            return Exchange(token_purpose(scope), "POST", self._url, failure=failure)
        with self._locks.setdefault(asked, Lock()):
            token, expires = self._tokens.get(asked, ("", 0.0))
            return token if token and self._now() < expires else self._fetch(asked)

    def _fetch(self, scope: str) -> str | Exchange:
        """Request a token with a signed assertion (RFC 7523 section 2.2), and keep it."""
        now = self._now()
        claims: dict[str, object] = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._url,
            "iat": int(now),
            "exp": int(now) + _ASSERTION_LIFETIME,
            "jti": uuid.uuid4().hex,
        }
        assertion = self._sign(claims)
        redactor.learn(assertion)
        form = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        exchange = self._wire.send(
            Request(
                method="POST",
                url=self._url,
                headers=(
                    ("Accept", "application/json"),
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("User-Agent", f"ngrok-scim/{__version__}"),
                ),
                body=urlencode(form).encode(),
                purpose=token_purpose(scope),
            )
        )
        document = exchange.json_object() or {}
        token, lifetime = document.get("access_token"), document.get("expires_in")
        if not isinstance(token, str):
            return exchange
        redactor.learn(token)
        seconds = lifetime if isinstance(lifetime, int) else 0
        self._tokens[scope] = token, now + seconds - _RESERVE
        return token


def _signer(private_key: str, key_id: str) -> Callable[[dict[str, object]], str]:
    """Return what signs the claims of an assertion."""
    import jwt
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if private_key.lstrip().startswith("{"):
            jwk = jwt.PyJWK.from_json(private_key)
            key, key_id = jwk.key, key_id or jwk.key_id or ""
        else:
            key = load_pem_private_key(private_key.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError):
        # Their own messages may quote the key.
        raise UnusableKeyError(
            "It is neither a PEM nor a JWK that can be read, or it has a passphrase."
        ) from None
    if isinstance(key, RSAPrivateKey):
        algorithm = "RS256"
    elif isinstance(key, EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        algorithm = _CURVES[key.curve.name]
    else:
        raise UnusableKeyError("It is no private key of the kind RSA or EC.")
    headers = {"kid": key_id} if key_id else None
    return lambda claims: jwt.encode(claims, key, algorithm, headers)
