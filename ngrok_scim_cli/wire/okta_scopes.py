"""Which OAuth scope each read of Okta's Management API needs.

https://developer.okta.com/docs/api/oauth2/. An API token (SSWS) needs no scope: its owner needs an
administrator's role, and "Read-only Administrator" reads all of it.
"""

from urllib.parse import urlsplit

from ngrok_scim_cli.wire.exchange import Exchange

APPS = "okta.apps.read"
LOGS = "okta.logs.read"
MAPPINGS = "okta.profileMappings.read"
USERS = "okta.users.read"

ROLE = "Read-only Administrator"

TOKEN_PATH = "/oauth2/v1/token"  # noqa: S105 - where a token is asked for

READS = {
    APPS: ("/api/v1/apps", "apps and who is assigned to them"),
    LOGS: ("/api/v1/logs", "the System Log"),
    MAPPINGS: ("/api/v1/mappings", "profile mappings"),
    USERS: ("/api/v1/users", "people"),
}
"""Each scope with the path where its reads begin, and what they read, for a person."""

_FOR_A_TOKEN = "access token: "  # noqa: S105 - a purpose


def token_purpose(scope: str) -> str:
    """Return the purpose of the request for an access token with ``scope``."""
    return f"{_FOR_A_TOKEN}{scope}"


def scope_of_url(url: str) -> str:
    """Return the scope that a read needs; empty where it is none that is known."""
    path = urlsplit(url).path
    return next((scope for scope, (begin, _) in READS.items() if path.startswith(begin)), "")


def scope_of(exchange: Exchange) -> str:
    """Return the scope that a request needed, or asked a token for."""
    if exchange.purpose.startswith(_FOR_A_TOKEN):
        return exchange.purpose.removeprefix(_FOR_A_TOKEN)
    return scope_of_url(exchange.url)
