"""The environment of a command that uses a sandbox."""

from ngrok_scim_cli.sandbox.server import Sandbox

_PREFIXES = {"scim": "NGROK_SCIM_", "admin": "NGROK_API_", "okta": "OKTA_"}


def environment_of(sandbox: Sandbox, *parts: str) -> dict[str, str]:
    """Return the variables with which a command finds ``scim``, ``admin`` and ``okta`` there."""
    prefixes = tuple(_PREFIXES[part] for part in parts or _PREFIXES)
    variables = sandbox.values.environment
    return {name: value for name, value in variables.items() if name.startswith(prefixes)}
