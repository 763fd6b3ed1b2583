"""Okta's token endpoint for service apps: client credentials with ``private_key_jwt``.

https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/; without DPoP. The key
is an RSA key that is made when it is first asked for. Both sides need the extra ``okta-oauth``,
which is loaded here as late as that.
"""

import json
from functools import cached_property
from time import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ngrok_scim_cli.sandbox.message import Answer, RefusedError, Request
from ngrok_scim_cli.sandbox.okta_objects import okta_id
from ngrok_scim_cli.sandbox.okta_org import OktaOrg, new_access_token

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

OAUTH_PREFIX = "/oauth2/"

CLIENT_ID = okta_id("0oa", 9)
KEY_ID = "sandbox-service-app"
_PATH = "/oauth2/v1/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Seconds.
_LIFETIME = 3600
_LONGEST_ASSERTION = 3600
_KEY_BITS = 2048


class ServiceApp:
    """A service app of the org: its id, its private key, and the endpoint that gives it tokens."""

    @property
    def private_key(self) -> str:
        """The private key as a JWK, as ``OKTA_CLIENT_PRIVATEKEY`` takes it."""
        from jwt.algorithms import RSAAlgorithm

        jwk = RSAAlgorithm.to_jwk(self._key, as_dict=True)
        del jwk["key_ops"]  # Okta's Python SDK takes texts alone
        return json.dumps({**jwk, "alg": "RS256", "kid": KEY_ID})

    def answer(self, org: OktaOrg, root: str, request: Request) -> Answer:
        """Answer one request at the token endpoint."""
        if (request.method, request.path) != ("POST", _PATH):
            raise RefusedError("not_found", description="Not Found", status=404)
        form = dict(parse_qsl(request.body.decode("latin-1")))
        if form.get("grant_type") != "client_credentials":
            raise RefusedError(
                "unsupported_grant_type", description="The grant type is not supported."
            )
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise _client_refused("Client authentication failed.")
        self._verify(form.get("client_assertion", ""), f"{root}{_PATH}")
        scopes = tuple(form.get("scope", "").split())
        if not scopes:
            raise RefusedError("invalid_scope", description="The scope is missing.")
        if not set(scopes) <= set(org.granted_scopes):
            description = "You are not allowed any of the requested scopes."
            raise RefusedError("invalid_scope", description=description)
        token = new_access_token(scopes)
        org.access_tokens[token] = scopes
        document = {
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
                self._key.public_key(),
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
            raise _client_refused(f"client_assertion: {error}", status) from None
        if claims["exp"] > time() + _LONGEST_ASSERTION:
            raise _client_refused("The client_assertion token is expired.")

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric import rsa

        return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def oauth_error(_: Request, code: int | str, *, description: str, status: int = 400) -> Answer:
    """Return an error of the token endpoint (RFC 6749 section 5.2)."""
    return Answer.of(status, {"error": code, "error_description": description})


def _client_refused(description: str, status: int = 401) -> RefusedError:
    return RefusedError("invalid_client", description=description, status=status)
