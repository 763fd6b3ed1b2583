"""How a service app gets its access tokens."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.exchange import Exchange, Reply, Request
from ngrok_scim_cli.wire.okta_oauth import AccessTokens, UnusableKeyError
from ngrok_scim_cli.wire.okta_scopes import APPS, LOGS
from tests.support.cases import each_case

ORG = "https://corp.okta.com"
RSA = rsa.generate_private_key(65537, 2048)
PRIVATE = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def pem(key: PRIVATE, password: bytes = b"") -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption(),
    ).decode()


def jwk(**more: str) -> str:
    return json.dumps(jwt.algorithms.RSAAlgorithm.to_jwk(RSA, as_dict=True) | more)


class Endpoint:
    """Gives a new token for each request."""

    def __init__(self, *replies: Reply) -> None:
        self.sent: list[Request] = []
        self._replies = iter(replies)

    def send(self, request: Request) -> Exchange:
        self.sent.append(request)
        token = {"access_token": f"token-of-the-sandbox-{len(self.sent)}", "expires_in": 3600}
        reply = next(self._replies, Reply(200, body=json.dumps(token).encode()))
        return Exchange(request.purpose, request.method, request.url, reply)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    yield
    redactor.forget()


def tokens(endpoint: Endpoint, *scopes: str, key: str = "", **more: object) -> AccessTokens:
    return AccessTokens(
        endpoint,  # type: ignore[arg-type]
        f"{ORG}/",
        client_id="0oaservice",
        private_key=key or pem(RSA),
        scopes=scopes,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("key", "public", "algorithm"),
    [
        (pem(RSA), RSA.public_key(), "RS256"),
        (jwk(kid="first"), RSA.public_key(), "RS256"),
        *(
            (pem(key), key.public_key(), algorithm)
            for key, algorithm in (
                (ec.generate_private_key(ec.SECP256R1()), "ES256"),
                (ec.generate_private_key(ec.SECP521R1()), "ES512"),
            )
        ),
    ],
)
def test_an_assertion_is_signed_as_okta_wants_it(
    key: str, public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, algorithm: str
) -> None:
    endpoint = Endpoint()
    assert tokens(endpoint, key=key, now=lambda: 2_000_000_000.0).token(APPS)
    (request,) = endpoint.sent
    form = {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}
    claims = jwt.decode(
        form["client_assertion"],
        public,
        algorithms=[algorithm],
        audience=f"{ORG}/oauth2/v1/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (request.method, request.url) == ("POST", f"{ORG}/oauth2/v1/token")
    assert (form["grant_type"], form["scope"]) == ("client_credentials", APPS)
    assert (claims["iss"], claims["sub"]) == ("0oaservice", "0oaservice")
    assert claims["exp"] - claims["iat"] <= 3600
    kid = jwt.get_unverified_header(form["client_assertion"]).get("kid")
    assert kid == ("first" if key.startswith("{") else None)


def test_a_key_is_named_where_that_is_asked() -> None:
    endpoint = Endpoint()
    tokens(endpoint, key_id="second").token(APPS)
    form = parse_qs((endpoint.sent[0].body or b"").decode())
    assert jwt.get_unverified_header(form["client_assertion"][0])["kid"] == "second"


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    now = 1000.0
    endpoint = Endpoint()
    asked = tokens(endpoint, now=lambda: now)
    first = asked.token(APPS)
    now += 3500
    assert asked.token(APPS) == first
    now += 41
    assert asked.token(APPS) != first


def test_each_scope_has_a_token_of_its_own() -> None:
    endpoint = Endpoint()
    asked = tokens(endpoint)
    assert len({str(asked.token(scope)) for scope in (APPS, LOGS, APPS)}) == 2


@pytest.mark.parametrize(
    ("scopes", "asked"),
    [((), [LOGS]), ((LOGS,), [LOGS]), (("okta.logs.manage",), ["okta.logs.manage"]), ((APPS,), [])],
)
def test_only_a_listed_scope_is_asked_for(scopes: tuple[str, ...], asked: list[str]) -> None:
    endpoint = Endpoint()
    got = tokens(endpoint, *scopes).token(LOGS)
    forms = [parse_qs((request.body or b"").decode()) for request in endpoint.sent]
    assert [form["scope"][0] for form in forms] == asked
    if not asked:
        assert isinstance(got, Exchange)
        assert got.failure is not None
        assert LOGS in got.failure.detail


@pytest.mark.parametrize(
    "reply",
    [
        Reply(400, body=b'{"error": "invalid_scope"}'),
        Reply(200, body=b"<html>"),
        Reply(200, body=b"[]"),
        Reply(200, body=b'{"access_token": 7}'),
        Reply(503),
    ],
)
def test_what_brings_no_token_is_handed_back(reply: Reply) -> None:
    got = tokens(Endpoint(reply)).token(APPS)
    assert isinstance(got, Exchange)
    assert got.reply == reply


def test_token_assertion_and_key_are_hidden_wherever_they_turn_up() -> None:
    endpoint = Endpoint()
    token = tokens(endpoint).token(APPS)
    form = parse_qs((endpoint.sent[0].body or b"").decode())
    assert str(token) not in redactor.redact(f"The server said: {token}.")
    assertion = form["client_assertion"][0]
    assert assertion not in redactor.redact(assertion)


@each_case(
    "key",
    [
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
        pem(RSA, b"secret"),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(ec.generate_private_key(ec.SECP256K1())),
        json.dumps(jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True)),
        '{"kty": "RSA"}',
        "{",
        "hello",
        "é",
    ],
)
def test_a_key_that_cannot_sign_is_not_in_the_error(key: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        tokens(Endpoint(), key=key)
    assert not [run for run in key.split() if len(run) > 8 and run in str(caught.value)]
