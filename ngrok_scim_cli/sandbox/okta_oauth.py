"""Okta's token endpoint for service apps: client credentials with ``private_key_jwt``.

https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/; without DPoP. The key
is an RSA key that is made when it is first asked for.
"""

import base64
import hashlib
import json
import secrets
from functools import cached_property
from threading import Lock
from time import time
from typing import Any
from urllib.parse import parse_qsl

from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.okta_org import OktaOrg, new_access_token, okta_id

OAUTH_PREFIX = "/oauth2/"

CLIENT_ID = okta_id("0oa", 9)
KEY_ID = "sandbox-service-app"
_PATH = "/oauth2/v1/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME = 3600
_LONGEST_ASSERTION = 3600
_PRIME_BITS = 1024
_ROUNDS = 8
_SMALL = range(3, 2000, 2)
_EXPONENT = 65537
# What stands before the digest in a signature with SHA-256 (RFC 8017 section 9.2).
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


class _RefusedError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.answer = Answer.of(status, {"error": error, "error_description": description})


class ServiceApp:
    """A service app of the org: its id, and its private key as a JWK."""

    def __init__(self) -> None:
        self._lock = Lock()

    @property
    def private_key(self) -> str:
        """The private key as a JWK, as ``OKTA_CLIENT_PRIVATEKEY`` takes it."""
        with self._lock:
            numbers = self._numbers
        text = {name: _base64url(number) for name, number in numbers.items()}
        return json.dumps({"kty": "RSA", "alg": "RS256", "kid": KEY_ID, **text})

    def verify(self, assertion: str, audience: str) -> None:
        """Refuse an assertion that this app did not sign, for this endpoint, a moment ago."""
        try:
            signed, _, signature = assertion.rpartition(".")
            header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
            is_signed = header["alg"] == "RS256" and self._signed(signed, _decoded(signature))
            names = {claims["iss"], claims["sub"], claims["aud"]}
            expires = int(claims["exp"])
        except (ValueError, KeyError, TypeError):
            raise _RefusedError("invalid_client", "The client_assertion is malformed.") from None
        if not is_signed or header.get("kid") not in (None, KEY_ID):
            raise _RefusedError(
                "invalid_client", "The client_assertion signature is invalid.", status=401
            )
        if names != {CLIENT_ID, audience}:
            raise _RefusedError("invalid_client", "The client_assertion names another client.", 401)
        if not time() <= expires <= time() + _LONGEST_ASSERTION:
            raise _RefusedError("invalid_client", "The client_assertion token is expired.", 401)

    def _signed(self, text: str, signature: bytes) -> bool:
        with self._lock:
            modulus = self._numbers["n"]
        size = (modulus.bit_length() + 7) // 8
        shown = pow(int.from_bytes(signature, "big"), _EXPONENT, modulus).to_bytes(size, "big")
        digest = _SHA256 + hashlib.sha256(text.encode()).digest()
        return shown == b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest

    @cached_property
    def _numbers(self) -> dict[str, int]:
        p, q = _prime(), _prime()
        while (p - 1) * (q - 1) % _EXPONENT == 0:
            p, q = _prime(), _prime()
        d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
        return {
            "n": p * q,
            "e": _EXPONENT,
            "d": d,
            "p": p,
            "q": q,
            "dp": d % (p - 1),
            "dq": d % (q - 1),
            "qi": pow(q, -1, p),
        }


class OktaTokens:
    """Answers requests at the token endpoint."""

    def __init__(self, org: OktaOrg, app: ServiceApp, root: str) -> None:
        self._org = org
        self._app = app
        self._audience = f"{root}{_PATH}"

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if (request.method, request.path) != ("POST", _PATH):
            return Answer.of(404, {"error": "not_found", "error_description": "Not Found"})
        try:
            return self._token(dict(parse_qsl(request.body.decode("latin-1"))))
        except _RefusedError as refused:
            return refused.answer

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Add what stands on every reply of Okta's."""
        return answer.with_header("X-Okta-Request-Id", request.operation_id.removeprefix("op_"))

    def _token(self, form: dict[str, str]) -> Answer:
        if form.get("grant_type") != "client_credentials":
            raise _RefusedError("unsupported_grant_type", "The grant type is not supported.")
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise _RefusedError("invalid_client", "Client authentication failed.", 401)
        self._app.verify(form.get("client_assertion", ""), self._audience)
        scopes = tuple(form.get("scope", "").split())
        if not scopes:
            raise _RefusedError("invalid_scope", "The scope is missing.")
        if not set(scopes) <= set(self._org.granted_scopes):
            raise _RefusedError("invalid_scope", "You are not allowed any of the requested scopes.")
        token = new_access_token(scopes)
        self._org.access_tokens[token] = scopes
        document: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_in": _LIFETIME,
            "access_token": token,
            "scope": " ".join(scopes),
        }
        return Answer.of(200, document)


def _base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _prime() -> int:
    """Return a prime number, as surely as Miller and Rabin tell."""
    while True:
        number = secrets.randbits(_PRIME_BITS) | (0b11 << (_PRIME_BITS - 2)) | 1
        if all(number % small for small in _SMALL) and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(_ROUNDS):
        power = pow(secrets.randbelow(number - 3) + 2, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = pow(power, 2, number)
            if power == number - 1:
                break
        else:
            return False
    return True
