"""Okta's token endpoint for service apps: client credentials with ``private_key_jwt``.

https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/; without DPoP. The key
is an RSA key that is made when it is first asked for. Both sides need the extra ``okta-oauth``,
which is loaded here as late as that.
"""

import json
from functools import cached_property
from threading import Lock
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.okta_org import OktaOrg, new_access_token, okta_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

OAUTH_PREFIX = "/oauth2/"

CLIENT_ID = okta_id("0oa", 9)
KEY_ID = "sandbox-service-app"
_PATH = "/oauth2/v1/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME = 3600
_LONGEST_ASSERTION = 3600
_KEY_BITS = 2048


class _RefusedError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.answer = Answer.of(status, {"error": error, "error_description": description})


class ServiceApp:
    """A service app of the org: its id, its private key, and the endpoint that gives it tokens."""

    def __init__(self) -> None:
        self._lock = Lock()

    @property
    def private_key(self) -> str:
        """The private key as a JWK, as ``OKTA_CLIENT_PRIVATEKEY`` takes it."""
        from jwt.algorithms import RSAAlgorithm

        jwk = RSAAlgorithm.to_jwk(self._locked_key(), as_dict=True)
        del jwk["key_ops"]  # Okta's Python SDK takes texts alone
        return json.dumps({**jwk, "alg": "RS256", "kid": KEY_ID})

    def answer(self, org: OktaOrg, root: str, request: Request) -> Answer:
        """Answer one request at the token endpoint."""
        if (request.method, request.path) != ("POST", _PATH):
            return Answer.of(404, {"error": "not_found", "error_description": "Not Found"})
        try:
            return self._token(org, root, dict(parse_qsl(request.body.decode("latin-1"))))
        except _RefusedError as refused:
            return refused.answer

    def _token(self, org: OktaOrg, root: str, form: dict[str, str]) -> Answer:
        if form.get("grant_type") != "client_credentials":
            raise _RefusedError("unsupported_grant_type", "The grant type is not supported.")
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise _RefusedError("invalid_client", "Client authentication failed.", 401)
        self._verify(form.get("client_assertion", ""), f"{root}{_PATH}")
        scopes = tuple(form.get("scope", "").split())
        if not scopes:
            raise _RefusedError("invalid_scope", "The scope is missing.")
        if not set(scopes) <= set(org.granted_scopes):
            raise _RefusedError("invalid_scope", "You are not allowed any of the requested scopes.")
        token = new_access_token(scopes)
        org.access_tokens[token] = scopes
        document: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_in": _LIFETIME,
            "access_token": token,
            "scope": " ".join(scopes),
        }
        return Answer.of(200, document)

    def _verify(self, assertion: str, audience: str) -> None:
        """Refuse an assertion that this app did not sign, for this endpoint, a moment ago."""
        import jwt

        try:
            claims = jwt.decode(
                assertion,
                self._locked_key().public_key(),
                algorithms=["RS256"],
                audience=audience,
                issuer=CLIENT_ID,
                subject=CLIENT_ID,
                options={"require": ["exp", "iss", "sub", "aud"]},
            )
        except jwt.PyJWTError as error:
            malformed = isinstance(error, jwt.DecodeError | jwt.MissingRequiredClaimError)
            unsigned = isinstance(error, jwt.InvalidSignatureError)
            status = 400 if malformed and not unsigned else 401
            raise _RefusedError("invalid_client", f"client_assertion: {error}", status) from None
        if claims["exp"] > time() + _LONGEST_ASSERTION:
            raise _RefusedError("invalid_client", "The client_assertion token is expired.", 401)

    def _locked_key(self) -> "RSAPrivateKey":
        with self._lock:
            return self._key

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric import rsa

        return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
